"""Cancellation, deadlines, and a supervisor that is killed: nothing is left behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from judge.errors import SlotFault
from judge.grading.classify import classify
from judge.model.run import Killer
from judge.sandbox.cgroup import find_tree
from tests.integration.belongings import Belongings

pytestmark = pytest.mark.sandbox

ENDLESS = """
import os, time
if os.fork() == 0:
    while True:
        time.sleep(0.001)
def f():
    if os.fork() == 0:
        while True:
            pass
    while True:
        print(end=".", flush=True)
        time.sleep(0.001)
"""
SUPERVISOR = """
import sys
from judge.app.slots import open_sandbox
from judge.config import Settings
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits
from judge.ports import BoxSpec, Call
from judge.twins import RecordingObserver
limits = Limits(cpu_ns=10**11, wall_ns=10**11, memory_bytes=1 << 26, output_bytes=1 << 30)
program = Program(language="python3", files=(SourceFile(path="solution.py", content=sys.argv[1].encode()),))
with open_sandbox(Settings(uid_base=int(sys.argv[2])), RecordingObserver(), path=sys.argv[3]) as sandbox:
    spec = BoxSpec(program=program, entry_point="f", isolation=Isolation.TEST, load_limits=limits)
    with sandbox.open(spec) as box:
        assert box.load().loaded
        print(sandbox.slot, flush=True)
        box.call(Call(arguments=wire.encode({}), limits=limits))
"""
ROW = {"id": "A147", "source": ENDLESS}
ROOMY = {"cpu_ns": 20_000_000_000, "wall_ns": 60_000_000_000, "output_bytes": 1 << 30}


class Button:
    """An interrupt that another thread presses."""

    deadline_ns: int | None = None

    def __init__(self) -> None:
        self._event = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)

    def press(self) -> None:
        os.eventfd_write(self._event, 1)

    def fileno(self) -> int:
        return self._event

    def cancelled(self) -> bool:
        poll = select.poll()
        poll.register(self._event, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        os.close(self._event)


class Deadline:
    """An interrupt with a deadline and nothing else."""

    def __init__(self, after_ns: int) -> None:
        self.deadline_ns: int | None = time.monotonic_ns() + after_ns

    def fileno(self) -> int:
        return -1

    def cancelled(self) -> bool:
        return False


def attack(laboratory, **changes):
    """An Attack of the laboratory's own class."""
    return laboratory.attack({**ROW, "limits": ROOMY, **changes})


@pytest.mark.parametrize("attempt", range(20))
def test_a147_cancelled_at_any_moment(laboratory, attempt):
    """The button is pressed after 0 to 57 ms: while the jail is built, while the program loads, while it is called."""
    button = Button()
    timer = threading.Timer(attempt * 0.003, button.press)
    timer.start()
    try:
        runs = laboratory.run(attack(laboratory), interrupt=button)
    finally:
        timer.join()
        button.close()
    assert runs[-1].killer is Killer.CANCELLED
    laboratory.assert_clean()


def test_a147_deadline(laboratory):
    runs = laboratory.run(attack(laboratory), interrupt=Deadline(200_000_000))
    assert runs[-1].killer is Killer.DEADLINE
    failure = classify(runs[-1], laboratory.limits)
    assert failure is not None
    assert f"{failure.verdict}/{failure.reason}" == "CANCELLED/deadline"
    laboratory.assert_clean()


def test_a148_supervisor_is_killed(laboratory, settings):
    """SIGKILL while a submission runs: the kernel ends the slot's processes, the next start removes what is left."""
    user_base = settings.uid_base + 10_000  # of no other test, its zygotes' included
    command = [sys.executable, "-c", SUPERVISOR, ENDLESS, str(user_base), laboratory.sandbox.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    tree = find_tree(settings.cgroup_root)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        slot = int(process.stdout.readline())
        belongings = Belongings.of(tree, [slot])
        assert len(belongings.processes) > 3
        assert belongings.cgroups
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert belongings.left_by_sweeps(tree, settings.run_dir) == []
    assert living_processes_of(user_base + slot) == []
    laboratory.assert_clean()


def living_processes_of(user: int) -> list[int]:
    """The processes of a user that are not zombies."""
    found = []
    for entry in os.scandir("/proc"):
        try:
            if entry.name.isdigit() and entry.stat().st_uid == user:
                state = Path(entry.path, "stat").read_text().rpartition(")")[2].split()[0]
                found += [] if state == "Z" else [int(entry.name)]
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def test_a149_crashes_again_and_again(laboratory):
    row = {"id": "A149", "source": "import os\ndef f():\n    os.kill(os.getppid(), 11)\n    return 42\n"}
    for _ in range(5):
        laboratory.attempt({**row, "expect": "RUNTIME_ERROR/signal"})


def test_a_slot_whose_launcher_was_killed_is_rebuilt(laboratory, settings):
    cgroup = find_tree(settings.cgroup_root).slot(laboratory.sandbox.slot)
    for pid in cgroup.pids():
        with suppress(ProcessLookupError):  # the launcher's death is theirs
            os.kill(pid, signal.SIGKILL)
    with pytest.raises(SlotFault, match=r"is gone|outlive"):
        laboratory.run(attack(laboratory, source="def f():\n    return 42\n"))
    laboratory.renew()
    laboratory.assert_clean()
