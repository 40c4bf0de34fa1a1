"""The attack suite's laboratory: a real slot, a way to run one attack, and the invariants that hold after each.

An attack is a program whose function ``f`` tries something, how the run must end, and facts that must hold. Rows are
plain mappings, turned into ``Attack`` by ``laboratory.attempt``; a key that ``Attack`` does not have is an error. The
numbers of the attacks (A02, ...) are those of ``docs/security.md``.
"""

from __future__ import annotations

import os
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from judge.app import open_sandbox
from judge.config import Settings
from judge.grading.classify import classify
from judge.harness import wire
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits, RunOutcome
from judge.ports import BoxSpec, Call, Interrupt
from judge.sandbox.cgroup import find_tree
from judge.sandbox.cold import ColdSandbox
from judge.sandbox.warm import WarmSandbox
from judge.twins import RecordingObserver

MIB = 1 << 20
LIMITS = Limits(
    cpu_ns=150_000_000,
    wall_ns=4_000_000_000,
    memory_bytes=64 * MIB,
    output_bytes=64 * 1024,
    answer_bytes=MIB,
    processes=12,
)
LOAD_LIMITS = replace(LIMITS, cpu_ns=2_000_000_000, wall_ns=8_000_000_000)
HELLO = "def f():\n    print('hello')\n    return ['hello', 42]\n"
PATIENCE_NS = 500_000_000  # within which every trace of an attack is gone
USER_BASE = 64_000  # not that of a service which runs on this machine: processes are looked for by user
RSS_GROWTH_BYTES = 128 * MIB
CANARY = "canary-5c1e0f7a94d2b386"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attack:
    """One attack and what must come of it."""

    id: str  # "A02-fork-bomb"
    source: str
    expect: str | tuple[str, ...] = "ANSWER"  # of the last run: ANSWER, or VERDICT/reason; any of them will do
    answers: tuple[Any, ...] | None = None  # of every call, where the end is an answer; by default 42 of each
    facts: Callable[[list[RunOutcome]], object] | None = None  # of the runs, loading first; true when they are right
    calls: int = 1
    arguments: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)  # that differ from LIMITS, of calls and of loading
    isolation: str = "test"


@dataclass(frozen=True, slots=True)
class _Traces:
    """What an attack could leave behind."""

    slot_processes: tuple[int, ...]  # in the slot's cgroup: its launcher, nothing else
    user_processes: tuple[int, ...]  # of the slot's user id
    mounts: frozenset[str]
    descriptors: int


class Laboratory:
    """A slot, and what is watched around it."""

    limits = LIMITS

    def __init__(self, sandbox: ColdSandbox, settings: Settings) -> None:
        self.sandbox = sandbox
        self._user = settings.uid_base + sandbox.slot
        self._cgroup = find_tree(settings.cgroup_root).slot(sandbox.slot)
        self._hello = self._greet()
        self._base = self._traces()
        self._rss = _rss_bytes()

    def run(self, attack: Attack, interrupt: Interrupt | None = None) -> list[RunOutcome]:
        """Loads the program and makes the calls; returns the outcomes, loading first."""
        limits = replace(LIMITS, **attack.limits)
        load_limits = replace(LOAD_LIMITS, **attack.limits)
        program = Program(
            language="python3",
            files=(SourceFile(path="solution.py", content=textwrap.dedent(attack.source).encode("utf-8", "replace")),),
        )
        spec = BoxSpec(
            program=program,
            entry_point="f",
            isolation=Isolation(attack.isolation),
            load_limits=load_limits,
            interrupt=interrupt,
        )
        call = Call(arguments=wire.encode(dict(attack.arguments)), limits=limits)
        with self.sandbox.open(spec) as box:
            runs = [box.load()]
            while box.alive and len(runs) <= attack.calls:
                runs.append(box.call(call))
        return runs

    @staticmethod
    def attack(row: Mapping[str, Any]) -> Attack:
        """The attack of a row."""
        return Attack(**row)

    def attempt(self, row: Mapping[str, Any]) -> list[RunOutcome]:
        """Runs the attack of a row, and asserts how it ends and that nothing is left of it."""
        attack = self.attack(row)
        runs = self.run(attack)
        try:
            _assert_end(attack, runs)
        finally:
            self.assert_clean()
        return runs

    def assert_clean(self) -> None:
        """Asserts the invariants: no process, mount or descriptor is left, and the next submission is served."""
        deadline = time.monotonic_ns() + PATIENCE_NS
        while (traces := self._traces()) != self._base and time.monotonic_ns() < deadline:
            continue
        assert traces == self._base
        assert _rss_bytes() < self._rss + RSS_GROWTH_BYTES
        assert self._greet() == self._hello

    def renew(self) -> None:
        """Has the slot built anew; only its processes may be others than before."""
        self._greet()
        base, self._base = self._base, self._traces()
        assert replace(base, slot_processes=(), user_processes=()) == replace(
            self._base, slot_processes=(), user_processes=()
        )
        assert len(base.slot_processes) == len(self._base.slot_processes)

    def _greet(self) -> tuple[Any, ...]:
        runs = self.run(Attack(id="hello", source=HELLO))
        return tuple((verdict_of(run, LIMITS), run.answer, run.stdout, run.stderr) for run in runs)

    def _traces(self) -> _Traces:
        return _Traces(
            slot_processes=tuple(self._cgroup.pids()),
            user_processes=tuple(_processes_of(self._user)),
            mounts=frozenset(Path("/proc/self/mountinfo").read_text().splitlines()),
            descriptors=len(os.listdir("/proc/self/fd")),
        )


