"""The kind ``stdio`` of ``judge.yaml``: what is read, made and graded, and what is refused with its line."""

from __future__ import annotations

import pytest

from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.harness import wire
from judge.model.plan import TestPlan
from judge.model.program import Program, SourceFile
from judge.model.report import Report
from judge.model.run import Isolation
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.spec.compiler import compile_plan
from judge.spec.outputs import input_of
from judge.testing import InProcessCompanions, InProcessSandbox
from judge.twins import ManualClock, RecordingObserver
from tests.unit.grading.scripted import OnePlan
from tests.unit.spec.conftest import Package
from tests.unit.spec.kinds import remade

JUDGE = """\
judge: 1
kind: stdio
languages: [python3, c, cpp20, java17]
checker: {name: tokens, float_tolerance: 1.0e-6}
reference: {file: author/mean.py}
generator: {file: made/numbers_of.py}
tests:
  - {name: small, seed: 5, count: 2, params: {size: 4}}
"""
FILES = {
    "author/mean.py": "values = list(map(int, input().split()))\nprint(sum(values) / len(values))\n",
    "author/other.py": "",
    "made/numbers_of.py": (
        "def generate(rng, size):\n    return ' '.join(str(rng.randint(-9, 9)) for _ in range(size)) + '\\n'\n"
    ),
    "data/sample/01.in": "1 2\n",
    "data/sample/01.ans": "1.50\n",
    "data/secret/given.in": "7\n",
    "data/secret/deep/given.in": "8 9\n",
    "data/secret/deep/given.yaml": "args: [fast]\n",
    "submissions/accepted/mean.cpp": "int main() {}\n",
    "submissions/wrong_answer/sum.c": "int main(void) { return 0; }\n",
}
VALIDATOR = """\
import sys

given, answer, _, *arguments = sys.argv[1:]
found = sys.stdin.read().split()
assert arguments == ["near"], arguments
right = len(found) == 1 and abs(float(found[0]) - float(open(answer).read())) < 0.25
sys.exit(42 if right else 43)
"""
MEAN = FILES["author/mean.py"]
OFF = "values = list(map(int, input().split()))\nprint(sum(values) / len(values) + {})\n"


@pytest.fixture
def stdio(package: Package) -> Package:
    """Its programs write the mean of what they read."""
    return remade(package, JUDGE, FILES)


@pytest.fixture
def validated(stdio: Package) -> Package:
    """The same with a validator that is content with less."""
    stdio.write("judging/near.py", VALIDATOR)
    checker = "checker: {name: validator, file: judging/near.py, arguments: [near], cpu_time: 2s, memory: 256MiB}"
    return stdio.replace("judge.yaml", "checker: {name: tokens, float_tolerance: 1.0e-6}", checker)


def compiled(package: Package) -> TestPlan:
    return compile_plan(package.load(), InProcessSandbox(), lock=False)


def grade(package: Package, source: str) -> Report:
    plan = compiled(package)
    clock, observer, companions = ManualClock(), RecordingObserver(), InProcessCompanions()
    grader = Grader(InProcessSandbox(), OnePlan(plan), clock, observer, "salt", companions=companions)
    program = Program(language="python3", files=(SourceFile(path="main.py", content=source.encode()),))
    request = GradingRequest(submission_id="1", problem=plan.slug, program=program)
    return grader.grade(request, lambda event: None, Uninterrupted())


def test_what_the_package_says(stdio):
    problem = stdio.load()
    assert (problem.kind, problem.isolation, problem.entry_point) == ("stdio", Isolation.PROCESS, "")
    assert problem.languages == ("python3", "c", "cpp20", "java17")
    assert problem.reference is not None
    assert (problem.reference.function, problem.reference.line) == ("", 5)
    assert [file.path for file in problem.reference.program.files] == ["mean.py"]
    assert [example.program.language for example in problem.examples] == ["cpp20", "c"]
    assert problem.load_limits.memory_bytes >= 1 << 30  # for a compiler


