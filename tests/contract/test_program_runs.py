"""The contract of isolation "process": a program is run from its beginning, on its standard streams."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from judge.app.slots import open_sandbox
from judge.config import Settings
from judge.grading.classify import classify
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Killer, Limits, RunOutcome
from judge.ports import BoxSpec, Call, Sandbox
from judge.testing import InProcessSandbox
from judge.twins import RecordingObserver

LIMITS = Limits(cpu_ns=2_000_000_000, wall_ns=20_000_000_000, memory_bytes=256 << 20, output_bytes=300_000)


def real_sandbox(path: str) -> Iterator[Sandbox]:
    settings = Settings(salt="tests", uid_base=64_000)
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (settings.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {settings.runtime_root} (make runtime)")
    with open_sandbox(settings, RecordingObserver(), path=path) as opened:
        yield opened


REAL = [pytest.param("cold", marks=pytest.mark.sandbox), pytest.param("warm", marks=pytest.mark.sandbox)]


@pytest.fixture(scope="module", params=["twin", *REAL])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Each adapter in turn."""
    if request.param == "twin":
        yield InProcessSandbox()
    else:
        yield from real_sandbox(request.param)


@pytest.fixture(scope="module", params=REAL)
def jail(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """The adapters that isolate."""
    yield from real_sandbox(request.param)


def run(sandbox: Sandbox, source: str, *arguments: str, stdin: bytes = b"", **changes: object) -> RunOutcome:
    """The outcome of one run of a program."""
    spec = BoxSpec(
        program=Program(language="python3", files=(SourceFile(path="solution.py", content=source.encode()),)),
        entry_point="",
        isolation=Isolation.PROCESS,
        load_limits=LIMITS,
        stdin=stdin,
        files=changes.pop("files", {}),
    )
    with sandbox.open(spec) as box:
        outcome = box.load()
        if outcome.loaded:
            outcome = box.call(Call(arguments=wire.encode(list(arguments)), limits=replace(LIMITS, **changes)))
            assert not box.alive
        return outcome


def output_of(outcome: RunOutcome) -> bytes:
    """What was written; the run must have ended well."""
    assert classify(outcome, LIMITS) is None, outcome
    return wire.decode(outcome.answer)


def reason_of(outcome: RunOutcome, limits: Limits = LIMITS) -> str | None:
    failure = classify(outcome, limits)
    return failure and f"{failure.verdict}/{failure.reason}"


def test_input_arguments_and_files_are_there(sandbox):
    source = """
import os, sys
if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "table.txt")) as table:
        print(sum(map(int, sys.stdin.read().split())), sys.argv[1:], table.read())
"""
    outcome = run(sandbox, source, "a", "b c", stdin=b"1 2\n3\n" * 20_000, files={"table.txt": b"seven"})
    assert output_of(outcome) == b"120000 ['a', 'b c'] seven\n"
    assert (outcome.exit_code, outcome.signal, outcome.raised) == (0, None, None)


def test_no_input_is_the_end_of_the_file(sandbox):
    assert output_of(run(sandbox, "import sys\nprint(repr(sys.stdin.read()))\n")) == b"''\n"


def test_nothing_runs_before_the_call(sandbox):
    outcome = run(sandbox, "print('x')\ndef f(:\n")
    assert reason_of(outcome) == "COMPILE_ERROR/syntax"
    assert outcome.stdout.data == b""


@pytest.mark.parametrize(
    ("source", "status"),
    [("import sys; sys.exit(3)", 3), ("import sys; sys.exit('bye')", 1), ("raise ValueError('odd')", 1), ("1 / 0", 1)],
)
def test_any_other_status_is_a_runtime_error(sandbox, source, status):
    outcome = run(sandbox, f"print('right')\n{source}\n")
    assert (outcome.exit_code, outcome.answer) == (status, None)
    assert reason_of(outcome) == "RUNTIME_ERROR/exit_status"


@pytest.mark.parametrize("call", ["exit(4)", "quit(4)", "sys.exit(4)", "raise SystemExit(4)"])
def test_all_ways_to_leave_are_there(jail, call):
    assert run(jail, f"import sys\n{call}\n").exit_code == 4


def test_leaving_with_status_0_is_an_answer(sandbox):
    assert output_of(run(sandbox, "import sys\nprint(7)\nsys.exit()\nprint(8)\n")) == b"7\n"


def test_a_long_output_is_whole_and_the_report_shows_its_beginning(sandbox):
    outcome = run(sandbox, "print('ab' * 100_000)\n")
    assert output_of(outcome) == b"ab" * 100_000 + b"\n"
    assert (len(outcome.stdout.data), outcome.stdout.total_bytes) == (65_536, 200_001)


def test_an_output_beyond_the_limit_is_no_answer(sandbox):
    outcome = run(sandbox, "print('ab' * 200_000)\n")
    assert outcome.answer is None
    assert reason_of(outcome) == "OUTPUT_LIMIT_EXCEEDED/output_size"


def test_a_loop_is_stopped(sandbox):
    outcome = run(sandbox, "while True:\n    pass\n", cpu_ns=200_000_000)
    assert (outcome.killer, outcome.answer) == (Killer.CPU, None)


def test_the_traceback_begins_with_the_program(jail):
    outcome = run(jail, "def f():\n    return [][1]\n\nf()\n")
    assert outcome.stderr.data.startswith(
        b'Traceback (most recent call last):\n  File "solution.py", line 4, in <module>'
    )
    assert b"IndexError: list index out of range" in outcome.stderr.data
    assert b"script.py" not in outcome.stderr.data


def test_bytes_are_passed_as_they_are(jail):
    data = bytes(range(256)) * 100
    source = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())\n"
    assert output_of(run(jail, source, stdin=data)) == data


