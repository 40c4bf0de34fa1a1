"""The compiled problem: an immutable test plan, named by its digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from judge.harness import wire
from judge.model.conform import conform
from judge.model.digest import digest_of
from judge.model.program import AuthorFunction, SourceFile
from judge.model.run import Isolation, Limits
from judge.model.signature import Parameter, Signature
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.model.type_expr import TypeExpr


@dataclass(frozen=True, kw_only=True)
class TestCase:
    """One test: the arguments of a call and what its checker needs to judge the answer."""

    __test__ = False  # not a test of pytest's

    name: str  # "secret/random-small-03"
    sample: bool  # shown to candidates
    arguments: bytes  # wire encoding of a mapping: parameter name to value
    expected: bytes  # wire encoding of what the checker compares with; never leaves the judge's process
    alternatives: dict[str, bytes] = field(default_factory=dict)  # the same of what is declared wrong, by name

    @property
    def digest(self) -> str:
        """What the lock file pins: SHA-256 of arguments, expected value and, if there are any, alternatives."""
        parts: list[Any] = [self.arguments, self.expected]
        return digest_of([*parts, self.alternatives] if self.alternatives else parts)


@dataclass(frozen=True, kw_only=True)
class CheckerSpec:
    """Which checker, with which parameters (validated when the plan is compiled)."""

    name: str  # a key of judge.checkers.CHECKERS
    parameters: dict[str, Any]  # plain values
    provider: str = ""  # the distribution and version of an installed checker: "acme-judge 1.2.0"
    author: AuthorFunction | None = None  # the author's function, of a custom checker


@dataclass(frozen=True, kw_only=True)
class GateFamily:
    """Inputs of one kind at every size of a complexity gate."""

    name: str  # "uniform"; its report is "complexity/uniform"
    cases: tuple[TestCase, ...]  # one for each size, in the gate's order

    @property
    def report_name(self) -> str:
        """The name under which it stands in a report, beside the tests."""
        return f"complexity/{self.name}"


@dataclass(frozen=True, kw_only=True)
class ComplexityGate:
    """The largest growth of CPU time that is accepted; see ``judge.grading.growth`` for how it is measured."""

    sizes: tuple[int, ...]  # ascending
    slope: float  # the exponent between accepted and slow solutions
    repeats: int  # rounds before a rejection; twice as many before an acceptance in doubt
    budget_ns: int  # CPU time of a family's calls after which no further round begins
    families: tuple[GateFamily, ...]


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How often the function may ask one of its oracles in one call."""

    oracle: str  # the parameter's name
    limit: int | str  # a number, or the name of the int argument that holds it

    def of(self, arguments: Mapping[str, Any]) -> int:
        """The number, for a case's arguments."""
        return self.limit if isinstance(self.limit, int) else int(arguments[self.limit])


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The author's code that answers the oracles of a problem."""

    author: AuthorFunction
    budgets: tuple[Budget, ...]  # one for each oracle, in the signature's order
    hidden: tuple[Parameter, ...]  # arguments that cases give, and the candidate's function does not get
    limits: Limits  # of loading, and of each answer


@dataclass(frozen=True, kw_only=True)
class Examiner:
    """The author's test program: it calls the candidate's function itself and asserts what must hold."""

    author: AuthorFunction  # a program that defines judge_examine(candidate, seed); its file is the task's name
    limits: Limits  # of loading it, and of what it does between the candidate's calls
    seed: int  # of the global random generators that it may use: the same for every submission
    rehearsed: bool  # whether a solution of the author's own has passed it


@dataclass(frozen=True, kw_only=True)
class TestGroup:
    """A group of tests of a problem with scores; points are exact and written as text: "100", "1/3"."""

    __test__ = False

    name: str  # "secret/large"
    parent: str  # the group around it; empty for the root
    cases: tuple[str, ...]  # the names of its own tests
    aggregation: str  # of the points in it: sum, min, max, avg; or pass-fail: full_score when all tests are accepted
    case_score: str = "0"  # points of each of its own tests that was accepted
    reject_score: str = "0"  # points of each of its own tests that was rejected
    full_score: str = "0"  # with pass-fail: its points; of the root: the points that make a share of 1
    zero_score: str = "0"  # of the root: the points that make a share of 0; as full_score: the points have no bound
    unbounded: bool = False  # whether the validator gives the points of its tests, as many as it wants
    judged_only: bool = False  # whether what was not run has no part in its points, rather than the points 0
    mode: str = "all"  # of what is in it must be accepted for the group to be: all, any; or always
    blames: str = "first"  # which of the tests and groups that were not accepted gives its verdict: first, worst
    stops: bool = False  # whether nothing in it is run any more once something in it was rejected
    counts: bool = True  # whether its points are part of the points around it
    decides: bool = True  # whether its verdict is part of the verdict around it
    requires: tuple[str, ...] = ()  # groups whose tests must all be accepted before any of its own is run


