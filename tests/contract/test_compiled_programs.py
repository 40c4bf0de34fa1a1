"""The contract of isolation "process" for compiled languages: a jail for each run, or a fork of the fork server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from judge.app.slots import open_sandbox
from judge.config import Settings
from judge.errors import SubmissionError
from judge.grading.classify import classify
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Killer, Limits, RunOutcome
from judge.ports import BoxSpec, Call, Sandbox
from judge.twins import RecordingObserver

pytestmark = pytest.mark.sandbox

LIMITS = Limits(cpu_ns=1_000_000_000, wall_ns=30_000_000_000, memory_bytes=64 << 20, output_bytes=300_000)
LOAD = replace(LIMITS, cpu_ns=20_000_000_000, wall_ns=60_000_000_000, memory_bytes=1 << 30, output_bytes=1 << 20)
WAYS = (Path(__file__).parent / "ways_of_programs.cpp").read_text()


@pytest.fixture(scope="module", params=["cold", "warm"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Both adapters."""
    settings = Settings(salt="tests", uid_base=64_000)
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (settings.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {settings.runtime_root} (make runtime)")
    if not Path("/usr/bin/g++").exists():
        pytest.skip("C++ needs a compiler (apt-get install g++)")
    with open_sandbox(settings, RecordingObserver(), path=request.param) as opened:
        yield opened


def spec_of(*files: tuple[str, str], language: str = "cpp20", **more: object) -> BoxSpec:
    sources = tuple(SourceFile(path=path, content=text.encode()) for path, text in files)
    program = Program(language=language, files=sources)
    return BoxSpec(program=program, entry_point="", isolation=Isolation.PROCESS, load_limits=LOAD, **more)


def run(sandbox: Sandbox, spec: BoxSpec, *arguments: str, collect: tuple[str, ...] = (), **limits: int) -> RunOutcome:
    with sandbox.open(spec) as box:
        outcome = box.load()
        if outcome.loaded:
            call = Call(arguments=wire.encode([*arguments]), limits=replace(LIMITS, **limits), collect=collect)
            outcome = box.call(call)
            assert not box.alive
        return outcome


def way(sandbox: Sandbox, *arguments: str, stdin: bytes = b"", **more: object) -> RunOutcome:
    return run(sandbox, spec_of(("solution.cpp", WAYS), stdin=stdin), *arguments, **more)


def text_of(outcome: RunOutcome) -> str:
    assert classify(outcome, LIMITS) is None, outcome
    return wire.decode(outcome.answer).decode()


def reason_of(outcome: RunOutcome) -> str | None:
    failure = classify(outcome, LOAD if outcome.stage == "compile" else LIMITS)
    return failure and f"{failure.verdict}/{failure.reason}"


ENDS = {
    "status": "RUNTIME_ERROR/exit_status",
    "abort": "RUNTIME_ERROR/signal",
    "throw": "RUNTIME_ERROR/signal",
    "segfault": "RUNTIME_ERROR/signal",
    "overflow": "RUNTIME_ERROR/signal",
    "hoard": "MEMORY_LIMIT_EXCEEDED/out_of_memory",
    "child": "MEMORY_LIMIT_EXCEEDED/out_of_memory",
    "loop": "TIME_LIMIT_EXCEEDED/cpu_time",
    "flood": "OUTPUT_LIMIT_EXCEEDED/output_size",
    "bomb": "RUNTIME_ERROR/exit_status",
    "unshare": "SECURITY_VIOLATION/forbidden_syscall",
    "mount": "SECURITY_VIOLATION/forbidden_syscall",
    "keyctl": "SECURITY_VIOLATION/forbidden_syscall",
}


@pytest.mark.parametrize("end", ENDS)
def test_every_end_is_told_as_it_is(sandbox, end):
    outcome = way(sandbox, end)
    assert (reason_of(outcome), outcome.answer) == (ENDS[end], None)


def test_a_sleep_ends_at_the_guard(sandbox):
    outcome = way(sandbox, "sleep", cpu_ns=400_000_000, wall_ns=400_000_000)
    assert (outcome.killer, outcome.answer) == (Killer.WALL, None)


def test_input_and_arguments_are_bytes_and_texts(sandbox):
    data = bytes(range(256)) * 1000
    assert wire.decode(way(sandbox, "echo", stdin=data).answer) == data
    assert text_of(
        way(sandbox, "arguments", "a b", "", "ä", *map(str, range(20)))
    ) == "[arguments][a b][][ä]" + "".join(f"[{number}]" for number in range(20))


def test_a_program_is_an_ordinary_user_with_three_descriptors(sandbox):
    assert text_of(way(sandbox, "facts")) == "1 1000 1000 1000 1 2 0"
    assert text_of(way(sandbox, "descriptors")) == "0 1 2 "
    assert text_of(way(sandbox, "setuid")) == "1"
    assert text_of(way(sandbox, "socket")) == "97"
    assert text_of(way(sandbox, "write")) == "1 1 1"


def test_it_cannot_end_or_stop_its_init(sandbox):
    assert text_of(way(sandbox, "stop")) == "alive\n"
    assert "alive" in way(sandbox, "kill").stdout.data.decode()


def test_children_that_stay_behind_are_not_waited_for(sandbox):
    assert text_of(way(sandbox, "daemon")) == "parent\n"


def test_nothing_stays_from_one_run_to_the_next(sandbox):
    assert {text_of(way(sandbox, "leave")) for _ in range(2)} == {"solution.cpp "}


def test_cpu_and_memory_are_measured(sandbox):
    small, large = way(sandbox, "arguments"), way(sandbox, "memory")
    assert 38 << 20 <= large.memory_peak_bytes < 50 << 20
    assert small.memory_peak_bytes < 4 << 20
    assert 0 < small.cpu_ns < 100_000_000


def test_files_are_collected_if_they_are_regular(sandbox):
    wanted = ("out/some", "out/empty", "out/none", "out/link", "out/pipe")
    outcome = way(sandbox, "leave-files", collect=wanted)
    assert outcome.files == {"out/some": b"text", "out/empty": b""}


def test_several_files_and_the_test_s_own_are_there(sandbox):
    main = (
        '#include "deep/part.h"\n#include <cstdio>\nint main() { char text[9] = ""; FILE* file = fopen("t.txt", "r");\n'
    )
    main += 'if (fgets(text, 9, file)) printf("%d %s", part(), text); }\n'
    files = (("main.cpp", main), ("deep/part.cc", "int part() { return 7; }\n"), ("deep/part.h", "int part();\n"))
    assert text_of(run(sandbox, spec_of(*files, files={"t.txt": b"seven"}))) == "7 seven"


def test_c_is_compiled_with_its_library_of_mathematics(sandbox):
    source = "#include <math.h>\n#include <stdio.h>\n"
    source += 'int main(void) { double x; scanf("%lf", &x); printf("%.3f", sqrt(x)); }\n'
    assert text_of(run(sandbox, spec_of(("solution.c", source), language="c", stdin=b"2"))) == "1.414"


def test_what_does_not_compile_is_told(sandbox):
    outcome = run(sandbox, spec_of(("solution.cpp", "int main() { return x; }\n")))
    assert reason_of(outcome) == "COMPILE_ERROR/syntax"
    assert "'x' was not declared" in outcome.raised.message
    assert reason_of(run(sandbox, spec_of(("@/etc/passwd", "int main(){")))) == "COMPILE_ERROR/syntax"


def test_c_is_not_offered_for_functions(sandbox):
    spec = replace(spec_of(("solution.c", "int f;"), language="c"), isolation=Isolation.TEST, entry_point="f")
    with pytest.raises(SubmissionError, match="compiled for whole programs alone"), sandbox.open(spec):
        pass
