"""The compiled problem: an immutable test plan, named by its digest."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from judge.harness import wire
from judge.model.digest import digest_of
from judge.model.run import Isolation, Limits
from judge.model.signature import Signature, TypeExpr, conform
from judge.model.toolchain import DEFAULT_RUNTIME


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

    @cached_property
    def digest(self) -> str:
        """The plan's name: 64 hexadecimal digits; any change that can change a verdict changes it."""
        return digest_of({field: getattr(self, field) for field in self.__dataclass_fields__})

    def arguments_of(self, case: TestCase) -> dict[str, Any]:
        """Returns the case's arguments as typed values, by parameter name, in the signature's order."""
        raw: Any = wire.decode(case.arguments)
        return {p.name: conform(raw[p.name], p.type, p.name) for p in self.signature.parameters if p.name in raw}

    def expected_of(self, case: TestCase) -> Any:
        """Returns the case's expected value, typed."""
        return conform(wire.decode(case.expected), self.expected_type, "expected")

    def alternatives_of(self, case: TestCase) -> dict[str, Any]:
        """Returns what the package declares wrong for the case, typed as its expected value, by name."""
        return {
            name: conform(wire.decode(value), self.expected_type, name) for name, value in case.alternatives.items()
        }
