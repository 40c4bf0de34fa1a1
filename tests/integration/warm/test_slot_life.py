"""When a warm slot is not trusted any more: it is built anew, that is counted, and no candidate is failed for it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from judge.errors import SlotFault
from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.harness import wire
from judge.model.plan import CheckerSpec, TestCase, TestPlan
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.ports import Call, GradingRequest
from judge.sandbox import golden
from judge.scheduling.clock import SystemClock

pytestmark = pytest.mark.sandbox

MIB = 1 << 20
HELLO = "def f():\n    return 42\n"
LATER = 10**18


def greet(chamber, count=1):
    for _ in range(count):
        assert chamber.answer(HELLO) == 42


# --- planned ends -------------------------------------------------------------------------------------------------


def test_a_slot_ends_after_its_runs(make_chamber):
    chamber = make_chamber(max_runs=3)
    greet(chamber, 2)
    (before,) = chamber.zygotes()
    assert chamber.rebuilds("runs") == 0
    greet(chamber)
    assert chamber.rebuilds("runs") == 1
    assert not chamber.slot.started
    greet(chamber)
    assert before not in chamber.zygotes()
    assert chamber.all_rebuilds() == 1


def test_a_slot_ends_at_its_age(make_chamber):
    chamber = make_chamber(max_age_ns=0)
    greet(chamber, 2)
    assert chamber.rebuilds("age") == chamber.all_rebuilds() == 2


# --- faults -------------------------------------------------------------------------------------------------------


def test_a_zygote_that_is_killed_between_boxes(make_chamber):
    chamber = make_chamber()
    greet(chamber)
    (zygote,) = chamber.zygotes()
    os.kill(zygote, signal.SIGKILL)
    with pytest.raises(SlotFault, match="the zygote is gone"):
        chamber.answer(HELLO)
    assert chamber.rebuilds("fault") == chamber.all_rebuilds() == 1
    greet(chamber)
    assert chamber.all_rebuilds() == 1


def test_a_zygote_that_is_killed_below_a_box(make_chamber):
    """The kernel ends everything in the zygote's namespace with it; that is told as a fault, never as an outcome."""
    chamber = make_chamber()
    greet(chamber)
    (zygote,) = chamber.zygotes()
    killing = pytest.raises(SlotFault)
    busy = chamber.spec("import time\ndef f():\n    time.sleep(60)\n")  # the kill does not race with an answer
    with killing, chamber.sandbox.open(busy) as box:
        assert box.load().loaded
        os.kill(zygote, signal.SIGKILL)
        _call(box)
    assert chamber.rebuilds("fault") == chamber.all_rebuilds() == 1
    greet(chamber)
    assert chamber.all_rebuilds() == 1


@pytest.mark.parametrize("error", [None, ValueError], ids=["plain", "exception"])
def test_a_zygote_that_dies_after_the_last_answer(make_chamber, error):
    """The run keeps its outcome, whatever its caller does with it; the slot is built anew once, for the fault."""
    chamber = make_chamber()
    greet(chamber)
    (zygote,) = chamber.zygotes()
    with contextlib.suppress(ValueError), chamber.sandbox.open(chamber.spec(HELLO)) as box:
        assert box.load().loaded
        assert wire.decode(_call(box).answer) == 42
        os.kill(zygote, signal.SIGKILL)
        if error is not None:
            raise error
    assert chamber.rebuilds("fault") == chamber.all_rebuilds() == 1
    greet(chamber)
    assert chamber.all_rebuilds() == 1


def test_a_zygote_that_dies_after_the_golden_program(make_chamber, monkeypatch):
    """With another zygote in the slot: the next box is made in a new slot, and it is one rebuild."""
    chamber = make_chamber(probe_every=3)
    greet(chamber)
    assert chamber.answer("import re\n" + HELLO) == 42
    zygotes, plain = chamber.zygotes(), golden.greet

    def deadly(box):
        greeting = plain(box)
        while zygotes:
            os.kill(zygotes.pop(), signal.SIGKILL)
        return greeting

    monkeypatch.setattr(golden, "greet", deadly)
    greet(chamber)
    assert not zygotes
    assert chamber.rebuilds("fault") == chamber.all_rebuilds() == 1
    greet(chamber)
    assert chamber.all_rebuilds() == 1


