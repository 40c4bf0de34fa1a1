"""Warm slots to break: boxes in a real slot, and what is seen of the slot from outside."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judge.config import Settings
from judge.errors import EnvironmentFault
from judge.grading.classify import classify
from judge.harness import wire
from judge.languages import load_toolchains
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits, RunOutcome
from judge.ports import BoxSpec, Call
from judge.sandbox.cgroup import find_tree
from judge.sandbox.slot import MAX_SLOTS, Slot
from judge.sandbox.warm import SlotLife, WarmSandbox
from judge.twins import RecordingObserver

MIB = 1 << 20
LIMITS = Limits(
    cpu_ns=4_000_000_000,
    wall_ns=8_000_000_000,
    memory_bytes=96 * MIB,
    output_bytes=MIB,
    answer_bytes=MIB,
    processes=12,
)
HELLO = "def f():\n    return 42\n"
USER_BASE = 67_000  # of no service on this machine


class Chamber:
    """One warm slot."""

    def __init__(self, settings: Settings, life: SlotLife | None = None) -> None:
        toolchains = load_toolchains(settings.runtime_root, settings.state_dir)
        tree = find_tree(settings.cgroup_root)
        core = max(os.sched_getaffinity(0))
        self.observer = RecordingObserver()
        self.slot = Slot(tree, settings.run_dir, settings.uid_base, cpu_of=lambda _: core)
        self.sandbox = WarmSandbox(self.slot, toolchains, self.observer, life)

    def spec(self, source: str, isolation: str = "test", hash_seed: int = 0) -> BoxSpec:
        """A box for a program with a function ``f``."""
        content = textwrap.dedent(source).encode()
        program = Program(language="python3", files=(SourceFile(path="solution.py", content=content),))
        return BoxSpec(
            program=program,
            entry_point="f",
            isolation=Isolation(isolation),
            load_limits=LIMITS,
            hash_seed=hash_seed,
        )

    def run(
        self,
        source: str,
        *,
        calls: int = 1,
        isolation: str = "test",
        hash_seed: int = 0,
        arguments: dict[str, Any] | None = None,
        **limits: int,
    ) -> list[RunOutcome]:
        """The outcomes of loading and of the calls, in a box of their own."""
        call = Call(arguments=wire.encode(arguments or {}), limits=replace(LIMITS, **limits))
        with self.sandbox.open(self.spec(source, isolation, hash_seed)) as box:
            outcomes = [box.load()]
            while box.alive and len(outcomes) <= calls:
                outcomes.append(box.call(call))
        return outcomes

    def answer(self, source: str, **options: Any) -> Any:
        """The answer of the last call; every run must have gone well."""
        last = self.run(source, **options)[-1]
        assert last.answer is not None, last
        return wire.decode(last.answer)

    @staticmethod
    def verdict(outcome: RunOutcome) -> str:
        """The verdict on a run, ``""`` when it gave an answer."""
        failure = classify(outcome, LIMITS)
        return "" if failure is None else str(failure.verdict)

    def zygotes(self) -> set[int]:
        """The processes of the slot whose user is the zygotes'."""
        user = self.slot.outside_id + MAX_SLOTS
        return {pid for pid in self.slot.cgroup.pids() if status(pid)["Uid"].split()[0] == str(user)}

    def candidates(self) -> set[int]:
        """The processes of the slot whose user is a submission's."""
        return {pid for pid in self.slot.cgroup.pids() if status(pid)["Uid"].split()[0] == str(self.slot.outside_id)}

    def rebuilds(self, reason: str) -> float:
        """How often the slot was built anew for that reason."""
        return self.observer.counted("judge_slot_rebuilds_total", reason=reason)

    def all_rebuilds(self) -> float:
        """How often the slot was built anew."""
        return sum(map(self.rebuilds, ("fault", "not_at_rest", "memory", "runs", "age", "probe")))


def status(pid: int) -> dict[str, str]:
    """The fields of ``/proc/<pid>/status``."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@pytest.fixture(scope="session")
def status_of() -> Callable[[int], dict[str, str]]:
    """``status``."""
    return status


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The default settings with a user of these tests."""
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    made = Settings(salt="tests", uid_base=USER_BASE)
    try:
        load_toolchains(made.runtime_root, made.state_dir)
    except EnvironmentFault as error:
        pytest.skip(str(error))
    return made


@pytest.fixture(scope="session")
def chamber(settings: Settings) -> Iterator[Chamber]:
    """A slot for tests that must leave it as it was."""
    made = Chamber(settings)
    made.answer(HELLO)
    yield made
    made.sandbox.close()


@pytest.fixture
def untouched(chamber: Chamber) -> Iterator[Chamber]:
    """The slot; after the test it has the same processes, was not built anew, and serves."""
    chamber.answer(HELLO)
    before = chamber.slot.cgroup.pids(), chamber.all_rebuilds()
    yield chamber
    assert (chamber.slot.cgroup.pids(), chamber.all_rebuilds()) == before
    assert chamber.answer(HELLO) == 42


@pytest.fixture
def make_chamber(settings: Settings) -> Iterator[Callable[..., Chamber]]:
    """Makes slots with a life of their own."""
    made: list[Chamber] = []

    def make(**life: int) -> Chamber:
        made.append(Chamber(settings, SlotLife(**life)))
        return made[-1]

    yield make
    for one in made:
        one.sandbox.close()
