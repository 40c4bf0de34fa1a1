"""Interactive problems: who failed is decided right, by real programs in real boxes."""

from __future__ import annotations

import pytest

from judge.model.verdict import Reason, Verdict
from tests.unit.kattis.games import BISECTION, COMPILED_BISECTION, COMPILED_INTERACTOR, INTERACTOR, NUMBERS


@pytest.fixture(params=["legacy", "2025-09"])
def numbers(request, new_package, versions):
    """The number to be guessed, in both places where an interactor can be declared."""
    files = dict(versions[request.param])
    legacy = request.param == "legacy"
    files["problem.yaml"] += "validation: custom interactive\n" if legacy else "type: interactive\n"
    directory = "output_validators" if legacy else "output_validator"
    return new_package(files | {f"{directory}/engine.py": INTERACTOR}, NUMBERS)


def with_interactor(package, source: str):
    """The package with another interactor."""
    directory = "output_validators" if (package.root / "output_validators").exists() else "output_validator"
    return package.write(f"{directory}/engine.py", source)


def test_the_problem_says_what_it_is(numbers):
    problem = numbers.load()
    assert (problem.kind, problem.passes) == ("interactive", 1)


def test_a_program_in_memory(numbers):
    assert numbers.grade(BISECTION).verdict is Verdict.ACCEPTED
    stubborn = numbers.grade("while True:\n    print(51, flush=True)\n    input()\n")
    assert (stubborn.verdict, stubborn.message) == (Verdict.WRONG_ANSWER, "sample/1: too many guesses")
    failing = numbers.grade("print(51)\ninput()\nraise SystemExit(3)\n")
    assert (failing.verdict, failing.reason) == (Verdict.RUNTIME_ERROR, Reason.EXIT_STATUS)
    broken = with_interactor(numbers, "raise SystemExit(1)\n").grade(BISECTION)
    assert (broken.verdict, broken.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert "engine.py did not judge" in broken.message


@pytest.mark.sandbox
def test_a_program_that_finds_the_number(grade_for_real, numbers):
    report = grade_for_real(numbers, BISECTION)
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert report.cases[0].evidence["transcript"] == "> 50\n< right"
    assert report.cases[0].stdout.data == b"50\n"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("source", "verdict", "reason", "message"),
    [
        ("for n in range(1, 101):\n    print(n, flush=True)\n    input()\n", "WRONG_ANSWER", "wrong_value", "too many"),
        ("print('x', flush=True)\n", "WRONG_ANSWER", "wrong_value", "not a guess: 'x'"),
        ("", "WRONG_ANSWER", "wrong_value", "not a guess: ''"),
        ("print('x', flush=True)\nraise SystemExit(input())\n", "WRONG_ANSWER", "wrong_value", "not a guess"),
        ("print('x', flush=True)\nwhile True:\n    pass\n", "WRONG_ANSWER", "wrong_value", "not a guess"),
        ("raise SystemExit(3)\n", "RUNTIME_ERROR", "exit_status", "status 3"),
        ("print(7, flush=True)\ninput()\nint('x')\n", "RUNTIME_ERROR", "exit_status", "status 1"),
        ("import os\nprint(7, flush=True)\nos.abort()\n", "RUNTIME_ERROR", "signal", "SIGABRT"),
        (BISECTION + "raise SystemExit(1)\n", "RUNTIME_ERROR", "exit_status", "status 1"),
        (BISECTION + "while True:\n    pass\n", "TIME_LIMIT_EXCEEDED", "cpu_time", "300 ms"),
        (BISECTION + "while True:\n    print('x' * 10_000)\n", "OUTPUT_LIMIT_EXCEEDED", "output_size", "1 MiB"),
        ("x = bytearray(300 << 20)\nx[::4096] = b'x' * len(x[::4096])\n", "MEMORY_LIMIT_EXCEEDED", None, "memory"),
        ("print(\n", "COMPILE_ERROR", "syntax", ""),
    ],
)
def test_who_failed(grade_warm, current_numbers, source, verdict, reason, message):
    report = grade_warm(current_numbers, source)
    assert (report.verdict, report.reason or None) == (verdict, reason or report.reason), report.message
    assert message in report.message


@pytest.fixture
def current_numbers(new_package, versions):
    """The number to be guessed, in the version 2025-09, with small limits."""
    files = dict(versions["2025-09"])
    small = files["problem.yaml"].replace("time_limit: 2", "time_limit: 0.3, memory: 64, output: 1, validation_time: 1")
    files["problem.yaml"] = small + "type: interactive\n"
    return new_package(files | {"output_validator/engine.py": INTERACTOR}, NUMBERS)


