"""Twins of the ports that a grader stands on: boxes that follow a script, a clock that ticks, an observer that notes.

A ``BoxScript`` says what loading gives and what answers each call. ``ScriptedSandbox`` takes one script for each box
that is opened, in order, keeps the contract of the port (one box at a time, loaded once, no call of a dead box) by
failing when it is broken, and writes down what was asked of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from judge.errors import SubmissionError
from judge.harness import wire
from judge.model.plan import CheckerSpec, TestCase, TestPlan
from judge.model.program import Program, SourceFile
from judge.model.run import Audit, BurstOutcome, Isolation, Limits, RunOutcome, Stage
from judge.model.signature import Parameter, Signature
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.model.type_expr import parse_type
from judge.ports import BoxSpec, Burst, Call, GradingRequest
from judge.testing import burst_of

LIMITS = Limits(cpu_ns=10**9, wall_ns=4 * 10**9, memory_bytes=1 << 26, output_bytes=1000, answer_bytes=10_000)
LOAD_LIMITS = Limits(cpu_ns=5 * 10**9, wall_ns=10**10, memory_bytes=1 << 27, output_bytes=1000)
LOADED = RunOutcome(stage=Stage.LOAD, loaded=True, cpu_ns=20_000_000, memory_peak_bytes=5000)

Reply = Callable[[Call], RunOutcome]


def answered(value: Any, **facts: Any) -> RunOutcome:
    """A call that returned ``value``."""
    fields = {"cpu_ns": 1000, "wall_ns": 2000, "memory_peak_bytes": 100} | facts
    return RunOutcome(stage=Stage.CALL, answer=wire.encode(value), **fields)


def failed(**facts: Any) -> RunOutcome:
    """A call without an answer."""
    return RunOutcome(stage=Stage.CALL, **facts)


def returns(function: Callable[..., Any]) -> Reply:
    """Replies with what ``function`` returns for the call's arguments."""

    def reply(call: Call) -> RunOutcome:
        arguments: Any = wire.decode(call.arguments)
        outcome = function(**arguments)
        return outcome if isinstance(outcome, RunOutcome) else answered(outcome)

    return reply


@dataclass(frozen=True, kw_only=True, slots=True)
class BoxScript:
    """What happens in one box."""

    call: Reply = returns(lambda n: 2 * n)
    load: RunOutcome = LOADED
    lives: int = 1_000_000  # calls after which it is dead
    most: int = 1  # calls of a burst
    loses: bool = False  # dies in a burst of more than one call


class ScriptedBox:
    """The port Box."""

    def __init__(self, script: BoxScript, journal: list[tuple[str, Any]]) -> None:
        self._script = script
        self._journal = journal
        self._left = -1  # calls; not loaded yet

    @property
    def alive(self) -> bool:
        return self._left > 0

    def load(self) -> RunOutcome:
        assert self._left == -1, "a box is loaded once"
        self._journal.append(("load", None))
        self._left = self._script.lives if self._script.load.loaded else 0
        return self._script.load

    def call(self, call: Call) -> RunOutcome:
        assert self.alive, "a dead box is not called"
        self._journal.append(("call", wire.decode(call.arguments)))
        outcome = self._script.call(call)
        self._left = 0 if outcome.killer else self._left - 1
        return outcome

    def burst(self, burst: Burst) -> BurstOutcome | None:
        if self._script.loses and len(burst.arguments) > 1:
            self._left = 0
            return None
        made: list[RunOutcome] = []
        for number, arguments in enumerate(burst.arguments[: self._script.most]):
            seed = burst.audit_seeds[number] if burst.audit_seeds else None
            made.append(self.call(Call(arguments=arguments, limits=burst.limits, audit_seed=seed)))
            if made[-1].answer is None or made[-1].audit not in (None, Audit()):
                break
        return burst_of(made, whole=burst.whole)


