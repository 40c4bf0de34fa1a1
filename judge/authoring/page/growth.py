"""CPU time against size for each family of a complexity gate, with the fitted slopes, on logarithmic axes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from judge.authoring.package import Package
from judge.authoring.page.axes import Scale, below, beside, count, curve, dot, seconds, stroke, svg, words
from judge.authoring.page.frame import note, short, text
from judge.authoring.page.matrix import ordered
from judge.model.verdict import Verdict

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 1060, 430, 70, 30, 380
COLOURS = 8  # --s0 to --s7


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One submission's measurements."""

    name: str
    accepted: bool  # by the gate
    points: tuple[tuple[float, float], ...]  # size, nanoseconds
    counted: tuple[float, ...]  # the sizes that the slope was fitted to
    slope: dict[str, Any] | None  # estimate, low, high
    gate: float
    words: str
    colour: str


def growth_section(package: Package) -> str:
    """A plot for each family."""
    found = [(family.report_name, _lines(package, family.report_name)) for family in package.plan.gate_families]
    plots = "".join(family_plot(name, lines) for name, lines in found if lines)
    if not plots:
        return ""
    told = note(
        "The least CPU time of the calls of each size. Thin straight lines are the fitted slopes, over the sizes that"
        " counted; the dashed line without dots has the steepest slope that is accepted: its direction matters, not"
        " its height. Dashed curves are rejected."
    )
    return told + plots


def _lines(package: Package, family: str) -> list[Line]:
    lines: list[Line] = []
    for trial in ordered(package.matrix):
        case = trial.cases.get(family)
        evidence = case.evidence.get("complexity") if case is not None else None
        points = tuple((row["size"], row["cpu_ns"]) for row in (evidence or {}).get("table", ()) if row["cpu_ns"] > 0)
        if case is None or evidence is None or not points:
            continue
        lines.append(
            Line(
                name=short(trial.path),
                accepted=case.verdict is Verdict.ACCEPTED,
                points=points,
                counted=_counted(evidence, points),
                slope=evidence["slope"],
                gate=evidence["gate"],
                words=evidence.get("words", case.message),
                colour=f"var(--s{len(lines) % COLOURS})",
            )
        )
    return lines


def _counted(evidence: dict[str, Any], points: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    """The sizes that the slope was fitted to."""
    counted = evidence.get("counted_sizes")
    return tuple(counted) if isinstance(counted, list | tuple) else tuple(size for size, _ in points)


def family_plot(name: str, lines: list[Line]) -> str:
    """One family's plot, with its legend."""
    sizes = [size for line in lines for size, _ in line.points]
    costs = [cost for line in lines for _, cost in line.points]
    across = Scale(low=min(sizes) / 1.15, high=max(sizes) * 1.15, start=LEFT, end=WIDTH - 20, log=True)
    up = Scale(low=min(costs) / 1.5, high=max(costs) * 1.5, start=BOTTOM, end=TOP, log=True)
    parts = [*below(across, BOTTOM, TOP, "size n", most=8), *beside(up, LEFT, WIDTH - 20, "CPU time", seconds)]
    parts += _allowed(lines, across, up)
    for line in lines:
        tip = f"{line.name}: {line.words}"
        places = [(across.at(size), up.at(cost)) for size, cost in line.points]
        parts.append(curve(places, line.colour, tip, dashed=not line.accepted))
        parts += _fitted(line, across, up)
        for (x, y), (size, cost) in zip(places, line.points, strict=True):
            parts.append(dot(x, y, line.colour, f"{line.name}: n = {count(size)}, {seconds(cost)}"))
    drawing = svg(WIDTH, HEIGHT, f"CPU time against size, {name}", parts)
    items = "".join(f"<li>{_item(line)}</li>" for line in lines)
    return f'<h3>{text(name)}</h3><ul class="legend">{items}</ul><div class="scroll">{drawing}</div>'


def _item(line: Line) -> str:
    grows = ""
    if line.slope is not None:
        grows = f": n^{line.slope['estimate']:.2f} [{line.slope['low']:.2f}, {line.slope['high']:.2f}]"
    dashed = "" if line.accepted else ' class="dashed"'
    return f'<i style="border-color: {line.colour}"{dashed}></i>{text(line.name + grows)}'


def _fitted(line: Line, across: Scale, up: Scale) -> list[str]:
    """The fitted slope, through the middle of the points that counted."""
    used = [(size, cost) for size, cost in line.points if size in line.counted]
    if line.slope is None or len(used) < 2:
        return []
    middle_x = math.fsum(math.log(size) for size, _ in used) / len(used)
    middle_y = math.fsum(math.log(cost) for _, cost in used) / len(used)
    ends = [used[0][0], used[-1][0]]
    heights = [math.exp(middle_y + line.slope["estimate"] * (math.log(size) - middle_x)) for size in ends]
    return [stroke(across.at(ends[0]), up.at(heights[0]), across.at(ends[1]), up.at(heights[1]), "fit", line.colour)]


def _allowed(lines: list[Line], across: Scale, up: Scale) -> list[str]:
    """A line with the gate's slope, as far as it is inside, from the lower left."""
    gate = lines[0].gate
    first, low = across.low * 1.15, up.low * 1.5
    last = min(across.high / 1.02, first * (up.high / low) ** (1 / gate))
    height = low * (last / first) ** gate
    x, y = across.at(last), up.at(height)
    side, anchor = (8, "start") if x < WIDTH - 200 else (-60, "end")
    return [
        stroke(across.at(first), up.at(low), x, y, "limit"),
        words(x + side, y + 14, f"accepted up to n^{gate:g}", anchor),
    ]
