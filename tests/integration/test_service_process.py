"""The service as an operator runs it: ``judge serve`` in a process of its own, real slots, gRPC."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from judge.client import Program, SourceFile, Step, SyncJudgeClient
from judge.config import Settings
from judge.model.event import EventKind
from judge.model.verdict import Verdict
from judge.sandbox.cgroup import find_tree
from judge.sandbox.slot import MAX_SLOTS
from tests.integration.belongings import PATIENCE_NS, Belongings

ROOT = Path(__file__).parents[2]
SETTINGS = Settings(uid_base=80_000 + 4096 * (os.getpid() % 256))  # users of no other service, or run of these tests
PROBLEM = "shortest-cover-all-distinct"
ACCEPTED = ROOT / "problems/sliding_window" / PROBLEM / "submissions/accepted/two_pointers.py"
SPINNING = b"def shortest_cover_all_distinct(ids):\n    while True:\n        pass\n"

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.geteuid() != 0, reason="real slots need root"),
    pytest.mark.skipif(
        not (SETTINGS.runtime_root / "python3" / "runtime.json").exists(),
        reason=f"the Python runtime is not built in {SETTINGS.runtime_root} (make runtime)",
    ),
]


@contextmanager
def service() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running service of one slot, and its address; it is stopped as an operator stops it, if it still runs."""
    command = [
        sys.executable,
        "-m",
        "judge.cli.main",
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--metrics",
        "",
        "--store",
        "",
    ]
    command += ["--slots", "1", "--problems", str(ROOT / "problems"), "--set", f"uid_base={SETTINGS.uid_base}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())["address"]
        finally:
            process.terminate()
            process.wait(60)


def program(content: bytes) -> Program:
    return Program(language="python3", files=(SourceFile(path="solution.py", content=content),))


def users_of_slots() -> list[int]:
    """The users of slots, and of their zygotes, that have processes; each as often as it has."""
    users = range(SETTINGS.uid_base, SETTINGS.uid_base + 2 * MAX_SLOTS)
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found.append(entry.stat().st_uid)
            except (FileNotFoundError, ProcessLookupError):
                continue
    return [user for user in found if user in users]


def belongings() -> Belongings:
    """What the slots have that run now; a slot that is made anew has nothing for a moment."""
    end = time.monotonic_ns() + PATIENCE_NS
    while time.monotonic_ns() < end:
        slots = {(user - SETTINGS.uid_base) % MAX_SLOTS for user in users_of_slots()}
        found = Belongings.of(find_tree(SETTINGS.cgroup_root), slots)
        if found.processes and found.cgroups:
            return found
    raise AssertionError("no slot has processes and cgroups")


def test_killed_in_the_middle_of_a_grading_the_service_starts_again_with_nothing_left_over():
    mounts = Path("/proc/self/mountinfo").read_text()
    with service() as (first, address), SyncJudgeClient(address, attempts=1) as client:
        for event in client.grade_stream(PROBLEM, program(SPINNING)):
            if event.kind is EventKind.TEST_STARTED:
                break
        of_first = belongings()
        first.send_signal(signal.SIGKILL)
        first.wait(60)
    with service() as (_, address), SyncJudgeClient(address) as client:
        assert client.grade(PROBLEM, program(ACCEPTED.read_bytes())).verdict is Verdict.ACCEPTED
        of_second = belongings()
    assert users_of_slots() == []
    assert of_first.left() == []
    assert of_second.left() == []
    assert Path("/proc/self/mountinfo").read_text() == mounts


def test_a_stopped_service_leaves_nothing():
    with service() as (process, address), SyncJudgeClient(address) as client:
        report = client.grade(PROBLEM, program(b"def other():\n    pass\n"))
        of_service = belongings()
        process.terminate()
        process.wait(60)
    assert (report.verdict, report.reason) == (Verdict.COMPILE_ERROR, "entry_point")
    assert process.returncode == 0
    assert users_of_slots() == []
    assert of_service.left() == []


def test_a_verification_that_nobody_waits_for_leaves_nothing():
    """It is left in the middle of its submissions; the slot that it had its turn in grades again."""
    rules = ["generator-deterministic", "submission-verdict"]
    with service() as (_, address), SyncJudgeClient(address) as client:
        told = client.verify_problem(PROBLEM, rules=rules)
        begun = [one.rule for one in iter(lambda: next(told), Step(rule="submission-verdict")) if isinstance(one, Step)]
        assert {"package-loads", "plan-compiles", "generator-deterministic"} == set(begun)
        of_both = belongings()
        told.close()
        assert client.grade(PROBLEM, program(ACCEPTED.read_bytes())).verdict is Verdict.ACCEPTED
    assert users_of_slots() == []
    assert of_both.left() == []
