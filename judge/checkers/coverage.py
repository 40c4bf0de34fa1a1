"""The checker ``coverage``: a function returns an interval from data, and the interval covers the truth often enough.

A case's expected value is a tuple (truth, width, data): the number to be covered, the mean width of a right interval,
and for each data parameter its law: (name, parameters, size). Each call gets fresh data that the judge draws from its
secret stream. The evidence (``judge.stats.coverage``) is against "an interval misses the truth with a probability of at
most 1 - level + slack" and "the mean width is at most ``wide`` times that of a right one".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from judge.checkers.contract import CaseFacts, Series, SeriesAnswer
from judge.checkers.evidence.limits import (
    MOST_CALLS,
    MOST_CASES,
    check_alpha,
    check_integer,
    check_name,
    check_number,
    check_takes,
)
from judge.checkers.evidence.offences import Offence
from judge.checkers.evidence.populations import check_law, draw
from judge.checkers.evidence.simulation import power, smallest_defect
from judge.checkers.evidence.trials import TrialSeries, trials_of
from judge.checkers.evidence.verdicts import against, evidence_facts
from judge.checkers.sizing import Sizing
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type
from judge.model.verdict import Reason
from judge.stats.coverage import coverage_evidence, normal_miss, views
from judge.stats.streams import Stream, derive

INTERVAL = parse_type("tuple[float, float]")
KEY = parse_type("tuple[float, float, dict[str, tuple[str, list[float], int]]]")
MOST_NUMBERS = 1_000_000  # of one data set
SAME = 1e-9  # relative: differences below it come from the order of additions


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """Accepts intervals unless the evidence reaches 1/alpha against enough coverage and a small enough width."""

    name: ClassVar[str] = "coverage"

    data: str | list[str]  # the parameters that take the data, each a list[float]
    level: float = 0.95  # nominal coverage
    slack: float = 0.02  # by which the coverage may be less
    wide: float = 1.5  # largest mean width, in mean widths of a right interval
    seed: str | None = None  # the parameter that takes a seed, an int; None when the function takes none
    alpha: float = 1e-6  # largest probability that a right function is rejected by this checker
    calls: int = 400  # that an accepted submission is asked for on one case, repeats included

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        if not self.names() or len(set(self.names())) != len(self.names()):
            raise ValueError(f"data: expected different names of parameters, found {brief(self.data)}")
        for name in self.names():
            check_name("data", name)
        if self.seed is not None:
            check_name("seed", self.seed)
        check_number("level", self.level, 0.01, 0.999999)
        check_number("slack", self.slack, 0.0, self.level - 0.005)
        check_number("wide", self.wide, 1.0, 1e6)
        check_alpha(self.alpha)
        check_integer("calls", self.calls, 8, MOST_CALLS)

    def names(self) -> list[str]:
        """The data parameters."""
        return [self.data] if isinstance(self.data, str) else list(self.data)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The key's type; raises ValueError unless the function takes the data and returns tuple[float, float]."""
        if signature.returns != INTERVAL:
            raise ValueError(f"expected a return type of {INTERVAL}, found {signature.returns}")
        for name in self.names():
            check_takes(signature, name, "list[float]")
        if self.seed is not None:
            check_takes(signature, self.seed, "int")
        return KEY

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError unless the truth is finite, the width positive, and every data parameter has a law."""
        for truth, width, data in (case.expected, *case.alternatives.values()):
            check_number("truth", truth)
            check_number("width", width, math.ulp(0.0))
            if sorted(data) != sorted(self.names()):
                raise ValueError(
                    f"data: expected laws for {', '.join(self.names())}, found {', '.join(data) or 'none'}"
                )
            for name, (law, parameters, size) in data.items():
                check_law(law, parameters)
                check_integer(f"size of {name}", size, 1, MOST_NUMBERS)

    def absent_parameters(self) -> frozenset[str]:
        """The data, and the seed if the function takes one."""
        return frozenset({*self.names(), *([self.seed] if self.seed is not None else [])})

    def for_cases(self, count: int) -> Coverage:
        """Returns the checker with alpha / ``count``: over ``count`` cases together, alpha bounds false rejections."""
        check_integer("count", count, 1, MOST_CASES)
        return replace(self, alpha=self.alpha / count)

    def open(self, case: CaseFacts, secret: bytes) -> Series:
        """Begins a series: ``calls`` calls for a right function, at most four more for one that is rejected."""
        trials = _Intervals(self, case, secret)
        repeated = self.seed is not None
        return TrialSeries(
            trials=trials, case=case.name, secret=secret, calls=self.calls, seed=self.seed, repeated=repeated
        )

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """As of Sized. An alternative's width is that of a wrong interval, its truth where that one is centred.

        Misses follow from both for a normal estimate, whose right interval has the case's width.
        """
        truth, right, _ = case.expected
        count = trials_of(self.calls, repeated=self.seed is not None)

        def play(miss: float, width: float, stream: Stream) -> int | None:
            misses = (stream.uniforms(count) < miss).astype(np.float64)
            evidence = coverage_evidence(self.most_misses, self.alpha)
            evidence.observe(*views(misses, np.full(count, width), self.wide))
            return evidence.rejected_at

        def wrong(key: Any, stream: Stream) -> int | None:
            width = key[1] / right
            return play(normal_miss(self.level, width, (key[0] - truth) / right), width, stream)

        return Sizing(
            alpha=self.alpha,
            calls=self.calls,
            smallest_defect=smallest_defect(
                lambda defect, stream: play(self.most_misses + defect, 1.0, stream), secret, 1 - self.most_misses
            ),
            defect="coverage below level - slack",
            powers=tuple(
                power(name, lambda stream, key=key: wrong(key, stream), secret, simulations)  # type: ignore[misc]
                for name, key in case.alternatives.items()
                if tuple(key[:2]) != (truth, right)
            ),
        )

    @property
    def most_misses(self) -> float:
        """The largest probability of a miss."""
        return 1.0 - self.level + self.slack


class _Intervals:
    """The Trials of a function that returns intervals."""

    def __init__(self, checker: Coverage, case: CaseFacts, secret: bytes) -> None:
        self._truth, width, self._data = case.expected
        self._most_width = width * checker.wide
        self._key = derive(secret, f"{case.name}|data")
        self._evidence = coverage_evidence(checker.most_misses, checker.alpha)
        self._misses = 0
        self._widths: list[float] = []

    def changes(self, number: int) -> Mapping[str, Any]:
        """As of Trials: the data; those of a number are always the same."""
        return {name: self._drawn(name, number) for name in self._data}

    def read(self, number: int, answer: SeriesAnswer) -> tuple[float, float] | Offence:
        """As of Trials: the interval."""
        low, high = answer.value
        if not (math.isfinite(low) and math.isfinite(high)):
            message = f"expected two finite numbers, found {brief(answer.value)}"
            return Offence(reason=Reason.NOT_FINITE, message=message)
        if low > high:
            message = f"expected an interval whose lower end comes first, found {brief(answer.value)}"
            return Offence(reason=Reason.NOT_VALID, message=message)
        return low, high

    def take(self, number: int, read: tuple[float, float]) -> bool:
        """As of Trials."""
        low, high = read
        miss = not low <= self._truth <= high
        width = high - low  # may be infinite
        self._misses += miss
        self._widths.append(width)
        self._evidence.observe(*views(np.array([float(miss)]), np.array([width]), self._most_width))
        return self._evidence.rejected_at is not None

    def difference(self, first: tuple[float, float], again: tuple[float, float]) -> str:
        """As of Trials."""
        same = all(
            math.isclose(a, b, rel_tol=SAME, abs_tol=SAME * self._most_width) for a, b in zip(first, again, strict=True)
        )
        return "" if same else f"the interval was {brief(first)}, and {brief(again)}"

    def judgement(self) -> Judgement:
        """As of Trials."""
        count = len(self._widths)
        found = evidence_facts(self._evidence) | {"misses": self._misses}
        if self._evidence.rejected_at is None:
            return against(self._evidence, None, "", found)
        members = self._evidence.members
        if members["width"] > members["miss"]:
            mean = sum(width / count for width in self._widths) if count else 0.0
            return against(
                self._evidence,
                Reason.NOT_OPTIMAL,
                f"the mean width of {count} intervals is {mean:.4g}: too wide",
                found,
            )
        message = f"{self._misses} of {count} intervals missed the truth"
        return against(self._evidence, Reason.WRONG_DISTRIBUTION, message, found)

    def _drawn(self, name: str, number: int) -> list[float]:
        law, parameters, size = self._data[name]
        return [float(x) for x in draw(law, parameters, size, Stream(self._key, f"{name}|{number}"))]
