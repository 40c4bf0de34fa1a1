"""A checker's promises in plain words, for the problem's author."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from judge.authoring.power import CasePower, surest
from judge.checkers.sizing import Power


def case_lines(case: CasePower) -> Iterator[str]:
    """What is promised on one test."""
    sizing = case.sizing
    yield (
        f"{case.name}: at most {sizing.calls} calls; a correct submission is rejected with probability at most "
        f"{sizing.alpha:.2g}; smallest defect {sizing.smallest_defect:.3g}"
    )
    yield from _table((power, _rate(power)) for power in sizing.powers)
    if case.unchanged:
        yield f"  the law itself on this test: {', '.join(case.unchanged)}"


def summary_lines(powers: list[CasePower], names: Iterable[str]) -> Iterator[str]:
    """What is promised of a whole submission; ``names`` are those of the alternatives, in the package's order."""
    alpha = sum(case.sizing.alpha for case in powers)
    yield f"all {len(powers)} tests: a correct submission is rejected with probability at most {alpha:.2g}"
    best = surest(powers, names)
    yield from _table((one.power, f"{_rate(one.power)}, by {one.test}") for one in best)
    if not best:
        yield "  no wrong laws are declared: 'alternatives' in judge.yaml names them"
    defects = sorted({case.sizing.defect for case in powers})
    yield f"a smallest defect is rejected about every other time; it is a {', or a '.join(defects)}"


def _table(rows: Iterable[tuple[Power, str]]) -> Iterator[str]:
    listed = list(rows)
    width = max((len(power.alternative) for power, _ in listed), default=0)
    for power, words in listed:
        yield f"  {power.alternative:<{width}}  {words}"


def _rate(power: Power) -> str:
    low, high = power.interval
    rate = f"rejected {power.rejected} of {power.simulations} times (power {low:.3f} to {high:.3f})"
    return rate if power.median_calls is None else f"{rate}, half of them within {_calls(power.median_calls)}"


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"
