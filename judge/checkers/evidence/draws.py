"""What all checkers of functions that draw have in common: their parameters, and the series that they open."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from judge.checkers.contract import CaseFacts, Series
from judge.checkers.evidence.limits import MOST_CALLS, MOST_CASES, check_alpha, check_integer, check_name
from judge.checkers.evidence.plan import plan_calls
from judge.checkers.evidence.series import SamplerSeries, Streams
from judge.checkers.evidence.subject import Subject
from judge.stats.eprocess import EProcess
from judge.stats.streams import Stream

Opener = Callable[[bytes], SamplerSeries]  # a secret to a series that is used once


@dataclass(frozen=True, kw_only=True, slots=True)
class Draws:
    """The parameters of a checker that calls a function with fresh seeds and judges what it draws."""

    seed: str = "seed"  # the parameter that takes the seed, an int
    alpha: float = 1e-6  # largest probability that a correct program is rejected by this checker
    calls: int = 200  # that an accepted submission is asked for on one case, repeats included
    repeats: int = 0  # of these, calls with an earlier seed, half of them in a second process; 0: 5 %, at least 4
    consecutive: int = 1  # seeds come in runs of so many successive integers; above 1, these are tested for dependence

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_name("seed", self.seed)
        check_alpha(self.alpha)
        check_integer("calls", self.calls, 8, MOST_CALLS)
        check_integer("repeats", self.repeats, 0, self.calls // 2)
        if self.repeats == 1:
            raise ValueError("repeats: expected 0 (5 % of the calls, at least 4) or at least 2, found 1")
        check_integer("consecutive", self.consecutive, 1, 1000)

    def absent_parameters(self) -> frozenset[str]:
        """The seed."""
        return frozenset({self.seed})

    def for_cases(self, count: int) -> Self:
        """Returns the checker with alpha / ``count``: over ``count`` cases together, alpha bounds false rejections."""
        check_integer("count", count, 1, MOST_CASES)
        return replace(self, alpha=self.alpha / count)

    def opener(self, case: CaseFacts) -> Opener:
        """Returns what begins series on ``case``, each with a secret of its own."""
        raise NotImplementedError

    def open(self, case: CaseFacts, secret: bytes) -> Series:
        """Begins a series: ``calls`` calls for a correct program, at most four more for one that is rejected."""
        return self.opener(case)(secret)

    def draws_per_series(self) -> int:
        """The number of fresh seeds: the calls without the repeats."""
        return self.calls - self._repeats()

    def series(self, case: str, secret: bytes, subject: Subject, evidence: EProcess) -> SamplerSeries:
        """Begins a series: ``calls`` calls for a correct program, at most four more for one that is rejected.

        ``evidence`` is fresh, and made for ``draws_per_series()`` calls."""
        return SamplerSeries(
            parameter=self.seed,
            subject=subject,
            plan=plan_calls(secret, case, calls=self.calls, repeats=self._repeats(), run=self.consecutive),
            evidence=evidence,
            streams=Streams(
                audit=Stream(secret, f"{case}|audit"),
                pit=Stream(secret, f"{case}|pit"),
                choice=Stream(secret, f"{case}|choice"),
            ),
        )

    def _repeats(self) -> int:
        return self.repeats or max(4, math.ceil(self.calls / 20))


def wrong_laws[L](case: CaseFacts, read: Callable[[Any], L], differs: Callable[[L], bool]) -> dict[str, L]:
    """Returns the alternatives of ``case`` that differ from its law. Raises ValueError naming one that is no law."""
    laws = {}
    for name, value in case.alternatives.items():
        try:
            laws[name] = read(value)
        except ValueError as error:
            raise ValueError(f"alternative {name!r}: {error}") from None
    return {name: law for name, law in laws.items() if differs(law)}


def check_count(name: str, value: Any, low: int, high: int) -> None:
    """Raises ValueError unless the checker's parameter ``name`` is a number in range or the name of a parameter."""
    if isinstance(value, str):
        check_name(name, value)
    else:
        check_integer(name, value, low, high)


def count_of(name: str, value: int | str, arguments: Mapping[str, Any], low: int, high: int) -> int:
    """Returns a number that is written out or, as a name, an argument. Raises ValueError when it is out of range."""
    if not isinstance(value, str):
        return value
    found = arguments[value]
    check_integer(f"{name}: argument {value!r}", found, low, high)
    return int(found)