def test_expected_outputs_are_the_references(stdio):
    cases = {case.name: case for case in compiled(stdio).cases}
    assert list(cases) == ["sample/01", "secret/deep/given", "secret/given", "secret/small-01", "secret/small-02"]
    assert wire.decode(cases["sample/01"].expected) == b"1.50\n"  # as it is written
    assert wire.decode(cases["secret/deep/given"].expected) == b"8.5\n"
    assert wire.decode(cases["secret/deep/given"].arguments) == {"stdin": b"8 9\n", "arguments": ["fast"], "files": {}}
    given = [int(word) for word in wire.decode(cases["secret/small-02"].arguments)["stdin"].split()]
    assert float(wire.decode(cases["secret/small-02"].expected)) == sum(given) / 4


def test_programs_are_graded_by_the_tolerance(stdio):
    assert grade(stdio, MEAN).verdict is Verdict.ACCEPTED
    assert grade(stdio, OFF.format("1e-7")).verdict is Verdict.ACCEPTED
    wrong = grade(stdio, OFF.format("1e-3"))
    assert (wrong.verdict, wrong.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE)
    assert grade(stdio, MEAN + "raise SystemExit(3)\n").reason is Reason.EXIT_STATUS
    assert grade(stdio, "print(1.5, 1)\n").reason is Reason.WRONG_SHAPE


@pytest.mark.parametrize(("checker", "accepted"), [("tokens", True), ("lines", False), ("exact", False)])
def test_text_is_compared_by_the_checker_of_its_name(stdio, checker, accepted):
    stdio.replace("judge.yaml", "{name: tokens, float_tolerance: 1.0e-6}", checker)
    stdio.write("author/mean.py", "print('Ähm', input().split()[0], sep='\\n')\n").remove("data/sample/01.ans")
    assert grade(stdio, "print('Ähm\\n' + input().split()[0])\n").verdict is Verdict.ACCEPTED
    assert (grade(stdio, "print('Ähm', input().split()[0])\n").verdict is Verdict.ACCEPTED) is accepted
    assert grade(stdio, "print('ähm\\n' + input().split()[0])\n").verdict is Verdict.WRONG_ANSWER


def test_without_a_checker_tokens_are_compared(stdio):
    stdio.replace("judge.yaml", "checker: {name: tokens, float_tolerance: 1.0e-6}\n", "").remove("data/sample/01.ans")
    assert stdio.load().checker.name == "tokens"
    assert grade(stdio, MEAN).verdict is Verdict.ACCEPTED


def test_a_validator_judges(validated):
    problem = validated.load()
    assert (problem.checker.name, problem.validator_arguments) == ("validator", ("near",))
    assert problem.companion_bytes == (256 + 128) << 20
    assert grade(validated, OFF.format("0.2")).verdict is Verdict.ACCEPTED
    assert grade(validated, OFF.format("0.3")).verdict is Verdict.WRONG_ANSWER


def test_an_answer_file_beside_a_reference_must_agree_with_it(stdio, validated):
    stdio.write("data/sample/01.ans", "1.4\n")
    assert grade(validated, MEAN).verdict is Verdict.ACCEPTED  # near enough for the validator
    stdio.write("data/sample/01.ans", "1.2\n")
    error = validated.compile_error()
    assert "the reference's answer" in error.message
    assert error.file is not None
    assert error.file.endswith("data/sample/01.ans")


def test_a_validator_that_refuses_the_reference_is_told(validated):
    validated.replace("judging/near.py", "42 if right else 43", "43")
    assert "the checker refuses it as an answer" in validated.remove("data/sample/01.ans").compile_error().message