def test_threads_are_waited_for_and_exit_functions_called(jail):
    source = (
        "import atexit, threading\natexit.register(print, 'last')\nthreading.Thread(target=print, args=(1,)).start()\n"
    )
    assert output_of(run(jail, source)) == b"1\nlast\n"


def test_children_that_stay_behind_are_not_waited_for(jail):
    source = "import os, time\nif os.fork() == 0:\n    time.sleep(60)\nelse:\n    print('parent')\n"
    assert output_of(run(jail, source)) == b"parent\n"


def test_a_signal_is_told(jail):
    outcome = run(jail, "import os\nprint(1, flush=True)\nos.abort()\n")
    assert (outcome.signal, outcome.answer) == (6, None)
    assert reason_of(outcome) == "RUNTIME_ERROR/signal"


def test_memory_is_limited_and_the_input_is_not_charged(jail):
    stdin = b"7" * (48 << 20)
    source = "import sys\nprint(sum(map(len, iter(lambda: sys.stdin.buffer.read(1 << 16), b''))))\n"
    outcome = run(jail, source, stdin=stdin, memory_bytes=24 << 20)
    assert output_of(outcome) == b"%d\n" % len(stdin)
    greedy = "x = bytearray(64 << 20)\nfor i in range(0, len(x), 4096):\n    x[i] = 1\nprint(1)\n"
    assert reason_of(run(jail, greedy, memory_bytes=24 << 20)) == "MEMORY_LIMIT_EXCEEDED/out_of_memory"


def test_it_has_no_channel_to_the_judge(jail):
    source = """
import os
for number in range(3, 64):
    try:
        os.fstat(number)
        print(number)
    except OSError:
        pass
"""
    assert output_of(run(jail, source)) == b""


def test_its_input_cannot_be_written(jail):
    source = "import os\ntry:\n    os.write(0, b'x')\nexcept OSError as error:\n    print(error.errno)\n"
    assert output_of(run(jail, source, stdin=b"abc")) == b"9\n"


def test_nothing_stays_from_one_run_to_the_next(jail):
    source = (
        "import os\nprint(sorted(os.listdir('/tmp')), sorted(os.listdir('.')))\nopen('/tmp/a', 'w')\nopen('b', 'w')\n"
    )
    assert {output_of(run(jail, source)) for _ in range(2)} == {b"[] ['solution.py']\n"}
