"""Time limits that are measured where a validator takes part: with it, run by run, as in a grading."""

from __future__ import annotations

import pytest

from judge.errors import InfrastructureError
from judge.model.verdict import Reason, Verdict
from judge.spec.compiler import compile_plan
from judge.testing import InProcessSandbox
from judge.units import NANOSECONDS
from tests.unit.kattis.games import BISECTION, CODEC, INTERACTOR, NUMBERS, RELAY, WORDS

SLOW = "import time\nbegan = time.process_time()\nwhile time.process_time() < began + 0.2:\n    pass\n"
ENDLESS = "import sys\nopen(sys.argv[3] + 'nextpass.in', 'w').write('encode 7')\nsys.exit(42)\n"
FINE = "limits: {time_multipliers: {ac_to_time_limit: 2}, time_resolution: 0.1}\n"


def without_limit(new_package, files, kind: str, validator: str, data):
    """A package of the version 2025-09 that states no time limit; its resolution is a tenth of a second."""
    text = files["problem.yaml"].replace("limits: {time_limit: 2}\n", FINE) + f"type: {kind}\n"
    return new_package(files | {"problem.yaml": text, "output_validator/engine.py": validator}, data)


@pytest.fixture
def numbers(new_package, versions):
    """The number to be guessed."""
    return without_limit(new_package, versions["2025-09"], "interactive", INTERACTOR, NUMBERS)


@pytest.fixture
def words(new_package, versions):
    """A number that is encoded in one pass and decoded in another."""
    return without_limit(new_package, versions["2025-09"], "multi-pass", RELAY, WORDS)


def limit_of(package) -> float:
    """The time limit of the package's plan, in seconds."""
    return package.compile().limits.cpu_ns / NANOSECONDS


def test_a_limit_follows_from_conversations(numbers):
    quick = numbers.compile().limits
    slow = numbers.write("submissions/accepted/slow.py", SLOW + BISECTION).compile().limits
    assert slow.cpu_ns >= 2 * NANOSECONDS // 5  # twice a fifth of a second
    assert quick.cpu_ns % (NANOSECONDS // 10) == 0
    assert slow.wall_ns > slow.cpu_ns


def test_a_legacy_package_has_whole_seconds(new_package, versions):
    files = {name: text for name, text in versions["legacy"].items() if name != ".timelimit"}
    files["problem.yaml"] += "validation: custom interactive\n"
    package = new_package(files | {"output_validators/engine.py": INTERACTOR}, NUMBERS)
    assert limit_of(package) == 1
    assert package.grade(BISECTION).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(("first", "second"), [("0.2", "0.1"), ("0.1", "0.2")])
def test_the_slowest_pass_counts(words, first, second):
    source = CODEC.replace("else:\n", f"else:\n{indented(SLOW.replace('0.2', second))}")
    source = source.replace('"encode":\n', f'"encode":\n{indented(SLOW.replace("0.2", first))}')
    assert limit_of(words.write("submissions/accepted/codec.py", source)) >= 0.4
    assert words.grade(CODEC).verdict is Verdict.ACCEPTED


def indented(source: str) -> str:
    return "".join(f"    {line}\n" for line in source.splitlines())


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("print(1)\n", "must be accepted, but on test sample/1 the validator says: not a guess: ''"),
        ("print('x')\n", "must be accepted, but on test sample/1 the validator says: not a guess: 'x'"),
        (BISECTION + "raise SystemExit(3)\n", "must be accepted, but on test sample/1 it ended with exit status 3"),
    ],
)
def test_who_is_not_accepted_bounds_nothing(numbers, source, message):
    error = numbers.write("submissions/accepted/bisection.py", source).error()
    assert error.message.startswith("no time limit: expected limits.time_limit, or an accepted submission")
    assert message in error.message
    numbers.write("submissions/accepted/other.py", BISECTION)
    assert limit_of(numbers) > 0  # it is passed over


def test_who_must_not_be_accepted_may_be_rejected(numbers):
    numbers.write("submissions/wrong_answer/one.py", "print(51)\nprint('x')\n")
    assert limit_of(numbers) > 0


@pytest.mark.parametrize(
    ("validator", "message"),
    [
        ("raise SystemExit(1)\n", "its validator failed: "),
        (ENDLESS, "engine.py asks for more passes than 2"),
    ],
)
def test_a_validator_that_fails_is_told(words, validator, message):
    error = words.write("output_validator/engine.py", validator).error()
    assert message in error.message
    assert "engine.py" in error.message


def test_a_fault_of_an_interactor_is_told(numbers):
    error = numbers.write("output_validator/engine.py", "raise SystemExit(1)\n").error()
    assert "on test sample/1 its validator failed: " in error.message


def test_there_must_be_a_sandbox_for_the_validator(numbers):
    with pytest.raises(InfrastructureError, match="a sandbox beside the program's"):
        compile_plan(numbers.load(), InProcessSandbox())


@pytest.mark.sandbox
def test_a_limit_is_measured_beside_a_real_interactor(grade_warm, numbers):
    careful = INTERACTOR.replace("import sys\n", f"import sys\n{SLOW.replace('0.2', '0.7')}", 1)
    numbers.write("output_validator/engine.py", careful).remove("data/secret/02.in").remove("data/secret/02.ans")
    endless = grade_warm(numbers, "print(1, flush=True)\nwhile True:\n    pass\n")
    assert (endless.verdict, endless.reason) == (Verdict.TIME_LIMIT_EXCEEDED, Reason.CPU_TIME), endless.message
    assert endless.cases[0].cpu_ns < 1.4 * NANOSECONDS  # twice what the interactor computes: that does not count