def verdict_of(outcome: RunOutcome, limits: Limits) -> str:
    """Returns ``ANSWER``, or the verdict and the reason that the classifier gives."""
    failure = classify(outcome, limits)
    return "ANSWER" if failure is None else f"{failure.verdict}/{failure.reason}"


def _assert_end(attack: Attack, runs: list[RunOutcome]) -> None:
    last = runs[-1]
    verdict = verdict_of(last, replace(LIMITS, **attack.limits) if len(runs) > 1 else LOAD_LIMITS)
    expected = (attack.expect,) if isinstance(attack.expect, str) else attack.expect
    assert verdict in expected, f"{attack.id}: {_brief(last)}"
    if verdict == "ANSWER" and attack.answers != ():
        wanted = attack.answers if attack.answers is not None else (42,) * attack.calls
        assert tuple(wire.decode(run.answer or b"") for run in runs[1:]) == wanted
    if attack.facts is not None:
        assert attack.facts(runs), f"{attack.id}: {_brief(last)}"


def _brief(outcome: RunOutcome) -> str:
    return str(outcome)[:1500]


def _processes_of(user: int) -> Iterator[int]:
    for entry in os.scandir("/proc"):
        try:
            if entry.name.isdigit() and entry.stat().st_uid == user:
                yield int(entry.name)
        except FileNotFoundError:
            continue


def _rss_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _missing(settings: Settings) -> str | None:
    """Returns why real boxes cannot be had here."""
    if os.geteuid() != 0:
        return f"real boxes need root, found user id {os.geteuid()}"
    manifest = settings.runtime_root / "python3" / "runtime.json"
    if not manifest.exists():
        return f"the Python runtime is not built: {manifest} does not exist (make runtime)"
    return None


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The default settings, which a slot's user can reach; temporary directories of tests are closed to it."""
    return Settings(salt="tests", uid_base=USER_BASE)


@pytest.fixture(scope="session", params=["cold", "warm"])
def sandbox(settings: Settings, request: pytest.FixtureRequest) -> Iterator[ColdSandbox | WarmSandbox]:
    """A probed sandbox in a slot of its own, of each path."""
    reason = _missing(settings)
    if reason is not None:
        pytest.skip(reason)
    os.environ["TESTS_CANARY"] = CANARY
    with open_sandbox(settings, RecordingObserver(), path=request.param) as opened:
        yield opened


@pytest.fixture(scope="session")
def laboratory(sandbox: ColdSandbox, settings: Settings) -> Laboratory:
    """The sandbox with its invariants."""
    return Laboratory(sandbox, settings)


@pytest.fixture
def canary() -> str:
    """A secret in this process's environment and memory."""
    return CANARY