def test_the_checker_can_be_the_authors_function(stdio):
    stdio.write(
        "judging/by.py", "def check(arguments, expected, answer):\n    return answer.split()[:1] == expected.split()\n"
    )
    stdio.replace("judge.yaml", "{name: tokens, float_tolerance: 1.0e-6}", "{name: custom, file: judging/by.py}")
    stdio.remove("data/sample/01.ans")
    assert grade(stdio, MEAN + "print('more')\n").verdict is Verdict.ACCEPTED
    assert grade(stdio, "print('more')\n").verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a\n", {"stdin": b"a\n", "arguments": [], "files": {}}),
        (b"\xff", {"stdin": b"\xff", "arguments": [], "files": {}}),
        (
            {"arguments": ["x"], "files": {"t": "é"}},
            {"stdin": b"", "arguments": ["x"], "files": {"t": "é".encode()}},
        ),
        (7, 7),
    ],
)
def test_what_a_generator_may_give(value, found):
    assert input_of(value) == found


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return 7", "must return a mapping of arguments, found 7"),
        ("return {'input': ''}", "unknown parameter 'input'"),
        ("return {'stdin': 7}", "stdin: expected bytes"),
        ("return {'files': {'a': 7}}", "files"),
    ],
)
def test_what_it_may_not(stdio, body, message):
    error = stdio.write("made/numbers_of.py", f"def generate(rng, size):\n    {body}\n").compile_error()
    assert message in error.message
    assert error.line == 8


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import sys\nsys.exit('no numbers')\n", "author/mean.py"),
        ("print(1 / 0)\n", "ZeroDivisionError"),
        ("print(\n", "author/mean.py"),
    ],
)
def test_a_reference_must_end_well(stdio, source, message):
    error = stdio.write("author/mean.py", source).compile_error()
    assert message in error.message
    assert error.file is not None


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("author/mean.py", "author/median.py", 5, "there is no file"),
        ("author/mean.py", "author/mean.rs", 5, "expected a program (.py, .c, .cpp, .cc, .java)"),
        ("{file: author/mean.py}", "{file: author/mean.py, function: f}", 5, "unknown key 'reference.function'"),
        ("float_tolerance", "float_tol", 4, "has no parameter 'float_tol'"),
        ("{name: tokens, float_tolerance: 1.0e-6}", "array", 4, "checker 'array'"),
        ("{name: tokens, float_tolerance: 1.0e-6}", "output", 4, "expected one that compares with an output"),
        ("{name: tokens, float_tolerance: 1.0e-6}", "validator", 4, "checker.file: expected the validator's file"),
        ("{name: tokens, float_tolerance: 1.0e-6}", "{name: validator, files: a}", 4, "did you mean 'file'"),
        (
            "{name: tokens, float_tolerance: 1.0e-6}",
            "{name: validator, file: author/other.py, memory: much}",
            4,
            "memory",
        ),
        ("[python3, c, cpp20, java17]", "[python3, sqlite]", 3, "unknown languages"),
        ("[python3, c, cpp20, java17]", "[python3, c]", 3, "found one in cpp20"),
        ("kind: stdio\n", "kind: stdio\nentry_point: main\n", 3, "unknown key 'entry_point'"),
        ("reference: {file: author/mean.py}\n", "", 6, "generated tests need a reference"),
    ],
)
def test_what_is_wrong_with_the_file(stdio, old, new, line, message):
    error = stdio.replace("judge.yaml", old, new).error()
    assert message in error.message
    assert error.line == line


def test_a_validators_arguments_stand_in_judge_yaml(stdio):
    error = stdio.write("data/secret/test_group.yaml", "output_validator_args: [a]\n").error()
    assert "expected them in judge.yaml" in error.message


def test_a_function_cannot_be_written_in_c(package):
    package.replace("judge.yaml", "checker:\n", "languages: [c]\nchecker:\n")
    assert "unknown languages" in package.error().message


def test_pypy_is_a_language_of_programs_where_it_is_named(stdio):
    stdio.replace("judge.yaml", "[python3, c, cpp20, java17]", "[python3, pypy3, c, cpp20]")
    stdio.write("submissions/accepted/sum.py", MEAN).write("submissions/accepted/other.py", MEAN)
    stdio.write("submissions/submissions.yaml", "accepted/sum.py: {language: pypy3}\n")
    problem = stdio.load()
    languages = {example.path.rpartition("/")[2]: example.program.language for example in problem.examples}
    assert languages == {"other.py": "python3", "sum.py": "pypy3", "mean.cpp": "cpp20", "sum.c": "c"}
    assert problem.reference.program.language == "python3"