def test_a_zygote_that_is_stopped_does_not_answer(make_chamber):
    chamber = make_chamber(patience_ms=1000)
    greet(chamber)
    (zygote,) = chamber.zygotes()
    os.kill(zygote, signal.SIGSTOP)
    with pytest.raises(SlotFault, match="the zygote does not answer"):
        chamber.answer(HELLO)
    assert chamber.rebuilds("fault") == chamber.all_rebuilds() == 1
    greet(chamber)


def _call(box):
    limits = Limits(cpu_ns=10**9, wall_ns=30 * 10**9, memory_bytes=64 * MIB, output_bytes=MIB)
    return box.call(Call(arguments=wire.encode({}), limits=limits))


def test_zygotes_are_bounded_and_the_one_that_waited_longest_ends(make_chamber):
    chamber = make_chamber(max_zygotes=2)
    seeds = {}
    for seed in (0, 1, 0, 2):
        before = chamber.zygotes()
        assert chamber.answer(HELLO, hash_seed=seed) == 42
        seeds.setdefault(seed, chamber.zygotes() - before)
    assert chamber.zygotes() == seeds[0] | seeds[2]
    for seed in (0, 2, 1):
        assert chamber.answer("def f():\n    return hash('x')\n", hash_seed=seed) is not None
    assert len(chamber.zygotes()) == 2
    assert chamber.all_rebuilds() == 0


def test_what_lives_in_a_slot_leaves_its_boxes_room(make_chamber, monkeypatch):
    """The limit while a box is built counts from what lives between runs, however much that is."""
    monkeypatch.setattr("judge.sandbox.slot.SETUP_MEMORY_BYTES", 48 * MIB)
    chamber = make_chamber()
    for seed in range(4):
        assert chamber.answer("import numpy\ndef f():\n    return 42\n", hash_seed=seed) == 42
    assert chamber.slot.cgroup.memory_bytes() > 48 * MIB
    assert chamber.all_rebuilds() == 0


# --- traces -------------------------------------------------------------------------------------------------------

STRANGER = """
import sys
for file in sys.argv[2:]:
    with open(file, "w") as stream:
        stream.write("0")
with open("/dev/shm/" + sys.argv[1], "wb") as stream:
    stream.write(bytes(24 << 20))
print(flush=True)
sys.stdin.read()
"""


def stranger(chamber, name):
    """A process in the slot's cgroup, with memory that stays charged there for as long as the file exists."""
    command = [sys.executable, "-c", STRANGER, name, *chamber.slot.cgroup.entrances()]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()
    return process


@pytest.fixture
def charged():
    name = f"judge-tests-{os.getpid()}"
    yield name
    Path("/dev/shm", name).unlink(missing_ok=True)


def test_a_process_that_is_left(make_chamber, charged):
    """The run that ended before it was noticed keeps its answer."""
    chamber = make_chamber()
    greet(chamber)
    with stranger(chamber, charged) as process:
        Path("/dev/shm", charged).unlink()
        greet(chamber)
        assert process.wait() == -signal.SIGKILL
    assert chamber.rebuilds("not_at_rest") == chamber.all_rebuilds() == 1
    greet(chamber)
    assert chamber.all_rebuilds() == 1


def test_memory_that_does_not_come_back(make_chamber, charged):
    chamber = make_chamber(memory_slack_bytes=16 * MIB)
    greet(chamber, 2)
    assert chamber.all_rebuilds() == 0
    with stranger(chamber, charged) as process:
        process.communicate()
    greet(chamber)
    assert chamber.rebuilds("memory") == chamber.all_rebuilds() == 1
    greet(chamber)
    assert chamber.all_rebuilds() == 1


# --- the golden program -------------------------------------------------------------------------------------------


def test_a_zygote_whose_memory_was_changed(make_chamber):
    """One byte of its environment is overwritten from outside: the next golden program tells it apart."""
    chamber = make_chamber(probe_every=3)
    greet(chamber)
    (zygote,) = chamber.zygotes()
    assert overwrite(zygote, b"C.UTF-8\0", b"C.UTF-9\0") > 0
    greet(chamber)
    assert chamber.all_rebuilds() == 0
    greet(chamber)
    assert chamber.rebuilds("probe") == chamber.all_rebuilds() == 1
    greet(chamber, 4)
    assert chamber.all_rebuilds() == 1


@pytest.mark.parametrize("imports", ["", "import numpy\n", "import re\n"], ids=["bare", "numpy", "re"])
def test_a_sound_zygote_answers_the_golden_program_always(make_chamber, imports):
    chamber = make_chamber(probe_every=1)
    for _ in range(5):
        assert chamber.answer(imports + HELLO) == 42
    assert chamber.all_rebuilds() == 0


