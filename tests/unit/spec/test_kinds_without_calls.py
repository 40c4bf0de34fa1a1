"""The kinds ``interactive`` and ``answer`` of ``judge.yaml``: what is read, and what is refused with its line."""

from __future__ import annotations

import pytest

from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.model.run import Isolation
from judge.model.verdict import Verdict
from judge.ports import GradingRequest
from judge.spec.compiler import compile_plan
from judge.testing import InProcessCompanions, InProcessSandbox
from judge.twins import ManualClock, RecordingObserver
from tests.unit.grading.scripted import OnePlan
from tests.unit.spec.conftest import Package
from tests.unit.spec.kinds import remade

INTERACTIVE = """\
judge: 1
kind: interactive
interactor: {file: author/referee.py, arguments: [strict], cpu_time: 3s, memory: 64MiB}
"""
INTERACTIVE_FILES = {
    "author/referee.py": "import sys, helper\nsys.exit(42)\n",
    "author/helper.py": "x = 1\n",
    "data/sample/01.in": "5\n",
    "data/sample/01.interaction": "< 5\n> 5\n",
    "data/secret/02.in": "7\n",
    "data/secret/02.ans": "8\n",
}
ANSWER = """\
judge: 1
kind: answer
signature: {parameters: {n: int}, returns: "dict[str, list[bytes]]"}
checker: exact
"""
ANSWER_FILES = {
    "data/sample/01.in": '{"n": 1}\n',
    "data/sample/01.ans": '{"a": ["AAE="]}\n',
    "data/secret/02.in": '{"n": 2}\n',
    "data/secret/02.ans": '{"b": []}\n',
    "submissions/accepted/all/01.json": '{"a": ["AAE="]}\n',
    "submissions/accepted/all/02.json": '{"b": []}\n',
}


@pytest.fixture
def interactive(package: Package) -> Package:
    """Its interactor accepts anybody who is told that it is strict."""
    return remade(package, INTERACTIVE, INTERACTIVE_FILES).replace(
        "problem.yaml", "license: cc by\n", "license: cc by\ntype: interactive\n"
    )


@pytest.fixture
def answer(package: Package) -> Package:
    """Its answers have a type."""
    return remade(package, ANSWER, ANSWER_FILES).replace(
        "problem.yaml", "license: cc by\n", "license: cc by\ntype: submit-answer\n"
    )


def grade(package: Package, language: str, files: dict[str, str]) -> Report:
    """The report on these files."""
    plan = compile_plan(package.load(), InProcessSandbox(), lock=False)
    clock, observer, companions = ManualClock(), RecordingObserver(), InProcessCompanions()
    grader = Grader(InProcessSandbox(), OnePlan(plan), clock, observer, "salt", companions=companions)
    sources = tuple(SourceFile(path=name, content=text.encode()) for name, text in files.items())
    request = GradingRequest(submission_id="1", problem=plan.slug, program=Program(language=language, files=sources))
    return grader.grade(request, lambda event: None, Uninterrupted())


def test_an_interactor_and_its_files_and_arguments(interactive):
    problem = interactive.load()
    assert (problem.kind, problem.isolation, problem.languages) == ("interactive", Isolation.PROCESS, ("python3",))
    author = problem.checker.author
    assert author is not None
    assert (author.file, author.key, author.line) == ("author/referee.py", "interactor", 3)
    assert [file.path for file in author.program.files[2:]][:2] == ["referee.py", "helper.py"]
    assert (problem.checker.parameters["cpu_time"], problem.companion_bytes) == ("3s", (64 + 128) << 20)
    assert [(case.name, case.answer) for case in problem.written] == [
        ("sample/01", (b"", ["strict"], "")),
        ("secret/02", (b"8\n", ["strict"], "")),
    ]


def test_programs_of_every_compiled_language_may_speak_with_it(interactive):
    interactive.replace("judge.yaml", "kind: interactive\n", "kind: interactive\nlanguages: [c, cpp20, java17]\n")
    interactive.write("submissions/accepted/strict.c", "int main(void) { return 0; }\n")
    problem = interactive.load()
    assert [example.program.language for example in problem.examples] == ["c"]
    assert problem.load_limits.memory_bytes >= 1 << 30  # for a compiler


