"""What a sampler's series tells: the facts as plain JSON values, and a sentence for the candidate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from judge.stats.attribution import (
    Cause,
    expected_distinct,
    fitted_power,
    most_correlated_rows,
)
from judge.stats.declared import PREFIX
from judge.stats.eprocess import EProcess
from judge.stats.law import Block, RowLaw

CURVE_POINTS = 64
LN10 = math.log(10.0)


def facts(evidence: EProcess, *, repeats: int) -> dict[str, Any]:
    """Returns the evidence of a judgement: E-values as of the rejection or the end, with decimal logarithms."""
    calls = evidence.rejected_at or evidence.calls
    log10 = float(evidence.path[calls - 1]) / LN10 if calls else 0.0
    return {
        "alpha": evidence.alpha,
        "e_value": 10.0 ** max(-300.0, min(log10, 300.0)),
        "log10_e_value": log10,
        "log10_limit": evidence.log_limit / LN10,
        "calls": calls,
        "draws": evidence.calls,
        "repeats": repeats,
        "e_curve": _curve(evidence, calls),
        "members": {name: round(log / LN10, 4) for name, log in evidence.members_at(calls).items()},
    }


def _curve(evidence: EProcess, calls: int) -> list[list[float]]:
    """Returns at most CURVE_POINTS points [calls, log10 E], the last one at ``calls``."""
    if calls == 0:
        return []
    points = np.unique(np.linspace(1, calls, CURVE_POINTS).round().astype(np.int64))
    return [[int(point), round(float(evidence.path[point - 1]) / LN10, 4)] for point in points]


def sentence(defect: str, found: Mapping[str, Any]) -> str:
    """Returns what is wrong and what the evidence is worth, for the candidate; ``found`` as ``facts`` gives it."""
    known = f"E = {scientific(found['log10_e_value'])}, limit {scientific(found['log10_limit'])}"
    return f"{defect} (evidence against the stated law: {known})"


def defect(cause: Cause, law: RowLaw, block: Block, found: Mapping[str, Any]) -> str:
    """Returns what is wrong with draws from a law of independent rows."""
    match cause:
        case Cause.SAME_ANSWER:
            return f"{len(block)} different seeds all gave the same answer"
        case Cause.FEW_ANSWERS:
            return _few_answers(law, block)
        case Cause.ROWS:
            return _dependent_rows(law, block)
        case Cause.SUCCESSIVE_SEEDS:
            return "the answers to consecutive seeds are not independent of each other"
        case Cause.DISTRIBUTION:
            members = found["members"]
            return _wrong_count(found["worst"]) + _likeness(members, law, block)


def _wrong_count(worst: dict[str, Any]) -> str:
    times = {0: "never drawn", 1: "drawn once"}.get(worst["observed"], f"drawn {worst['observed']} times")
    expected = f"about {worst['expected']:.3g} were expected in {worst['calls']} calls"
    return f"index {worst['index']} was {times} for row {worst['row']}; {expected}"


def _likeness(members: Mapping[str, float], law: RowLaw, block: Block) -> str:
    """Returns what the draws look like, when the member that gained most tells; ``members`` are decimal logarithms."""
    best = max(members, key=members.__getitem__)
    if best == "tilt":
        return _power(fitted_power(law, block))
    return known_mistakes(members)


def known_mistakes(members: Mapping[str, float]) -> str:
    """Returns which declared laws the draws look like, when one of them gained most; empty otherwise.

    Those within a factor of 10 of the best are named as well; ``members`` are decimal logarithms."""
    best = max(members, key=members.__getitem__)
    if not best.startswith(PREFIX):
        return ""
    near = [name for name, log10 in members.items() if name.startswith(PREFIX) and log10 > members[best] - 1]
    return f"; the draws look like a known mistake: {' or '.join(name.removeprefix(PREFIX) for name in near)}"


def _power(power: float) -> str:
    if power < 0.05:
        return "; the draws look uniform over the possible indices"
    bound = "at least " if power > 15.9 else ""
    return f"; the draws look as if every probability were raised to the power {bound}{power:.2g} and normalised again"


def _few_answers(law: RowLaw, block: Block) -> str:
    distinct = len({answer.tobytes() for answer in block.answers})
    expected = expected_distinct(law, len(block))
    return f"{len(block)} different seeds gave {distinct} different answers; about {expected:.4g} were expected"


def _dependent_rows(law: RowLaw, block: Block) -> str:
    first, second, correlation = most_correlated_rows(law, block)
    return (
        f"the rows of one call are not drawn independently of each other: over {len(block)} calls, the draws of rows "
        f"{first} and {second} have a correlation of {correlation:.2f}"
    )


def scientific(log10: float) -> str:
    """Returns a number given by its decimal logarithm: ``7.5`` gives ``3.2e7``."""
    exponent = math.floor(log10)
    mantissa = round(10 ** (log10 - exponent), 1)
    return f"{mantissa}e{exponent}" if mantissa < 10 else f"1.0e{exponent + 1}"
