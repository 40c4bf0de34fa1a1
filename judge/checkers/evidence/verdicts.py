"""What the evidence of trials tells: the facts as plain JSON values, and the judgement."""

from __future__ import annotations

from typing import Any

import numpy as np

from judge.checkers.evidence.words import CURVE_POINTS, LN10, scientific
from judge.model.report import Judgement
from judge.model.verdict import Reason
from judge.stats.betting import Evidence


def evidence_facts(evidence: Evidence) -> dict[str, Any]:
    """Returns the evidence of a judgement: E after the last trial, its curve, each member's capital."""
    log10 = evidence.path[-1] / LN10 if evidence.calls else 0.0
    return {
        "alpha": evidence.alpha,
        "e_value": 10.0 ** max(-300.0, min(log10, 300.0)),
        "log10_e_value": log10,
        "log10_limit": evidence.log_limit / LN10,
        "trials": evidence.calls,
        "e_curve": _curve(evidence),
        "members": {name: round(log / LN10, 4) for name, log in evidence.members.items()},
    }


def against(evidence: Evidence, reason: Reason | None, message: str, found: dict[str, Any]) -> Judgement:
    """Returns the judgement: accepted without a ``reason``, otherwise with what the evidence is worth."""
    margin = evidence.peak / evidence.log_limit
    if reason is None:
        return Judgement(accepted=True, margin=margin, evidence=found)
    known = f"E = {scientific(found['log10_e_value'])}, limit {scientific(found['log10_limit'])}"
    said = f"{message} (evidence against the stated rule: {known})"
    return Judgement(accepted=False, reason=reason, message=said, margin=margin, evidence=found)


def _curve(evidence: Evidence) -> list[list[float]]:
    """Returns at most CURVE_POINTS points [trials, log10 E], the last one after the last trial."""
    if not evidence.calls:
        return []
    points = np.unique(np.linspace(1, evidence.calls, CURVE_POINTS).round().astype(np.int64))
    return [[int(point), round(evidence.path[point - 1] / LN10, 4)] for point in points]