def points_of_all(groups: tuple[TestGroup, ...], name: str) -> Fraction:
    """Returns the points of the group ``name`` when all tests are accepted."""
    group = next(group for group in groups if group.name == name)
    if group.aggregation == "pass-fail":
        return Fraction(group.full_score)
    points = [Fraction(group.case_score)] * len(group.cases)
    points += [points_of_all(groups, inner.name) for inner in groups if inner.parent == name and inner.counts]
    return aggregate(group.aggregation, points)


def aggregate(aggregation: str, points: Sequence[Fraction]) -> Fraction:
    """Returns the sum, the mean, the least or the largest of the points; 0 when there are none."""
    if aggregation in ("sum", "avg"):
        return sum(points, Fraction(0)) / (max(len(points), 1) if aggregation == "avg" else 1)
    return (min if aggregation == "min" else max)(points, default=Fraction(0))


@dataclass(frozen=True, kw_only=True)
class TestPlan:
    """Everything a grading needs from a problem."""

    __test__ = False

    slug: str
    family: str
    name: str  # the title, in English
    kind: str  # "function"
    entry_point: str
    signature: Signature
    expected_type: TypeExpr  # of every case's expected value
    isolation: Isolation
    limits: Limits  # of one call
    load_limits: Limits  # of compiling and loading the source
    code_bytes: int  # the largest source accepted
    languages: tuple[str, ...]
    checker: CheckerSpec
    cases: tuple[TestCase, ...]
    runtime: str = DEFAULT_RUNTIME  # what submissions can import
    complexity: ComplexityGate | None = None  # after all tests, when there is one
    groups: tuple[TestGroup, ...] = ()  # of a problem with scores, the root first; none: every test must be accepted
    environment: Environment | None = None  # when the function takes oracles
    examiner: Examiner | None = None  # when a test program makes the calls; a case's expected value is a Rehearsal's
    included: dict[str, tuple[SourceFile, ...]] = field(default_factory=dict)  # files that go to every submission, by
    # language
    passes: int = 1  # runs of the program that its validator may ask for on one test

    @property
    def interactive(self) -> bool:
        """Whether the program speaks with the validator."""
        return self.kind == "interactive"

    @property
    def validator_takes_part(self) -> bool:
        """Whether the author's validator does more than judge one output."""
        return self.interactive or self.passes > 1

    @property
    def gate_families(self) -> tuple[GateFamily, ...]:
        """The families of the complexity gate, if there is one."""
        return () if self.complexity is None else self.complexity.families

    @property
    def pinned_cases(self) -> tuple[TestCase, ...]:
        """All inputs with their answers, which the lock file pins: tests, then the gate's."""
        return (*self.cases, *(case for family in self.gate_families for case in family.cases))

    @cached_property
    def reported(self) -> list[tuple[str, bool]]:
        """What a report tells of, in its order: name, and whether it is a sample. Tests, then the gate's families."""
        tests = [(case.name, case.sample) for case in self.cases]
        return tests + [(family.report_name, False) for family in self.gate_families]

    @cached_property
    def digest(self) -> str:
        """The plan's name: 64 hexadecimal digits; any change that can change a verdict changes it."""
        return digest_of({field: getattr(self, field) for field in self.__dataclass_fields__})

    def arguments_of(self, case: TestCase) -> dict[str, Any]:
        """Returns the case's arguments as typed values, by parameter name, in the signature's order."""
        raw: Any = wire.decode(case.arguments)
        return {p.name: conform(raw[p.name], p.type, p.name) for p in self.signature.parameters if p.name in raw}

    def facts_of(self, case: TestCase) -> dict[str, Any]:
        """Returns the case's arguments with those that are hidden from the candidate's function."""
        if self.environment is None:
            return self.arguments_of(case)
        raw: Any = wire.decode(case.arguments)
        hidden = {p.name: conform(raw[p.name], p.type, p.name) for p in self.environment.hidden}
        return self.arguments_of(case) | hidden

    def question_of(self, case: TestCase) -> bytes:
        """Returns what the candidate's function is given: the case's arguments as bytes, without the hidden ones.

        A program's run is given its command line; the box that it runs in has the rest.
        """
        if self.isolation is Isolation.PROCESS:
            return wire.encode(self.arguments_of(case)["arguments"])
        if self.environment is None or not self.environment.hidden:
            return case.arguments
        return wire.encode(self.arguments_of(case))

    def expected_of(self, case: TestCase) -> Any:
        """Returns the case's expected value, typed."""
        return conform(wire.decode(case.expected), self.expected_type, "expected")

    def alternatives_of(self, case: TestCase) -> dict[str, Any]:
        """Returns what the package declares wrong for the case, typed as its expected value, by name."""
        return {
            name: conform(wire.decode(value), self.expected_type, name) for name, value in case.alternatives.items()
        }
