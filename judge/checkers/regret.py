"""The checker ``regret``: a policy plays against the author's environment, and its expected regret is bounded.

A case's expected value is a tuple (bound, largest, rounds): the regret that a right policy has at most in expectation,
the largest that a run can have, and how often the oracle must be asked. Each call of the function is one run against a
fresh environment, whose record (``OracleRecord.result``) holds the regret; what the function returns is not looked at.
The regret divided by ``largest`` lies in [0, 1], so bets on a bounded mean (``judge.stats.betting``) give a test of
"the expected regret is at most ``bound``" that assumes nothing else of its law.
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
from judge.checkers.evidence.trials import TrialSeries
from judge.checkers.evidence.verdicts import against, evidence_facts
from judge.checkers.sizing import Sizing
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.run import OracleRecord
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type
from judge.model.verdict import Reason
from judge.stats.betting import AtMost, Evidence
from judge.stats.streams import Stream

KEY = parse_type("tuple[float, float, int]")
ROUNDING = 1e-9  # of the largest regret: how far outside [0, largest] additions may bring it


@dataclass(frozen=True, kw_only=True, slots=True)
class Regret:
    """Accepts a policy unless the evidence reaches 1/alpha against an expected regret of at most the case's bound."""

    name: ClassVar[str] = "regret"

    oracle: str  # the parameter that takes the oracle; each run must ask it exactly as often as the case says
    result: str = "regret"  # the key of the environment's result that holds the regret
    seed: str | None = None  # the parameter that takes a seed, an int; None when the function takes none
    alpha: float = 1e-6  # largest probability that a right policy is rejected by this checker
    calls: int = 60  # runs of an accepted policy on one case

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        check_name("oracle", self.oracle)
        if not isinstance(self.result, str):
            raise ValueError(f"result: expected a text, found {brief(self.result)}")
        if self.seed is not None:
            check_name("seed", self.seed)
        check_alpha(self.alpha)
        check_integer("calls", self.calls, 8, MOST_CALLS)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The key's type; raises ValueError unless the function takes the oracle and, if one is named, the seed."""
        check_takes(signature, self.oracle)
        if self.seed is not None:
            check_takes(signature, self.seed, "int")
        return KEY

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError unless 0 < bound < largest, and rounds is positive."""
        for key in (case.expected, *case.alternatives.values()):
            _check_key(*key)

    def absent_parameters(self) -> frozenset[str]:
        """The seed, if the function takes one."""
        return frozenset({self.seed} if self.seed is not None else ())

    def for_cases(self, count: int) -> Regret:
        """Returns the checker with alpha / ``count``: over ``count`` cases together, alpha bounds false rejections."""
        check_integer("count", count, 1, MOST_CASES)
        return replace(self, alpha=self.alpha / count)

    def open(self, case: CaseFacts, secret: bytes) -> Series:
        """Begins a series of ``calls`` runs, each with a seed of its own; no run is repeated."""
        bound, largest, rounds = case.expected
        trials = _Runs(self, largest=largest, rounds=rounds, evidence=self._evidence(bound, largest))
        return TrialSeries(
            trials=trials, case=case.name, secret=secret, calls=self.calls, seed=self.seed, repeated=False
        )

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """As of Sized: regrets are 0 or the largest, the hardest law to test. An alternative's bound is a mean."""
        bound, largest, _ = case.expected

        def play(regret: float, stream: Stream) -> int | None:
            evidence = self._evidence(bound, largest)
            evidence.observe((stream.uniforms(self.calls, 1) < min(regret / largest, 1.0)).astype(np.float64))
            return evidence.rejected_at

        return Sizing(
            alpha=self.alpha,
            calls=self.calls,
            smallest_defect=smallest_defect(
                lambda defect, stream: play(bound + defect, stream), secret, largest - bound
            ),
            defect="expected regret above the bound, in its unit, when single regrets are 0 or the largest",
            powers=tuple(
                power(name, lambda stream, mean=mean: play(mean, stream), secret, simulations)  # type: ignore[misc]
                for name, (mean, _, _) in case.alternatives.items()
                if mean != bound
            ),
        )

    def _evidence(self, bound: float, largest: float) -> Evidence:
        return Evidence([AtMost("regret", np.array([bound / largest]))], self.alpha)


class _Runs:
    """The Trials of a policy."""

    def __init__(self, checker: Regret, *, largest: float, rounds: int, evidence: Evidence) -> None:
        self._checker = checker
        self._largest = largest
        self._rounds = rounds
        self._evidence = evidence
        self._regrets: list[float] = []

    def changes(self, number: int) -> Mapping[str, Any]:
        """As of Trials: only the seed changes, and the environment, which the judge begins anew for each call."""
        return {}

    def read(self, number: int, answer: SeriesAnswer) -> float | Offence:
        """As of Trials: the regret. Raises ValueError when the environment gave none in range."""
        if answer.oracle is None:
            raise ValueError(f"expected a record of the oracle {self._checker.oracle!r}, found none")
        asked = answer.oracle.calls.get(self._checker.oracle, 0)
        if asked != self._rounds:
            message = f"expected {self._rounds} calls of {self._checker.oracle!r} in one run, found {asked}"
            return Offence(reason=Reason.NOT_VALID, message=message)
        return self._regret_of(answer.oracle)

    def take(self, number: int, read: float) -> bool:
        """As of Trials."""
        self._regrets.append(read)
        self._evidence.observe(np.array([[read / self._largest]]))
        return self._evidence.rejected_at is not None

    def difference(self, first: float, again: float) -> str:
        """As of Trials: runs are not compared, since each has an environment of its own."""
        return ""

    def judgement(self) -> Judgement:
        """As of Trials."""
        runs = len(self._regrets)
        found = evidence_facts(self._evidence)
        if runs:
            found["mean_regret"] = math.fsum(self._regrets) / runs
            found["largest_regret"] = max(self._regrets)
        if self._evidence.rejected_at is None:
            return against(self._evidence, None, "", found)
        message = f"over {runs} runs the mean regret is {found['mean_regret']:.6g}: too large"
        return against(self._evidence, Reason.NOT_OPTIMAL, message, found)

    def _regret_of(self, record: OracleRecord) -> float:
        key, result = self._checker.result, record.result
        regret: Any = result.get(key) if isinstance(result, Mapping) else None
        slack = ROUNDING * self._largest
        if type(regret) not in (int, float) or not -slack <= regret <= self._largest + slack:
            expected = f"a number {key!r} from 0 to {self._largest}"
            raise ValueError(f"expected the environment's result to hold {expected}, found {brief(result)}")
        return min(max(float(regret), 0.0), self._largest)


def _check_key(bound: float, largest: float, rounds: int) -> None:
    check_number("bound", bound, 0.0)
    check_number("largest", largest, 0.0)
    if not 0 < bound < largest:
        raise ValueError(f"expected 0 < bound < largest, found bound {bound} and largest {largest}")
    if rounds < 1:
        raise ValueError(f"rounds: expected at least 1, found {rounds}")