@pytest.mark.sandbox
def test_two_that_wait_for_each_other(grade_warm, current_numbers):
    report = grade_warm(current_numbers, "import sys\nprint(50)\nsys.stdin.readline()\n")  # it is not flushed
    assert (report.verdict, report.reason) == (Verdict.TIME_LIMIT_EXCEEDED, Reason.IDLE)
    assert "waited for each other" in report.message


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("interactor", "message"),
    [
        ("", "engine.py did not judge"),
        ("raise SystemExit(0)\n", "engine.py did not judge"),
        ("1 / 0\n", "engine.py did not judge"),
        ("import os\nos.abort()\n", "engine.py did not judge"),
        ("input()\ninput()\n", "engine.py did not judge"),
        ("import sys\nopen(sys.argv[3] + 'score.txt', 'w').write('3')\nsys.exit(42)\n", "engine.py did not judge"),
        ("import sys\nopen(sys.argv[3] + 'nextpass.in', 'w')\nsys.exit(43)\n", "engine.py did not judge"),
        ("import sys\nopen(sys.argv[3] + 'nextpass.in', 'w')\nsys.exit(42)\n", "engine.py asks for another pass"),
        ("while True:\n    pass\n", "engine.py exceeded the CPU limit of 1 s"),
        ("while True:\n    print('x' * 100_000)\n", "engine.py exceeded the output limit of 64 MiB"),
        ("def f(:\n", "engine.py did not judge"),
    ],
)
def test_an_interactor_that_does_not_judge_is_a_fault_of_the_package(grade_warm, current_numbers, interactor, message):
    package = with_interactor(current_numbers, interactor)
    report = grade_warm(package, "print(50)\n")
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER), report.message
    assert message in report.message


@pytest.mark.sandbox
def test_an_interactor_in_cpp(grade_for_real, new_package, versions):
    files = dict(versions["2025-09"])
    files["problem.yaml"] += "type: interactive\n"
    package = new_package(files | {"output_validator/engine.cpp": COMPILED_INTERACTOR}, NUMBERS)
    report = grade_for_real(package, BISECTION)
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert report.cases[0].evidence["transcript"] == "> 50\n< right"
    wrong = grade_for_real(package, "for n in range(1, 101):\n    print(n, flush=True)\n    input()\n")
    assert (wrong.verdict, wrong.message) == (Verdict.WRONG_ANSWER, "sample/1: too many guesses")
    failing = grade_for_real(package, "print(7, flush=True)\ninput()\nint('x')\n")
    assert (failing.verdict, failing.reason) == (Verdict.RUNTIME_ERROR, Reason.EXIT_STATUS)
    assert grade_for_real(package, COMPILED_BISECTION, "cpp20").verdict is Verdict.ACCEPTED
    broken = package.write("output_validator/engine.cpp", "int main() { return 0; }\n")
    report = grade_for_real(broken, BISECTION)
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert "engine.cpp did not judge" in report.message


@pytest.mark.sandbox
def test_an_interactor_that_ends_as_testlib_does(grade_warm, new_package, versions):
    files = dict(versions["2025-09"])
    files["problem.yaml"] += "type: interactive\n"
    engine = COMPILED_INTERACTOR.replace("return 42;", "return 0;").replace("return 43;", "return 1;")
    files |= {"output_validator/engine.cpp": '#include "testlib.h"\n' + engine, "output_validator/testlib.h": "\n"}
    package = new_package(files, NUMBERS)
    assert grade_warm(package, BISECTION).verdict is Verdict.ACCEPTED
    wrong = grade_warm(package, "for n in range(1, 101):\n    print(n, flush=True)\n    input()\n")
    assert wrong.verdict is Verdict.WRONG_ANSWER
    package.write("output_validator/engine.cpp", '#include "testlib.h"\nint main() { return 3; }\n')
    assert grade_warm(package, BISECTION).verdict is Verdict.JUDGE_ERROR


@pytest.mark.sandbox
def test_an_interactor_that_gives_points_as_testlib_does(grade_warm, new_package, versions):
    """The program, which still reads when the interactor has ended, is not stopped as one that was rejected."""
    files = dict(versions["2025-09"])
    files["problem.yaml"] += "type: [interactive, scoring]\n"
    files["data/secret/test_group.yaml"] = "score_aggregation: min\n"
    engine = '#include <iostream>\nint main() { std::cout << 1 << std::endl; std::cerr << "points 25\\n"; return 7; }\n'
    files |= {"output_validator/engine.cpp": '#include "testlib.h"\n' + engine, "output_validator/testlib.h": "\n"}
    report = grade_warm(new_package(files, NUMBERS), "import sys\nprint(len(sys.stdin.read()))\n")
    assert (report.verdict, report.message) == (Verdict.ACCEPTED, "25 of 100 points")


@pytest.mark.sandbox
def test_an_interactor_that_does_not_read_is_at_fault(grade_warm, current_numbers):
    package = with_interactor(current_numbers, "import time\ntime.sleep(60)\n")
    report = grade_warm(package, BISECTION)
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert "engine.py left 3 bytes unread" in report.message


@pytest.mark.sandbox
def test_arguments_reach_the_interactor(grade_warm, current_numbers):
    current_numbers.write("data/secret/02.yaml", "output_validator_args: ['3']\n")
    report = grade_warm(current_numbers, BISECTION)
    assert (report.verdict, report.message) == (Verdict.WRONG_ANSWER, "secret/02: too many guesses")


def test_an_interactive_problem_needs_an_interactor(new_package, versions):
    files = dict(versions["2025-09"])
    files["problem.yaml"] += "type: interactive\n"
    assert "an interactive problem needs a validator" in new_package(files, NUMBERS).error().message
