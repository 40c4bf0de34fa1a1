"""The contract of isolation "process" for PyPy: a jail that compiles, another one for each run, as isolated as any."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from dataclasses import replace

import pytest

from judge.app.slots import open_sandbox
from judge.config import Settings
from judge.errors import EnvironmentFault, SubmissionError
from judge.grading.classify import classify
from judge.harness import wire
from judge.languages import pypy3
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Killer, Limits, RunOutcome
from judge.ports import BoxSpec, Call, Sandbox
from judge.twins import RecordingObserver

pytestmark = pytest.mark.sandbox

SETTINGS = Settings(salt="tests", uid_base=64_000)
LIMITS = Limits(
    cpu_ns=1_000_000_000, wall_ns=30_000_000_000, memory_bytes=128 << 20, output_bytes=300_000, processes=16
)
LOAD = replace(LIMITS, cpu_ns=20_000_000_000, wall_ns=60_000_000_000, memory_bytes=1 << 30, output_bytes=1 << 20)


@pytest.fixture(scope="module", params=["cold", "warm"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Both adapters: there is no warm PyPy, so that the warm one takes the cold path."""
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (SETTINGS.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {SETTINGS.runtime_root} (make runtime)")
    try:
        pypy3.load(SETTINGS.state_dir)
    except EnvironmentFault as error:
        pytest.skip(str(error))
    with open_sandbox(SETTINGS, RecordingObserver(), path=request.param) as opened:
        yield opened


def spec_of(*sources: str, **more: object) -> BoxSpec:
    """The first is the main file; the others are ``part1.py`` and so on."""
    names = ["main.py", *(f"part{at}.py" for at in range(1, len(sources)))]
    files = [
        SourceFile(path=name, content=textwrap.dedent(text).encode()) for name, text in zip(names, sources, strict=True)
    ]
    program = Program(language="pypy3", files=tuple(files))
    return BoxSpec(program=program, entry_point="", isolation=Isolation.PROCESS, load_limits=LOAD, **more)


def run(sandbox: Sandbox, spec: BoxSpec, *arguments: str, **limits: int) -> RunOutcome:
    with sandbox.open(spec) as box:
        outcome = box.load()
        if outcome.loaded:
            outcome = box.call(Call(arguments=wire.encode([*arguments]), limits=replace(LIMITS, **limits)))
            assert not box.alive
        return outcome


def text_of(outcome: RunOutcome) -> str:
    assert classify(outcome, LIMITS) is None, outcome
    return wire.decode(outcome.answer).decode()


def reason_of(outcome: RunOutcome) -> str | None:
    failure = classify(outcome, LOAD if outcome.stage == "compile" else LIMITS)
    return failure and f"{failure.verdict}/{failure.reason}"


def printed(sandbox: Sandbox, source: str, *arguments: str, stdin: bytes = b"", **limits: int) -> str:
    return text_of(run(sandbox, spec_of(source, stdin=stdin), *arguments, **limits))


def test_it_is_pypy_and_says_which(sandbox):
    said = printed(sandbox, "import sys\nprint('.'.join(map(str, sys.pypy_version_info[:3])))")
    assert sandbox.describe_toolchain("pypy3").startswith(f"PyPy {said.strip()} (")


def test_a_program_is_a_script(sandbox):
    source = """
        import sys
        print(sys.argv[1:], __name__, __file__, len(sys.stdin.buffer.read()))
        exit()
    """
    assert printed(sandbox, source, "a b", "ä", stdin=bytes(range(256))) == ("['a b', 'ä'] __main__ /box/main.py 256\n")
    assert text_of(run(sandbox, spec_of("import part1\nprint(part1.x)", "x = 7"))) == "7\n"
    assert text_of(run(sandbox, spec_of("print(open('t.txt').read())", files={"t.txt": b"seven"}))) == "seven\n"


ENDS = {
    "import sys\nsys.exit(3)": "RUNTIME_ERROR/exit_status",
    "1 / 0": "RUNTIME_ERROR/exit_status",
    "import os\nos.abort()": "RUNTIME_ERROR/signal",
    "while True:\n    pass": "TIME_LIMIT_EXCEEDED/cpu_time",
    "while True:\n    print('x' * 1000)": "OUTPUT_LIMIT_EXCEEDED/output_size",
    "kept = []\nwhile True:\n    kept.append(bytearray(1 << 20))": "MEMORY_LIMIT_EXCEEDED/out_of_memory",
    "kept = []\nwhile True:\n    kept.append([len(kept)])": "MEMORY_LIMIT_EXCEEDED/out_of_memory",
    "def f():\n    return 1 + f()\nf()": "RUNTIME_ERROR/exit_status",
    "import os\nwhile True:\n    os.fork()": "RUNTIME_ERROR/exit_status",
    "import threading as t\nwhile True: t.Thread(target=t.Event().wait, daemon=True).start()": (
        "RUNTIME_ERROR/exit_status"
    ),
    "import ctypes\nctypes.CDLL(None).unshare(0x10000000)": "SECURITY_VIOLATION/forbidden_syscall",
    "import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)": "SECURITY_VIOLATION/forbidden_syscall",
    "import ctypes\nctypes.CDLL(None).mount(b'/', b'/tmp', b'', 4096, None)": "SECURITY_VIOLATION/forbidden_syscall",
}


@pytest.mark.parametrize("source", ENDS)
def test_every_end_is_told_as_it_is(sandbox, source):
    outcome = run(sandbox, spec_of(source))
    assert (reason_of(outcome), outcome.answer) == (ENDS[source], None), outcome


def test_a_traceback_begins_in_the_program(sandbox):
    outcome = run(sandbox, spec_of("def f():\n    return 1 / 0\n\nf()\n"))
    assert outcome.stderr.data.decode().splitlines()[:3] == [
        "Traceback (most recent call last):",
        '  File "main.py", line 4, in <module>',
        "    f()",
    ]


def test_a_sleep_ends_at_the_guard(sandbox):
    source = "import time\ntime.sleep(1000)"
    outcome = run(sandbox, spec_of(source), cpu_ns=400_000_000, wall_ns=400_000_000)
    assert (outcome.killer, outcome.answer) == (Killer.WALL, None)


NOTHING_TO_SEE = """
    import os, socket
    tried = {
        "network": lambda: socket.create_connection(("127.0.0.1", 80), 1),
        "socket": lambda: socket.socket(),
        "password file": lambda: open("/etc/passwd"),
        "processes": lambda: os.listdir("/proc"),
        "library": lambda: open("/usr/lib/pypy3.9/os.py", "a"),
        "interpreter": lambda: open("/usr/bin/pypy3.9", "ab"),
        "init": lambda: open("/judge/init", "ab"),
        "root": lambda: open("/new", "w"),
        "program": lambda: os.execv("/box/main.py", ["main"]),
        "init's life": lambda: os.kill(1, 9) or os.stat("/none"),
        "user": lambda: os.setuid(0),
    }
    for name, attempt in tried.items():
        try:
            attempt()
        except OSError:
            continue
        print(name)
    print(sorted(os.listdir("/box")), os.listdir("/home") if os.path.exists("/home") else "", os.getuid())
"""


def test_it_sees_and_reaches_nothing_of_the_machine(sandbox):
    assert printed(sandbox, NOTHING_TO_SEE) == "['main.py']  1000\n"


def test_descriptors_are_the_three(sandbox):
    source = """
        import os
        for number in range(64):
            try:
                os.fstat(number)
            except OSError:
                continue
            print(number)
    """
    assert printed(sandbox, source).split() == ["0", "1", "2"]


def test_nothing_stays_from_one_run_to_the_next(sandbox):
    source = "import os\nprint(os.listdir('/box'), os.listdir('/tmp'))\nopen('/box/left', 'w')\nopen('/tmp/left', 'w')"
    assert {printed(sandbox, source) for _ in range(2)} == {"['main.py'] ['program']\n"}


def test_children_that_stay_behind_are_not_waited_for(sandbox):
    source = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)\nprint('parent')"
    assert printed(sandbox, source) == "parent\n"


def test_the_hash_seed_is_the_box_s(sandbox):
    def hashed(seed: int) -> str:
        return text_of(run(sandbox, spec_of("print(hash('text'))", hash_seed=seed)))

    assert hashed(1) == hashed(1) != hashed(2)


def test_what_does_not_compile_is_told(sandbox):
    outcome = run(sandbox, spec_of("x = 1\ny = (\n"))
    assert reason_of(outcome) == "COMPILE_ERROR/syntax"
    assert outcome.raised.message.startswith("SyntaxError: ")
    assert reason_of(run(sandbox, spec_of("x = '\0'"))) == "COMPILE_ERROR/syntax"


def test_functions_are_not_offered(sandbox):
    spec = replace(spec_of("def f():\n    return 1\n"), isolation=Isolation.TEST, entry_point="f")
    with pytest.raises(SubmissionError, match="compiled for whole programs alone"), sandbox.open(spec):
        pass
