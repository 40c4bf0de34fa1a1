"""Dots for every test, a row for each submission: CPU times, and how much of a tolerance was used; and the checker's
score on spoiled answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from judge.authoring.answers import judges_answers
from judge.authoring.mutations import scores
from judge.authoring.package import Package
from judge.authoring.page.axes import Scale, Tell, below, count, dot, seconds, stroke, svg, words
from judge.authoring.page.frame import note, short
from judge.authoring.page.matrix import ordered, tip_of
from judge.authoring.rules.tolerance_margin import NUMERIC
from judge.authoring.trials import Trial
from judge.authoring.values import CHANGES
from judge.model.report import CaseReport
from judge.model.verdict import Verdict

WIDTH, LEFT, ROW, TOP = 1060, 330, 19, 26
_LEAST, _MOST = 1e-6, 1e6  # margins beyond are drawn at the edge


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One dot."""

    value: float
    good: bool
    tip: str


Rows = Sequence[tuple[str, Sequence[Point]]]


def times_section(package: Package) -> str:
    """The CPU time of every test."""
    limit = package.plan.limits.cpu_ns
    rows = [(short(trial.path), _times(trial)) for trial in ordered(package.matrix)]
    rows = [(name, points) for name, points in rows if points]
    if not rows:
        return ""
    values = [point.value for _, points in rows for point in points]
    scale = Scale(
        low=min([*values, limit / 100]), high=max([*values, limit]) * 1.3, start=LEFT, end=WIDTH - 20, log=True
    )
    told = note("A dot for each test, a ring if it was not passed; the dashed line is the time limit.")
    return told + _spread("CPU time of each test", rows, scale, {limit: "limit"}, "CPU time", seconds)


def _times(trial: Trial) -> list[Point]:
    ran = [case for case in trial.report.cases if case.cpu_ns > 0]
    return [Point(value=case.cpu_ns, good=_passed(case), tip=f"{case.name}: {tip_of(case)}") for case in ran]


def _passed(case: CaseReport) -> bool:
    return case.verdict is Verdict.ACCEPTED


def margins_section(package: Package) -> str:
    """The largest error of every test, as a part of the tolerance."""
    if package.checker.name not in NUMERIC:
        return ""
    rows = [(short(trial.path), _margins(trial)) for trial in ordered(package.matrix)]
    rows = [(name, points) for name, points in rows if points]
    if not rows:
        return ""
    scale = Scale(low=_LEAST, high=_MOST, start=LEFT, end=WIDTH - 20, log=True)
    told = note(
        "The largest error of each test divided by the tolerance: 1 is the edge. Right solutions stay left of 0.1 and"
        " wrong ones have a test to the right of 10. What is below 10⁻⁶ or above 10⁶ stands at the edge."
    )
    lines = {0.1: "0.1", 1.0: "tolerance", 10.0: "10"}
    return told + _spread("Margins", rows, scale, lines, "error / tolerance", count)


def _margins(trial: Trial) -> list[Point]:
    return [
        Point(value=case.margin, good=_passed(case), tip=f"{case.name}: {tip_of(case)}")
        for case in trial.report.cases
        if case.margin is not None and not math.isnan(case.margin)
    ]


def _spread(label: str, rows: Rows, scale: Scale, lines: dict[float, str], axis: str, tell: Tell) -> str:
    bottom = TOP + ROW * len(rows)
    parts = list(below(scale, bottom, TOP, axis, tell))
    for value, name in lines.items():
        x = scale.at(value)
        parts += [stroke(x, bottom, x, TOP - 4, "limit"), words(x, TOP - 9, name, "middle")]
    for at, (name, points) in enumerate(rows):
        y = TOP + ROW * (at + 0.5)
        parts += [stroke(LEFT, y, WIDTH - 20, y), words(LEFT - 10, y + 4, name, "end")]
        for point in points:
            colour, kind = ("var(--good)", "dot") if point.good else ("var(--bad)", "ring")
            parts.append(dot(scale.at(point.value), y, colour, point.tip, kind=kind))
    return f'<div class="scroll">{svg(WIDTH, bottom + 42, label, parts)}</div>'


def mutations_section(package: Package) -> str:
    """The share of spoiled answers that the checker rejects, by kind of change."""
    if not judges_answers(package):
        return ""
    found = scores(package, CHANGES)
    if not found:
        return ""
    scale = Scale(low=0, high=100, start=LEFT, end=WIDTH - 110)
    bottom = TOP + ROW * len(found)
    parts = list(below(scale, bottom, TOP, "rejected, %"))
    for at, score in enumerate(found):
        y = TOP + ROW * at
        share = 100 * score.rejected / score.made
        colour = "var(--good)" if share >= 50 else "var(--bad)"
        length = max(scale.at(share) - LEFT, 2)
        parts.append(words(LEFT - 10, y + 14, score.change, "end"))
        parts.append(f'<rect x="{LEFT}" y="{y + 3}" width="{length:.1f}" height="{ROW - 6}" style="fill: {colour}"/>')
        parts.append(words(LEFT + length + 8, y + 14, f"{score.rejected} of {score.made}"))
    told = note("Right answers changed in one place, by kind of change. Changes of order may be right answers.")
    return told + svg(WIDTH, bottom + 42, "Spoiled answers that are rejected", parts)
