"""Checkers that bet against a law: the e-value of each test as draws come in, and the cells that are furthest off.

A submission has a card. Above, ln E as a decimal logarithm against the number of calls, a curve for each test; at the
dashed line it is rejected. Below, the counts of the cells that the evidence names, on the test with the largest
e-value, against those expected; on the diagonal both agree.
"""

from __future__ import annotations

import math
from typing import Any

from judge.authoring.package import Package
from judge.authoring.page.axes import Scale, below, beside, count, curve, dot, stroke, svg, words
from judge.authoring.page.frame import note, short, text
from judge.authoring.page.matrix import ordered
from judge.authoring.trials import Trial
from judge.model.report import CaseReport
from judge.model.verdict import Verdict

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 330, 210, 40, 28, 168
_DEEPEST = -4.0  # log10 E that is drawn; below it says no more


def draws_section(package: Package) -> str:
    """A card for each submission."""
    cards = "".join(_card(trial) for trial in ordered(package.matrix))
    if not cards:
        return ""
    told = note(
        "Above: E bets against the stated law as draws come in, a curve for each test; a correct solution reaches the"
        " dashed line with a probability of at most alpha. A cross is a test that broke the exact contract, whatever E"
        " was. Below: the cells that are furthest off on one test; on the dashed line both counts agree."
    )
    return f'{told}<div class="cards">{cards}</div>'


def _card(trial: Trial) -> str:
    cases = [case for case in trial.report.cases if "e_curve" in case.evidence]
    if not cases:
        return ""
    worst = max(cases, key=_evidence)
    widest = max(cases, key=lambda case: len(case.evidence.get("table", ())))
    right = trial.report.verdict is Verdict.ACCEPTED
    verdict = "accepted" if right else f"{trial.report.verdict.lower().replace('_', ' ')}, {trial.report.reason}"
    kind = "good" if right else "bad"
    head = f'<h3>{text(short(trial.path))}</h3><p><span class="{kind}">{text(verdict)}</span>'
    head += f", largest E on {text(worst.name)}: 10^{_evidence(worst):.1f}</p>"
    return f'<div class="card">{head}{_curves(cases)}{_cells(widest if right else worst)}</div>'


def _evidence(case: CaseReport) -> float:
    found = case.evidence.get("log10_e_value")
    return float(found) if isinstance(found, int | float) and math.isfinite(found) else 0.0


def _curves(cases: list[CaseReport]) -> str:
    limit = float(cases[0].evidence.get("log10_limit", 6.0))
    lines = [[(float(calls), float(log)) for calls, log in case.evidence["e_curve"]] for case in cases]
    calls = [at for line in lines for at, _ in line]
    highest = max([limit * 1.25, *(min(log, 3 * limit) for line in lines for _, log in line)])
    across = Scale(low=0, high=max([1.0, *calls]), start=LEFT, end=WIDTH - 14)
    up = Scale(low=_DEEPEST, high=highest, start=BOTTOM, end=TOP)
    parts = [*below(across, BOTTOM, TOP, "calls", most=4), *beside(up, LEFT, WIDTH - 14, "log₁₀ E")]
    y = up.at(limit)
    parts += [stroke(LEFT, y, WIDTH - 14, y, "limit"), words(WIDTH - 14, y - 5, "rejected", "end")]
    for case, line in zip(cases, lines, strict=True):
        colour = "var(--good)" if case.verdict is Verdict.ACCEPTED else "var(--bad)"
        tip = f"{case.name}: log10 E {_evidence(case):.2f}, {case.message or 'accepted'}"
        places = [(across.at(at), up.at(log)) for at, log in line]
        if len(places) > 1:
            parts.append(curve(places, colour, tip))
        if places:
            parts.append(dot(*places[-1], colour, tip, radius=3))
        if case.verdict is not Verdict.ACCEPTED and _evidence(case) < limit:
            x = places[-1][0] if places else across.at(float(case.evidence.get("calls", 0)))
            parts.append(
                f'<g style="stroke: {colour}; stroke-width: 2"><title>{text(tip)}</title>{_cross(x, up.at(0))}</g>'
            )
    return svg(WIDTH, HEIGHT, "Evidence against the law", parts)


def _cross(x: float, y: float) -> str:
    return f'<path d="M{x - 5},{y - 5}L{x + 5},{y + 5}M{x - 5},{y + 5}L{x + 5},{y - 5}" fill="none"/>'


def _cells(case: CaseReport) -> str:
    cells = [cell for cell in case.evidence.get("table", ()) if {"observed", "expected"} <= cell.keys()]
    if not cells:
        return ""
    highest = max(1.0, *(max(float(cell["observed"]), float(cell["expected"])) for cell in cells)) * 1.08
    across = Scale(low=0, high=highest, start=LEFT, end=WIDTH - 14)
    up = Scale(low=0, high=highest, start=BOTTOM, end=TOP)
    parts = [*below(across, BOTTOM, TOP, "expected", most=4), *beside(up, LEFT, WIDTH - 14, f"observed on {case.name}")]
    parts.append(stroke(across.at(0), up.at(0), across.at(highest), up.at(highest), "limit"))
    colour = "var(--good)" if case.verdict is Verdict.ACCEPTED else "var(--bad)"
    for cell in cells:
        x, y = across.at(float(cell["expected"])), up.at(float(cell["observed"]))
        parts.append(stroke(x, y, x, up.at(float(cell["expected"])), "grid", colour))
        parts.append(dot(x, y, colour, f"{case.name}, {_place(cell)}: {_counts(cell)}"))
    return svg(WIDTH, HEIGHT, f"Observed against expected counts on {case.name}", parts)


def _place(cell: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in cell.items() if key not in ("observed", "expected"))


def _counts(cell: dict[str, Any]) -> str:
    return f"observed {count(float(cell['observed']))}, expected {float(cell['expected']):.1f}"