def overwrite(pid, old, new):
    """Replaces bytes in the writable memory of a process; returns how many times."""
    count = 0
    with open(f"/proc/{pid}/mem", "r+b", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            fields = line.split()
            start, end = (int(number, 16) for number in fields[0].split("-"))
            if not fields[1].startswith("rw") or "[v" in line:
                continue
            memory.seek(start)
            for match in re.finditer(re.escape(old), memory.read(end - start)):
                memory.seek(start + match.start())
                count += memory.write(new) // len(new)
    return count


# --- the candidate ------------------------------------------------------------------------------------------------

INTEGER = parse_type("int")
LIMITS = Limits(cpu_ns=10**9, wall_ns=10**10, memory_bytes=64 * MIB, output_bytes=MIB)
PLAN = TestPlan(
    slug="add",
    family="tests",
    name="Add",
    kind="function",
    entry_point="add",
    signature=Signature(
        parameters=(Parameter(name="a", type=INTEGER), Parameter(name="b", type=INTEGER)), returns=INTEGER
    ),
    expected_type=INTEGER,
    isolation=Isolation.TEST,
    limits=LIMITS,
    load_limits=LIMITS,
    code_bytes=1 << 16,
    languages=("python3",),
    checker=CheckerSpec(name="exact", parameters={}),
    cases=tuple(
        TestCase(name=f"{n}", sample=False, arguments=wire.encode({"a": n, "b": 1}), expected=wire.encode(n + 1))
        for n in range(6)
    ),
)


class OnePlan:
    """A PlanSource."""

    def plan(self, slug):
        return PLAN


@pytest.mark.parametrize("moment", ["STARTED", "COMPILED", "TEST_STARTED", "TEST_FINISHED"])
def test_a_grading_whose_zygote_is_killed_is_repeated(make_chamber, moment):
    """At any moment: the report is as if nothing had happened."""
    chamber = make_chamber()
    greet(chamber)
    grader = Grader(chamber.sandbox, OnePlan(), SystemClock(), chamber.observer, "salt")
    zygotes = chamber.zygotes()

    def strike(event=None):
        if zygotes and (event is None or event.kind.name == moment):
            os.kill(zygotes.pop(), signal.SIGKILL)

    if moment == "STARTED":
        strike()
    program = Program(
        language="python3", files=(SourceFile(path="add.py", content=b"def add(a, b):\n    return a+b\n"),)
    )
    report = grader.grade(GradingRequest(submission_id="s", problem="add", program=program), strike, Uninterrupted())
    assert not zygotes
    assert report.verdict == "ACCEPTED"
    assert [case.verdict for case in report.cases] == ["ACCEPTED"] * 6
    assert chamber.rebuilds("fault") == chamber.all_rebuilds() == 1
    assert chamber.observer.counted("judge_grades_total", verdict="ACCEPTED", language="python3") == 1


# --- many boxes ---------------------------------------------------------------------------------------------------


def footprint(chamber, status_of):
    """What could grow: descriptors, memory in KiB, mounts, cgroups, processes, of this process and of the slot's."""
    pids = chamber.slot.cgroup.pids()
    return {
        "pids": pids,
        "descriptors": [len(os.listdir(f"/proc/{pid}/fd")) for pid in ["self", *pids]],
        "mounts": [Path(f"/proc/{pid}/mountinfo").read_text() for pid in ["self", *pids]],
        "cgroups": sorted(path for path in Path("/sys/fs/cgroup").glob(f"*/judge/slot-{chamber.slot.number}/**/")),
    }, [int(status_of(pid)["VmRSS"].split()[0]) for pid in [os.getpid(), *pids]]


def test_a_thousand_boxes_leave_everything_as_it_was(make_chamber, status_of):
    chamber = make_chamber(max_runs=LATER, max_age_ns=LATER, probe_every=250)
    greet(chamber, 100)
    before, memory_before = footprint(chamber, status_of)
    slot_before = chamber.slot.cgroup.memory_bytes()
    greet(chamber, 1000)
    after, memory_after = footprint(chamber, status_of)
    assert after == before
    assert chamber.all_rebuilds() == 0
    for grown, was in zip(memory_after, memory_before, strict=True):
        assert grown <= was + 1024
    assert chamber.slot.cgroup.memory_bytes() <= slot_before + 4 * MIB
