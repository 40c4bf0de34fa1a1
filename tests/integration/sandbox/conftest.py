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

from judge.app.slots import open_sandbox
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
SLOW_HELLO_NS = 50_000_000  # of CPU time for loading and calling: ten times the usual
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

    def __init__(self, sandbox: ColdSandbox | WarmSandbox, settings: Settings, observer: RecordingObserver) -> None:
        self.sandbox = sandbox
        self._observer = observer
        self._user = settings.uid_base + sandbox.slot
        self._cgroup = find_tree(settings.cgroup_root).slot(sandbox.slot)
        self._pace = 1
        self._pace = self._measure_pace()
        self._hello = self._greet()
        self._base = self._traces()
        self._rebuilds = self._rebuilt()
        self._rss = _rss_bytes()

    def run(self, attack: Attack, interrupt: Interrupt | None = None) -> list[RunOutcome]:
        """Loads the program and makes the calls; returns the outcomes, loading first."""
        limits, load_limits = self._paced(LIMITS, attack), self._paced(LOAD_LIMITS, attack)
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
            self._assert_end(attack, runs)
        finally:
            self.assert_clean()
        return runs

    def _assert_end(self, attack: Attack, runs: list[RunOutcome]) -> None:
        last = runs[-1]
        verdict = verdict_of(last, self._paced(LIMITS if len(runs) > 1 else LOAD_LIMITS, attack))
        expected = (attack.expect,) if isinstance(attack.expect, str) else attack.expect
        assert verdict in expected, f"{attack.id}: {_brief(last)}"
        if verdict == "ANSWER" and attack.answers != ():
            wanted = attack.answers if attack.answers is not None else (42,) * attack.calls
            assert tuple(wire.decode(run.answer or b"") for run in runs[1:]) == wanted
        if attack.facts is not None:
            assert attack.facts(runs), f"{attack.id}: {_brief(last)}"

    def assert_clean(self) -> None:
        """Asserts the invariants: no process, mount or descriptor is left, and the next submission is served."""
        if self._rebuilt() != self._rebuilds:
            self.renew()
        deadline = time.monotonic_ns() + PATIENCE_NS
        while (traces := self._traces()) != self._base and time.monotonic_ns() < deadline:
            continue
        assert traces == self._base
        assert _rss_bytes() < self._rss + RSS_GROWTH_BYTES
        assert self._greet() == self._hello

    def renew(self) -> None:
        """Takes the slot as it is now for the base: it was built anew, and the warm path has the zygotes it needs."""
        self._greet()
        mounts, self._base, self._rebuilds = self._base.mounts, self._traces(), self._rebuilt()
        assert self._base.mounts == mounts
        assert set(self._base.user_processes) <= set(self._base.slot_processes)

    def _rebuilt(self) -> float:
        """How often the warm path has built its slot anew, as it may whenever it is in doubt."""
        reasons = ("fault", "not_at_rest", "memory", "runs", "age", "probe")
        return sum(self._observer.counted("judge_slot_rebuilds_total", reason=reason) for reason in reasons)

    def _paced(self, limits: Limits, attack: Attack) -> Limits:
        """The limits of an attack, with more time on a machine that is slow."""
        limits = replace(limits, **attack.limits)
        return replace(limits, cpu_ns=limits.cpu_ns * self._pace, wall_ns=limits.wall_ns * self._pace)

    def _measure_pace(self) -> int:
        """How much slower than the usual machine this one is, 1 at least: an emulated one can be 20."""
        attack = Attack(id="pace", source=HELLO, limits={"cpu_ns": 10**11, "wall_ns": 10**11})
        spent = min(sum(run.cpu_ns for run in self.run(attack)) for _ in range(3))
        return 1 if spent < SLOW_HELLO_NS else spent // (SLOW_HELLO_NS // 10)

    def _greet(self) -> tuple[Any, ...]:
        runs = self.run(Attack(id="hello", source=HELLO))
        return tuple((verdict_of(run, LOAD_LIMITS), run.answer, run.stdout, run.stderr) for run in runs)

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


@pytest.fixture(scope="session")
def observer() -> RecordingObserver:
    """What the sandboxes tell."""
    return RecordingObserver()


@pytest.fixture(scope="session", params=["cold", "warm"])
def sandbox(
    settings: Settings, observer: RecordingObserver, request: pytest.FixtureRequest
) -> Iterator[ColdSandbox | WarmSandbox]:
    """A probed sandbox in a slot of its own, of each path."""
    reason = _missing(settings)
    if reason is not None:
        pytest.skip(reason)
    os.environ["TESTS_CANARY"] = CANARY
    with open_sandbox(settings, observer, path=request.param) as opened:
        yield opened


@pytest.fixture(scope="session")
def laboratory(sandbox: ColdSandbox | WarmSandbox, settings: Settings, observer: RecordingObserver) -> Laboratory:
    """The sandbox with its invariants."""
    return Laboratory(sandbox, settings, observer)


@pytest.fixture
def canary() -> str:
    """A secret in this process's environment and memory."""
    return CANARY
