"""What several Subjects say of answers: that a repeated one differs, which count is furthest from its expectation."""

from __future__ import annotations

from typing import Any

import numpy as np

from judge.checkers.evidence.offences import Offence
from judge.checkers.evidence.subject import Drawn
from judge.model.verdict import Reason
from judge.stats.arrays import Floats, Ints


def repeat_offence(first: Drawn, again: Drawn, *, what: str, box: int) -> Offence | None:
    """Returns the offence of two different answers to the same input and seed, of any lengths."""
    if np.array_equal(first, again):
        return None
    where = "in another process" if box else "when called again"
    shared = min(len(first), len(again))
    different = first[:shared] != again[:shared]
    at = int(different.argmax()) if different.any() else shared
    was, now = (str(answer[at]) if at < len(answer) else "missing" for answer in (first, again))
    message = f"the same input and seed gave different answers: {what} {at} was {was}, and {now} {where}"
    return Offence(reason=Reason.NOT_REPRODUCIBLE, message=message)


def furthest(observed: Floats, expected: Floats, most: int) -> list[tuple[int, ...]]:
    """Returns the places of ``most`` counts furthest from their expectation, by Poisson deviance, the furthest first.

    A place where nothing was observed and nothing expected is left out."""
    ratio = np.divide(observed, expected, out=np.ones_like(observed), where=(observed > 0) & (expected > 0))
    deviance = np.where(expected > 0, observed * np.log(ratio) - observed + expected, -1.0).ravel()
    order = np.argsort(-deviance, kind="stable")[: min(most, int((expected > 0).sum()))]
    return [tuple(int(place) for place in np.unravel_index(at, observed.shape)) for at in order]


def item_table(answers: Ints, expected: Floats, most: int) -> list[dict[str, Any]]:
    """Returns the (position, item) pairs whose counts in ``answers``, (calls, positions), are furthest from expected.

    ``expected`` is (positions, items)."""
    observed = np.zeros_like(expected)
    np.add.at(observed, (np.arange(answers.shape[1]), answers), 1)
    return [
        {
            "position": position,
            "item": item,
            "observed": int(observed[position, item]),
            "expected": float(expected[position, item]),
        }
        for position, item in furthest(observed, expected, most)
    ]


def times(count: int) -> str:
    """Returns ``3 times``, or ``once``."""
    return {1: "once"}.get(count, f"{count} times")
