"""The checker ``estimator``: one call returns a Monte-Carlo estimate of stated numbers, reproducibly from a seed.

A case's expected value is the truth: a float, or a list of floats of the answers' length. The function is called with
fresh seeds, and rejected when the evidence (``judge.stats.estimates``) reaches 1/alpha against "the expectation of
every number is within ``bias`` of the truth" or, with ``rmse``, against "the root mean squared error is at most
``rmse``". Only means are tested: any law of estimates with the right ones is accepted, a constant
too, unless ``distinct`` says that seeds differ.
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
from judge.checkers.evidence.simulation import power, smallest_defect
from judge.checkers.evidence.trials import TrialSeries, trials_of
from judge.checkers.evidence.verdicts import against, evidence_facts
from judge.checkers.sizing import Sizing
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type
from judge.model.verdict import Reason
from judge.stats.arrays import Floats
from judge.stats.betting import Evidence
from judge.stats.estimates import EstimateNull
from judge.stats.streams import Stream

ANSWERS = (parse_type("float"), parse_type("list[float]"))
SAME = 1e-9  # of the range: differences below it come from the order of additions, not from the draws


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimator:
    """Accepts an estimator unless the evidence reaches 1/alpha against a right expectation, or a small error."""

    name: ClassVar[str] = "estimator"

    low: float  # the least possible estimate
    high: float  # the largest
    bias: float = 0.0  # by which the expectation may differ from the truth
    rmse: float | None = None  # largest root mean squared error of one estimate; None: any
    spread: float | None = None  # standard deviation of one right estimate, for the sizing only; None: rmse
    distinct: float | None = None  # least probability that two seeds give different estimates; None: any
    seed: str = "seed"  # the parameter that takes the seed, an int
    alpha: float = 1e-6  # largest probability that a right estimator is rejected by this checker
    calls: int = 200  # that an accepted submission is asked for on one case, repeats included

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_number("low", self.low)
        check_number("high", self.high)
        if not self.low < self.high or not math.isfinite(self.high - self.low):
            raise ValueError(f"high: expected a number above low = {self.low}, found {self.high}")
        check_number("bias", self.bias, 0.0)
        for name, value in (("rmse", self.rmse), ("spread", self.spread)):
            if value is not None:
                check_number(name, value, (self.high - self.low) * 1e-9, self.high - self.low)
        if self.distinct is not None:
            check_number("distinct", self.distinct, 0.01, 0.9999)
        check_name("seed", self.seed)
        check_alpha(self.alpha)
        check_integer("calls", self.calls, 8, MOST_CALLS)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError unless it is float or list[float] and the function takes the seed."""
        if signature.returns not in ANSWERS:
            raise ValueError(f"expected a return type of float or list[float], found {signature.returns}")
        check_takes(signature, self.seed, "int")
        return signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError unless the truth lies between low and high and some estimate could refute it."""
        for key in (case.expected, *case.alternatives.values()):
            numbers = _numbers(key)
            if not numbers.size:
                raise ValueError("expected at least one number, found none")
            outside = ~((numbers >= self.low) & (numbers <= self.high))
            if outside.any():
                raise ValueError(f"expected numbers from {self.low} to {self.high}, found {numbers[outside][0]}")
        if not self._null(case).can_be_refuted():
            raise ValueError(f"bias: expected less than the range leaves beside the truth, found {self.bias}")
        for name, key in case.alternatives.items():
            if _numbers(key).shape != _numbers(case.expected).shape:
                raise ValueError(f"alternative {name!r}: expected as many numbers as in the truth")

    def absent_parameters(self) -> frozenset[str]:
        """The seed."""
        return frozenset({self.seed})

    def for_cases(self, count: int) -> Estimator:
        """Returns the checker with alpha / ``count``: over ``count`` cases together, alpha bounds false rejections."""
        check_integer("count", count, 1, MOST_CASES)
        return replace(self, alpha=self.alpha / count)

    def open(self, case: CaseFacts, secret: bytes) -> Series:
        """Begins a series: ``calls`` calls for a right estimator, at most four more for one that is rejected."""
        trials = _Trials(self._null(case), self.alpha)
        return TrialSeries(
            trials=trials, case=case.name, secret=secret, calls=self.calls, seed=self.seed, repeated=True
        )

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """As of Sized: estimates follow a beta law over the range, of standard deviation ``spread`` and shifted mean.

        Without ``spread`` and ``rmse`` they lie at the ends of the range, which is the hardest law to test.
        """
        null, count = self._null(case), trials_of(self.calls, repeated=True)

        def play(truth: Floats, stream: Stream) -> int | None:
            evidence = null.evidence(self.alpha)
            evidence.observe(*null.views(self._simulated(truth, count, stream)))
            return evidence.rejected_at

        room = max(float(np.max(self.high - null.truth)), float(np.max(null.truth - self.low)))
        sign = 1.0 if float(np.max(self.high - null.truth)) >= room else -1.0
        return Sizing(
            alpha=self.alpha,
            calls=self.calls,
            smallest_defect=smallest_defect(
                lambda defect, stream: play(np.clip(null.truth + sign * defect, self.low, self.high), stream),
                secret,
                room,
            ),
            defect="distance of every expectation from the truth, in the unit of the answer",
            powers=tuple(
                power(name, lambda stream, key=key: play(_numbers(key), stream), secret, simulations)  # type: ignore[misc]
                for name, key in case.alternatives.items()
                if not np.array_equal(_numbers(key), null.truth)
            ),
        )

    def _null(self, case: CaseFacts) -> EstimateNull:
        return EstimateNull(
            truth=_numbers(case.expected),
            low=float(self.low),
            high=float(self.high),
            bias=self.bias,
            rmse=self.rmse,
            distinct=self.distinct,
        )

    def _simulated(self, means: Floats, count: int, stream: Stream) -> Floats:
        """Returns (count, d) estimates of a beta law with these means."""
        from scipy import special

        width = self.high - self.low
        centre = (means - self.low) / width
        most = centre * (1 - centre)  # the variance of the two-point law at the ends
        given = self.spread or self.rmse
        variance = np.minimum(most * 0.999, (given / width) ** 2) if given else most * 0.999
        uniforms = stream.uniforms(count, len(means))
        with np.errstate(divide="ignore", invalid="ignore"):
            size = most / variance - 1
            drawn = special.betaincinv(centre * size, (1 - centre) * size, uniforms)
        return np.asarray(self.low + width * np.where(most > 0, drawn, centre))


class _Trials:
    """The Trials of an estimator."""

    def __init__(self, null: EstimateNull, alpha: float) -> None:
        self._null = null
        self._evidence: Evidence = null.evidence(alpha)
        self._estimates: list[Floats] = []

    def changes(self, number: int) -> Mapping[str, Any]:
        """As of Trials: only the seed changes."""
        return {}

    def read(self, number: int, answer: SeriesAnswer) -> Floats | Offence:
        """As of Trials: the numbers, as an array."""
        numbers, truth = _numbers(answer.value), self._null.truth
        if numbers.shape != truth.shape:
            message = f"expected {len(truth)} numbers, found {len(numbers)}"
            return Offence(reason=Reason.WRONG_SHAPE, message=message)
        wrong = ~((numbers >= self._null.low) & (numbers <= self._null.high))
        if not wrong.any():
            return numbers
        at = int(wrong.argmax())
        where = f"answer[{at}]" if isinstance(answer.value, list) else "answer"
        if not math.isfinite(numbers[at]):
            return Offence(reason=Reason.NOT_FINITE, message=f"{where}: expected a finite number, found {numbers[at]}")
        limits = f"a number from {self._null.low:g} to {self._null.high:g}"
        return Offence(
            reason=Reason.WRONG_SUPPORT, message=f"{where}: expected {limits}, found {brief(float(numbers[at]))}"
        )

    def take(self, number: int, read: Floats) -> bool:
        """As of Trials."""
        self._estimates.append(read)
        self._evidence.observe(*self._null.views(read[None, :]))
        return self._evidence.rejected_at is not None

    def difference(self, first: Floats, again: Floats) -> str:
        """As of Trials."""
        different = np.abs(first - again) > SAME * (self._null.high - self._null.low)
        if not different.any():
            return ""
        at = int(different.argmax())
        return f"number {at} was {float(first[at])!r}, and {float(again[at])!r}"

    def judgement(self) -> Judgement:
        """As of Trials."""
        found = evidence_facts(self._evidence)
        if self._evidence.rejected_at is None:
            return against(self._evidence, None, "", found)
        members, seeds = self._evidence.members, len(self._estimates)
        largest = max(members, key=lambda name: members[name])
        if largest == "error":
            message = f"over {seeds} seeds the root mean squared error is too large"
            return against(self._evidence, Reason.NOT_OPTIMAL, message, found)
        if largest == "distinct":
            different = len({estimate.tobytes() for estimate in self._estimates})
            message = f"{seeds} different seeds gave {different} different answers"
            return against(self._evidence, Reason.DEPENDENT_DRAWS, message, found)
        return against(self._evidence, Reason.WRONG_DISTRIBUTION, self._biased(), found)

    def _biased(self) -> str:
        """Names the number whose mean is furthest from the truth, in standard errors, and which way; not the truth."""
        estimates = np.stack(self._estimates)
        mean = estimates.mean(axis=0)
        error = estimates.std(axis=0) / math.sqrt(len(estimates))
        excess = np.abs(mean - self._null.truth) - self._null.bias
        at = int(np.argmax(excess / (error + 1e-12 * (self._null.high - self._null.low))))
        which = "low" if mean[at] < self._null.truth[at] else "high"
        name = f"number {at}" if len(mean) > 1 else "the answer"
        return (
            f"over {len(estimates)} seeds the mean of {name} is {mean[at]:.6g}, with a standard error of "
            f"{error[at]:.2g}: too {which}"
        )


def _numbers(value: Any) -> Floats:
    return np.atleast_1d(np.asarray(value, dtype=np.float64))
