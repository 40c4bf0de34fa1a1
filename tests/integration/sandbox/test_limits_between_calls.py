"""What a submission holds or does between two calls counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Killer, Limits
from judge.ports import BoxSpec, Call

pytestmark = pytest.mark.sandbox

MIB = 1 << 20
LIMITS = Limits(cpu_ns=20_000_000_000, wall_ns=60_000_000_000, memory_bytes=128 * MIB, output_bytes=MIB)


def spec_of(source: str, isolation: Isolation, load_limits: Limits = LIMITS) -> BoxSpec:
    program = Program(language="python3", files=(SourceFile(path="solution.py", content=source.encode()),))
    return BoxSpec(program=program, entry_point="f", isolation=isolation, load_limits=load_limits)


def call(limits: Limits = LIMITS, **arguments: object) -> Call:
    return Call(arguments=wire.encode(arguments), limits=limits)


def test_memory_held_since_loading_must_fit_in_the_limit_of_a_call(laboratory):
    source = "hoard = bytearray(100 << 20)\ndef f():\n    return 42\n"
    with laboratory.sandbox.open(spec_of(source, Isolation.TEST)) as box:
        assert box.load().loaded
        outcome = box.call(call(replace(LIMITS, memory_bytes=16 * MIB)))
    assert outcome.killer is Killer.MEMORY
    assert not box.alive
    laboratory.assert_clean()


def test_a_limit_that_grows_after_loading_holds(laboratory):
    source = "def f():\n    return len(bytearray(60 << 20))\n"
    with laboratory.sandbox.open(spec_of(source, Isolation.TEST, replace(LIMITS, memory_bytes=32 * MIB))) as box:
        assert box.load().loaded
        assert box.call(call()).answer is not None
        assert box.call(call(replace(LIMITS, memory_bytes=32 * MIB))).oom_kills > 0
    laboratory.assert_clean()


def test_time_used_between_calls_is_charged_to_the_next(laboratory):
    """A thread goes on for 50 ms of CPU time after the first call; the second does nothing."""
    source = """
import threading, time
done = threading.Event()
def spin():
    while time.thread_time_ns() < 50_000_000:
        pass
    print("spun", flush=True)
    done.set()
def f(wait):
    if wait:
        done.wait()
    else:
        threading.Thread(target=spin, daemon=True).start()
    return 42
"""
    with laboratory.sandbox.open(spec_of(source, Isolation.SUBMISSION)) as box:
        box.load()
        outcomes = [box.call(call(wait=wait)) for wait in (False, True)]
    assert sum(outcome.cpu_ns for outcome in outcomes) >= 50_000_000
    laboratory.assert_clean()


def test_files_of_earlier_calls_count_as_memory(laboratory):
    source = """
def f(name):
    with open(f"/tmp/{name}", "wb") as file:
        file.write(bytes(20 << 20))
    return 42
"""
    outcomes = []
    with laboratory.sandbox.open(spec_of(source, Isolation.TEST, replace(LIMITS, memory_bytes=48 * MIB))) as box:
        box.load()
        while box.alive and len(outcomes) < 5:
            outcomes.append(box.call(call(replace(LIMITS, memory_bytes=48 * MIB), name=len(outcomes))))
            if outcomes[-1].answer is None:
                break
    assert outcomes[0].answer is not None
    assert outcomes[-1].oom_kills > 0
    laboratory.assert_clean()
