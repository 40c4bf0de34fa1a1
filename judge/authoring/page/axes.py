"""Scales with round ticks, and the SVG around a plot."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from judge.authoring.page.frame import text

Tell = Callable[[float], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """From values to pixels."""

    low: float
    high: float
    start: float  # the pixel of ``low``
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The pixel; values outside are drawn at the edge."""
        low, high, value = (math.log10(one) if self.log else one for one in (self.low, self.high, self._inside(value)))
        return round(self.start + (self.end - self.start) * (value - low) / ((high - low) or 1), 1)

    def _inside(self, value: float) -> float:
        return min(max(value, self.low), self.high)

    def ticks(self, most: int = 6) -> list[float]:
        """Round values, at most about so many."""
        if self.log:
            return _powers(self.low, self.high, most)
        step = _round_step((self.high - self.low) / most)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [at * step for at in range(first, last + 1)]


def _powers(low: float, high: float, most: int) -> list[float]:
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    step = max(1, math.ceil((last - first + 1) / most))
    powers = [10.0**at for at in range(first, last + 1, step)]
    if len(powers) >= 3:
        return powers
    return [
        part * 10.0**at for at in range(first - 1, last + 1) for part in (1, 2, 5) if low <= part * 10.0**at <= high
    ]


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step)) if step > 0 else 1.0
    return next(part * power for part in (1, 2, 5, 10) if part * power >= step * 0.999)


def seconds(value_ns: float) -> str:
    """A time with a unit: "20 ms"."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if value_ns >= size * 0.9999:
            return f"{value_ns / size:.3g} {unit}"
    return f"{value_ns:.3g} ns"


def count(value: float) -> str:
    """A number with a separator of thousands, or as a power of ten."""
    if value == 0:
        return "0"
    if abs(value) >= 1e6 or abs(value) < 1e-3:
        power = math.floor(math.log10(abs(value)) + 1e-9)
        factor = value / 10.0**power
        raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"10{raised}" if abs(factor - 1) < 1e-6 else f"{factor:.2g}·10{raised}"
    return f"{value:,.4g}" if value != int(value) else f"{int(value):,}".replace(",", " ")


def svg(width: int, height: int, label: str, parts: Sequence[str]) -> str:
    """A drawing."""
    head = (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{text(label)}">'
    )
    return f"{head}{''.join(parts)}</svg>"


def words(x: float, y: float, said: str, anchor: str = "start", kind: str = "") -> str:
    """A text; ``kind`` may be muted."""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" class="{kind}">{text(said)}</text>'


def stroke(x1: float, y1: float, x2: float, y2: float, kind: str = "grid", colour: str = "") -> str:
    """A straight line."""
    style = f' style="stroke: {colour}"' if colour else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" class="{kind}"{style}/>'


def dot(x: float, y: float, colour: str, tip: str, radius: float = 3.5, kind: str = "dot") -> str:
    """A point with a tooltip."""
    paint = "stroke" if kind == "ring" else "fill"
    place = f'cx="{x}" cy="{y}" r="{radius}"'
    return f'<circle {place} class="{kind}" style="{paint}: {colour}"><title>{text(tip)}</title></circle>'


def curve(points: Sequence[tuple[float, float]], colour: str, tip: str, dashed: bool = False) -> str:
    """A line through points with a tooltip."""
    path = " ".join(f"{x},{y}" for x, y in points)
    dash = "; stroke-dasharray: 6 3" if dashed else ""
    title = f"<title>{text(tip)}</title>"
    return f'<polyline points="{path}" class="curve" style="stroke: {colour}{dash}">{title}</polyline>'


def below(scale: Scale, y: float, top: float, label: str, tell: Tell = count, most: int = 6) -> Iterator[str]:
    """A horizontal axis at ``y`` with grid lines up to ``top``."""
    for tick in scale.ticks(most):
        x = scale.at(tick)
        yield stroke(x, y, x, top)
        yield words(x, y + 16, tell(tick), "middle", "muted")
    yield words((scale.start + scale.end) / 2, y + 33, label, "middle", "muted")


def beside(scale: Scale, x: float, right: float, label: str, tell: Tell = count, most: int = 5) -> Iterator[str]:
    """A vertical axis at ``x`` with grid lines to ``right``; its label stands above it."""
    for tick in scale.ticks(most):
        y = scale.at(tick)
        yield stroke(x, y, right, y)
        yield words(x - 6, y + 4, tell(tick), "end", "muted")
    yield words(4, scale.end - 9, label, "start", "muted")
