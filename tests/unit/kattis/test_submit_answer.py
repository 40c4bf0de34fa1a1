"""Submit-answer problems: a submission is a file for each test, and nothing is run."""

from __future__ import annotations

import pytest

from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.model.program import Program, SourceFile
from judge.model.verdict import Verdict
from judge.ports import GradingRequest
from judge.scheduling.clock import SystemClock
from judge.testing import InProcessCompanions, InProcessSandbox
from judge.twins import RecordingObserver
from tests.unit.kattis.conftest import DATA, _OnePlan

RIGHT = {"sample/1.out": "3\n", "secret/01.out": "30\n", "secret/02.out": "-10"}
# The output validator of another package: any number of the right parity.
PARITY = """\
import sys
wanted = int(open(sys.argv[2]).read())
sys.exit(42 if (int(sys.stdin.read()) - wanted) % 2 == 0 else 43)
"""


class NoBoxes(InProcessSandbox):
    """A sandbox in which nothing may be opened."""

    def open(self, spec):
        raise AssertionError("a box was opened")


@pytest.fixture
def answers(new_package, versions):
    """The sums, whose answers are handed in; no time limit is needed."""
    files = dict(versions["2025-09"])
    files["problem.yaml"] = files["problem.yaml"].replace("limits: {time_limit: 2}\n", "type: submit-answer\n")
    data = {name: content for name, content in DATA.items() if not name.startswith("submissions")}
    return new_package(files, data | {f"submissions/accepted/all/{name}": text for name, text in RIGHT.items()})


def grade(package, files: dict[str, str], sandbox: InProcessSandbox | None = None):
    """The report on these files."""
    plan = package.compile()
    parts = {"companions": InProcessCompanions()}
    grader = Grader(sandbox or NoBoxes(), _OnePlan(plan), SystemClock(), RecordingObserver(), "salt", **parts)
    sources = tuple(SourceFile(path=name, content=text.encode()) for name, text in files.items())
    request = GradingRequest(submission_id="1", problem=plan.slug, program=Program(language="answer", files=sources))
    return grader.grade(request, lambda event: None, Uninterrupted())


def test_each_file_is_judged_and_nothing_is_run(answers):
    report = grade(answers, RIGHT)
    assert (report.verdict, report.score, report.toolchain) == (Verdict.ACCEPTED, 1, "answers, taken as they are")
    assert [case.name for case in report.cases] == ["sample/1", "secret/01", "secret/02"]
    assert report.total_cpu_ns == 0


def test_the_name_of_a_group_may_be_left_out_and_the_ending_is_one_of_several(answers):
    assert grade(answers, {"1.ans": "3", "01.txt": "30", "secret/02": "-10"}).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("changed", "verdict", "reason", "message"),
    [
        ({"secret/01.out": "31"}, "WRONG_ANSWER", "wrong_value", "secret/01: "),
        ({"secret/01.out": ""}, "WRONG_ANSWER", "wrong_shape", "secret/01: "),
        ({"secret/01.out": None}, "RUNTIME_ERROR", "no_answer", "expected a file secret/01.out, found none"),
        ({"secret/03.out": "1"}, "COMPILE_ERROR", "entry_point", "the file 'secret/03.out' belongs to no test"),
        ({"01.ans": "30"}, "COMPILE_ERROR", "entry_point", "'01.ans' is a second answer to the test secret/01"),
        ({"secret/01.out": "30" + " " * 200_000}, "COMPILE_ERROR", "source_size", "at most 128 KiB"),
    ],
)
def test_what_is_wrong_with_a_submission(answers, changed, verdict, reason, message):
    files = {name: text for name, text in (RIGHT | changed).items() if text is not None}
    report = grade(answers, files)
    assert (report.verdict, report.reason) == (verdict, reason), report.message
    assert message in report.message


def test_the_answers_of_tests_after_one_that_is_wrong_are_not_judged(answers):
    report = grade(answers, RIGHT | {"sample/1.out": "4"})
    assert [case.verdict for case in report.cases] == [Verdict.WRONG_ANSWER, Verdict.SKIPPED, Verdict.SKIPPED]


def test_a_name_that_two_groups_have_needs_the_group(answers):
    answers.write("data/secret/1.in", "5 5\n").write("data/secret/1.ans", "10\n")
    report = grade(answers, {"1.out": "3", **RIGHT})
    assert (report.verdict, report.reason) == (Verdict.COMPILE_ERROR, "entry_point")
    assert grade(answers, RIGHT | {"secret/1.out": "10"}).verdict is Verdict.ACCEPTED


def test_one_file_is_enough_for_one_test(answers):
    for name in ("data/sample/1", "data/secret/01"):
        answers.remove(f"{name}.in").remove(f"{name}.ans")
    assert grade(answers, {"anything.dat": "-10"}).verdict is Verdict.ACCEPTED


def test_a_program_is_not_an_answer(answers):
    problem = answers.load()
    assert (problem.kind, problem.languages, problem.starters) == ("answer", ("answer",), {})
    assert [example.path for example in problem.examples] == ["submissions/accepted/all"]
    assert [file.path for file in problem.examples[0].program.files] == list(RIGHT)


def test_programs_that_print_answers_are_left_out(answers):
    answers.write("submissions/accepted/print.py", "print(3)\n").write("submissions/accepted/two/1.py", "print(3)\n")
    assert [example.path for example in answers.load().examples] == ["submissions/accepted/all"]


def test_a_custom_validator_judges_them(answers):
    answers.write("output_validator/parity.py", PARITY)
    assert grade(answers, RIGHT | {"secret/01.out": "34"}).verdict is Verdict.ACCEPTED
    assert grade(answers, RIGHT | {"secret/01.out": "33"}).verdict is Verdict.WRONG_ANSWER