class ScriptedSandbox:
    """The port Sandbox. A script that is an exception is raised instead of opening a box."""

    path = "scripted"
    slot = 7

    def __init__(self, *scripts: BoxScript | Exception, toolchain: str = "Script 1.0") -> None:
        self.journal: list[tuple[str, Any]] = []  # open, load, call, close; with the spec or the arguments
        self._scripts = list(scripts)
        self._toolchain = toolchain
        self._open = False

    def describe_toolchain(self, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
        if language != "python3":
            raise SubmissionError("program.language", f"expected python3, found {language!r}")
        return self._toolchain if runtime == DEFAULT_RUNTIME else f"{self._toolchain} in {runtime}"

    @contextmanager
    def open(self, spec: BoxSpec) -> Iterator[ScriptedBox]:
        assert not self._open, "one box at a time"
        self.journal.append(("open", spec))
        script = self._scripts.pop(0)
        if isinstance(script, Exception):
            raise script
        self._open = True
        try:
            yield ScriptedBox(script, self.journal)
        finally:
            self._open = False
            self.journal.append(("close", None))

    @property
    def steps(self) -> list[str]:
        """The journal's verbs."""
        return [step for step, _ in self.journal]

    @property
    def specs(self) -> list[BoxSpec]:
        """What the boxes were opened for."""
        return [what for step, what in self.journal if step == "open"]


class TickingClock:
    """The port Clock: every look at it is a microsecond later than the one before."""

    def __init__(self) -> None:
        self._now = 1_700_000_000_000_000_000

    def unix_ns(self) -> int:
        self._now += 1000
        return self._now

    monotonic_ns = unix_ns


@dataclass(slots=True)
class NotingObserver:
    """The port Observer."""

    told: list[tuple[str, dict[str, str], float]] = field(default_factory=list)

    def count(self, name: str, labels: Mapping[str, str], amount: float = 1.0) -> None:
        self.told.append((name, dict(labels), amount))

    def observe(self, name: str, labels: Mapping[str, str], value: float) -> None:
        self.told.append((name, dict(labels), value))

    set = observe

    def labels_of(self, name: str) -> list[dict[str, str]]:
        """The labels under which something was told of a metric, in order."""
        return [labels for told, labels, _ in self.told if told == name]


class OnePlan:
    """The port PlanSource."""

    def __init__(self, plan: TestPlan) -> None:
        self._plan = plan

    def plan(self, slug: str) -> TestPlan:
        assert slug == self._plan.slug
        return self._plan


def case(name: str, expected: Any = None, **arguments: Any) -> TestCase:
    """A test; its name says whether it is a sample."""
    return TestCase(
        name=name,
        sample=name.startswith("sample/"),
        arguments=wire.encode(arguments),
        expected=wire.encode(expected),
    )


def plan(**changes: Any) -> TestPlan:
    """The plan of a problem that asks for twice a number: two samples, then five secret tests."""
    fields = {
        "slug": "double",
        "family": "arithmetic",
        "name": "Double",
        "kind": "function",
        "entry_point": "double",
        "signature": signature(n="int", returns="int"),
        "expected_type": parse_type("int"),
        "isolation": Isolation.TEST,
        "limits": LIMITS,
        "load_limits": LOAD_LIMITS,
        "code_bytes": 1000,
        "languages": ("python3",),
        "checker": CheckerSpec(name="exact", parameters={}),
        "cases": (
            case("sample/1", 2, n=1),
            case("sample/2", 4, n=2),
            *(case(f"secret/{letter}", 2 * n, n=n) for n, letter in enumerate("abcde", 1000)),
        ),
    }
    return TestPlan(**fields | changes)


def signature(returns: str, **parameters: str) -> Signature:
    """A signature from the types as they are written."""
    typed = tuple(Parameter(name=name, type=parse_type(text)) for name, text in parameters.items())
    return Signature(parameters=typed, returns=parse_type(returns))


def program(source: bytes = b"def double(n): return 2 * n\n", **changes: Any) -> Program:
    """A program."""
    fields: dict[str, Any] = {"language": "python3", "files": (SourceFile(path="solution.py", content=source),)}
    return Program(**fields | changes)


def request(submitted: Program | None = None, problem: str = "double") -> GradingRequest:
    """A request."""
    return GradingRequest(submission_id="s-1", problem=problem, program=submitted or program())
