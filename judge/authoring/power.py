"""What a package's statistical checker promises: error rate, calls, and the power against every declared wrong law.

Nothing of the package is run for it: the plan holds the laws, and the checker simulates its own series. The checker is
asked with the error rate that each test has when the package is graded. Random numbers derive from the plan's digest,
so the same package gives the same figures.
"""

from __future__ import annotations

import hashlib
import math
import os.path
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from judge.checkers.contract import CaseFacts
from judge.checkers.sizing import Power, Sized, Sizing
from judge.errors import SpecError
from judge.grading.grader import checker_of
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.spec.keys import JUDGE_FILE


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePower:
    """What the checker promises on one test."""

    name: str  # of the test
    sizing: Sizing
    unchanged: tuple[str, ...]  # alternatives that are the law on this test, so that there is nothing to reject


def case_powers(problem: Problem, plan: TestPlan, simulations: int) -> Iterator[CasePower]:
    """Yields the promises on each test, in the plan's order. Raises SpecError when the checker makes none."""
    checker = checker_of(plan)
    if not isinstance(checker, Sized):
        message = f"expected a statistical checker, found {checker.name!r}, which never errs by chance: it has no power"
        raise SpecError(message, file=os.path.join(problem.root, JUDGE_FILE))
    for case in plan.cases:
        facts = CaseFacts(
            name=case.name,
            arguments=plan.facts_of(case),
            expected=plan.expected_of(case),
            alternatives=plan.alternatives_of(case),
        )
        secret = hashlib.sha256(f"power:{plan.digest}:{case.name}".encode()).digest()
        sizing = checker.sizing(facts, secret, simulations)
        tried = {power.alternative for power in sizing.powers}
        unchanged = tuple(name for name in facts.alternatives if name not in tried)
        yield CasePower(name=case.name, sizing=sizing, unchanged=unchanged)


@dataclass(frozen=True, kw_only=True, slots=True)
class Surest:
    """The test that rejects one declared wrong law most surely: a submission fails when any test does."""

    test: str
    power: Power


def surest(powers: list[CasePower], names: Iterable[str]) -> list[Surest]:
    """Returns it for each alternative of ``names``, in that order; of equally sure tests, that of the fewest calls."""
    best: dict[str, Surest] = {}
    for case in powers:
        for power in case.sizing.powers:
            known = best.get(power.alternative)
            if known is None or _rank(power) > _rank(known.power):
                best[power.alternative] = Surest(test=case.name, power=power)
    return [best[name] for name in names if name in best]


def _rank(power: Power) -> tuple[int, float]:
    return power.rejected, -float("inf") if power.median_calls is None else -power.median_calls


def as_json(plan: TestPlan, powers: list[CasePower]) -> dict[str, Any]:
    """Returns everything as plain values."""
    return {
        "problem": plan.slug,
        "digest": plan.digest,
        "checker": plan.checker.name,
        "cases": [{"name": case.name, **_sizing(case.sizing), "unchanged": list(case.unchanged)} for case in powers],
    }


def _sizing(sizing: Sizing) -> dict[str, Any]:
    return {
        "alpha": sizing.alpha,
        "calls": sizing.calls,
        "smallest_defect": sizing.smallest_defect if math.isfinite(sizing.smallest_defect) else None,
        "defect": sizing.defect,
        "powers": [_power(power) for power in sizing.powers],
    }


def _power(power: Power) -> dict[str, Any]:
    low, high = power.interval
    return {
        "alternative": power.alternative,
        "rejected": power.rejected,
        "simulations": power.simulations,
        "low": low,
        "high": high,
        "median_calls": power.median_calls,
    }
