"""The declared bounds, and how small and how large what they bound is in the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from judge.authoring.package import Package
from judge.model.problem import Bound
from judge.spec.bounds import parts_of

SHOWN = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenBound:
    """One bound."""

    bound: Bound
    least: Any  # over all tests; None when no test has such a part
    largest: Any
    outside: tuple[tuple[str, Any], ...]  # tests that do not keep it, with what they have; the first few


def seen_bounds(package: Package) -> Iterator[SeenBound]:
    """Yields them in the package's order."""
    for bound in package.problem.bounds:
        least = largest = None
        outside = []
        for case in package.cases:
            parts = list(parts_of(bound.path, dict(case.arguments)))
            if not parts:
                continue
            low, high = min(parts), max(parts)
            least = low if least is None else min(least, low)
            largest = high if largest is None else max(largest, high)
            if bound.low is not None and low < bound.low:
                outside.append((case.name, low))
            elif bound.high is not None and high > bound.high:
                outside.append((case.name, high))
        yield SeenBound(bound=bound, least=least, largest=largest, outside=tuple(outside[:SHOWN]))
