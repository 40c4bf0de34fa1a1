"""The contracts of a checker, and what they are given.

A checker is a frozen dataclass whose fields are its parameters (validated in ``__post_init__`` with ValueError:
"checker 'float' has no parameter 'abs_tl'" is raised for it by ``judge.checkers.build``), with a class attribute
``name`` and one pure method. Checkers see plain typed values only: what the candidate's process sent has been decoded
and conformed to the signature before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

from judge.model.report import Judgement
from judge.model.run import Audit, Limits, OracleRecord
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """One test as a checker sees it."""

    name: str
    arguments: Mapping[str, Any]  # by parameter name
    expected: Any  # conforms to the checker's ``expected_type``
    alternatives: Mapping[str, Any] = field(default_factory=dict)  # declared wrong laws by name, of the same type
    oracle: OracleRecord | None = None  # of the run that gave the answer, when the function takes oracles


class CaseChecker(Protocol):
    """Judges one answer to one test."""

    name: ClassVar[str]

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The type of a case's expected value; raises ValueError when the checker cannot judge such a signature."""
        ...

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the case's expected value cannot be judged against: NaN, an answer that fails
        itself."""
        ...

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``, a value of the signature's return type. Pure; raises nothing."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesCall:
    """One call that a series asks for."""

    changes: Mapping[str, Any]  # parameters that differ from, or are missing in, the case's arguments: the seed
    box: int = 0  # calls with different numbers run in different processes, with different hash seeds
    audit_seed: int | None = None  # reseed the global generators with it before the call and audit the call


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesAnswer:
    """The answer to one call of a series."""

    value: Any  # conforms to the signature's return type
    audit: Audit | None  # when the call asked for one
    cpu_ns: int = 0  # CPU time of the call, read outside the box
    oracle: OracleRecord | None = None  # when the function takes oracles


@runtime_checkable
class PairedChecker(Protocol):
    """A SeriesChecker of two functions of one program: calls in box 0 are of the entry point, others of the second.

    A call of the second function has all of its arguments in ``changes``.
    """

    def second(self, signature: Signature) -> tuple[str, Signature]:
        """The second function's name and signature; ``signature`` is the entry point's."""
        ...


class Series(Protocol):
    """The judging of one test by many calls; it has state, and is used once."""

    def next_call(self) -> SeriesCall | None:
        """The call to make next; None when it has seen enough."""
        ...

    def observe(self, call: SeriesCall, answer: SeriesAnswer) -> None:
        """Takes the answer to that call into account."""
        ...

    def judgement(self) -> Judgement:
        """The judgement; asked for after ``next_call`` has given None."""
        ...


@runtime_checkable
class ForesightedSeries(Protocol):
    """A Series that knows more than its next call, so that several can be made in one exchange."""

    def coming(self, most: int) -> Sequence[SeriesCall]:
        """The calls that ``next_call`` will give after the last one, at most so many, if the answers allow it.

        It gives those very objects, or, once an answer has changed its mind, another one, or None.
        """
        ...


@runtime_checkable
class SeriesChecker(Protocol):
    """Judges one test by many calls: distributions, complexity."""

    name: ClassVar[str]

    def expected_type(self, signature: Signature) -> TypeExpr:
        """As of a CaseChecker."""
        ...

    def check_key(self, case: CaseFacts) -> None:
        """As of a CaseChecker."""
        ...

    def absent_parameters(self) -> frozenset[str]:
        """Parameters that cases do not give because the series chooses them: the seed."""
        ...

    def for_cases(self, count: int) -> SeriesChecker:
        """The same checker with its error rate divided by ``count``: over so many tests together it is as stated."""
        ...

    def open(self, case: CaseFacts, secret: bytes) -> Series:
        """Begins a series. ``secret`` (32 bytes) is a pure function of package and program: seeds derive from it by
        HMAC."""
        ...


@runtime_checkable
class AuthoredChecker(Protocol):
    """Knows what an author's function replies; ``judge.author.checker`` runs the function and makes a CaseChecker."""

    name: ClassVar[str]

    def expected_type(self, signature: Signature) -> TypeExpr:
        """As of a CaseChecker."""
        ...

    def check_key(self, case: CaseFacts) -> None:
        """As of a CaseChecker."""
        ...

    def limits(self) -> Limits:
        """Of one check."""
        ...

    def judgement(self, reply: Any) -> Judgement:
        """What the function's reply says. Raises ValueError for one that says nothing."""
        ...


Checker = CaseChecker | SeriesChecker | AuthoredChecker