def test_an_interactor_speaks_with_the_program(interactive):
    interactive.write("author/referee.py", "import sys\nsys.exit(42 if input() == sys.argv[4] else 43)\n")
    assert grade(interactive, "python3", {"main.py": "print('strict')\n"}).verdict is Verdict.ACCEPTED
    assert grade(interactive, "python3", {"main.py": "print('lax')\n"}).verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("interactor: {file: author/referee.py", "interactor: {file: author/judge.py", 3, "there is no file"),
        ("interactor: {file: author/referee.py", "interactor: {file: author/referee.cpp", 3, "expected a Python file"),
        ("cpu_time: 3s", "cpu_time: 3h", 3, "interactor.cpu_time"),
        ("memory: 64MiB", "memory: 1KiB", 3, "interactor.memory: expected 16MiB to 8GiB"),
        ("cpu_time: 3s", "time: 3s", 3, "unknown key 'interactor.time'"),
        ("kind: interactive\n", "kind: interactive\nchecker: exact\n", 3, "unknown key 'checker'"),
        ("kind: interactive\n", "kind: interactive\nlanguages: [sqlite]\n", 3, "languages"),
        ("kind: interactive\n", "kind: interactive\nlanguages: []\n", 3, "expected one or more"),
        ("judge: 1", "judge: 2", 1, "expected the version 1, found 2"),
    ],
)
def test_what_is_wrong_with_an_interactive_package(interactive, old, new, line, message):
    error = interactive.replace("judge.yaml", old, new).error()
    assert message in error.message
    assert error.line == line


def test_an_interactive_package_needs_a_secret_test(interactive):
    interactive.remove("data/secret/02.in").remove("data/secret/02.ans")
    assert "one of them secret" in interactive.error().message


def test_the_type_of_the_package_must_agree(interactive):
    error = interactive.replace("problem.yaml", "type: interactive", "type: submit-answer").error()
    assert error.message == "type: expected 'interactive' for the kind 'interactive' in judge.yaml, found submit-answer"


def test_the_type_of_an_answer_too(answer):
    error = answer.replace("problem.yaml", "type: submit-answer\n", "").error()
    assert error.message == "type: expected 'submit-answer' for the kind 'answer' in judge.yaml, found pass-fail"


def test_an_answer_is_written_as_in_tests(answer):
    right = {"01.json": '{"a": ["AAE="]}', "02.json": '{"b": []}'}
    assert grade(answer, "answer", right).verdict is Verdict.ACCEPTED
    marked = grade(answer, "answer", right | {"02.json": '\ufeff{"b": []}\r\n'})  # as some editors write it
    assert marked.verdict is Verdict.ACCEPTED
    wrong = grade(answer, "answer", right | {"02.json": '{"b": [""]}'})
    assert (wrong.verdict, wrong.message[:10]) == (Verdict.WRONG_ANSWER, "secret/02:")


def test_an_answer_that_is_missing_is_asked_for_by_the_name_of_a_json_file(answer):
    right = {"01.json": '{"a": ["AAE="]}'}
    assert grade(answer, "answer", right).message == "secret/02: expected a file secret/02.json, found none"
    more = grade(answer, "answer", right | {"03.json": "1"})
    assert more.message == "the file '03.json' belongs to no test: expected sample/01.json, secret/02.json"


@pytest.mark.parametrize(
    ("text", "reason", "message"),
    [
        ("{", "wrong_type", "line 1: not valid JSON"),
        ('\n{"b": [], "b": []}', "wrong_type", "line 2: not valid JSON"),
        ("[1]", "wrong_type", "dict[str, list[bytes]]"),
        ('{"b": ["%"]}', "wrong_type", "text in base64"),
        ("[" * 100_000, "wrong_type", "not valid JSON"),
        ("\ud800", "wrong_type", "utf-8"),
    ],
)
def test_an_answer_that_has_no_value(answer, text, reason, message):
    plan = compile_plan(answer.load(), InProcessSandbox(), lock=False)
    grader = Grader(InProcessSandbox(), OnePlan(plan), ManualClock(), RecordingObserver(), "salt")
    contents = {"01.json": b'{"a": ["AAE="]}', "02.json": text.encode("utf-8", "surrogatepass")}
    files = tuple(SourceFile(path=name, content=content) for name, content in contents.items())
    request = GradingRequest(submission_id="1", problem=plan.slug, program=Program(language="answer", files=files))
    report = grader.grade(request, lambda event: None, Uninterrupted())
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, reason), report.message
    assert message in report.message


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("isolation: submission", "isolation: a submission of kind 'answer' is not run"),
        ("languages: [python3]", "languages: expected 'answer'"),
        ("starters: {answer: author/solution.py}", "starters: a submission of kind 'answer' is not run"),
        ("integer_bits: 128", "integer_bits: a submission of kind 'answer' is not run"),
    ],
)
def test_keys_of_programs_are_refused(answer, key, message):
    error = answer.replace("judge.yaml", "checker: exact\n", f"checker: exact\n{key}\n").error()
    assert message in error.message
    assert error.line == 5


def test_a_checker_of_many_calls_is_refused(answer):
    answer.replace(
        "judge.yaml",
        'parameters: {n: int}, returns: "dict[str, list[bytes]]"',
        "parameters: {seed: int}, returns: float",
    )
    answer.replace("judge.yaml", "checker: exact", "checker: {name: continuous, calls: 100}")
    assert "judges many calls" in answer.error().message
