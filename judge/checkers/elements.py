"""The elements of a collection, compared as a multiset: shared by ``unordered`` and ``rows``.

Elements that are equal but for their floating-point numbers make a group; within a group the numbers, in a fixed order,
are the coordinates of points. Groups whose points match when both sides are sorted are done: the usual case, looked at
for all groups at once. Sorting cannot refuse, though: the points of all other groups are matched by ``matching``.
Elements without floating-point numbers are so compared by equality alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from judge.checkers.canonical import split_numbers
from judge.checkers.matching import check_size, margins, pair_up
from judge.checkers.tolerances import Band, Numbers
from judge.model.conform import has_non_finite

Bands = Callable[[Any, int], Sequence[Band]]  # of an element, and how many numbers it holds


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """What became of an answer's elements."""

    unmatched: list[int]  # positions in the answer, ascending, of the first group of equal ones that has any
    compared: int  # numbers of the elements that were matched
    margin: float  # the largest of these; another matching may have a smaller one


@dataclass(frozen=True, kw_only=True, slots=True)
class _Group:
    positions: list[int]  # in the collection, ascending
    points: list[list[float]]  # their numbers
    sample: Any  # one of the elements


def match_elements(found: Sequence[Any], wanted: Sequence[Any], bands: Bands) -> Matched:
    """Matches elements. Raises ValueError when ``check_elements`` would refuse the references."""
    answers, references = _groups(found), _groups(wanted)
    usual = _sorted_margins(answers, references, bands)
    unmatched: list[int] = []
    compared, margin = 0, 0.0
    for skeleton, group in answers.items():
        if unmatched:  # decided: no answer can make the judge match group after group in vain
            break
        reference = references.get(skeleton)
        if reference is None:
            unmatched += group.positions
        elif usual.get(skeleton, math.inf) <= 1:
            compared, margin = compared + len(group.points) * len(group.points[0]), max(margin, usual[skeleton])
        else:
            alone, used = _match(group, reference, bands)
            unmatched += alone
            compared, margin = compared + used.size, max(margin, float(used.max(initial=0.0)))
    return Matched(unmatched=sorted(unmatched), compared=compared, margin=margin)


def check_elements(wanted: Sequence[Any], bands: Bands) -> None:
    """Raises ValueError when an element is not finite, or when too many are within the tolerance of one another."""
    for at, element in enumerate(wanted):
        if has_non_finite(element):
            raise ValueError(f"expected[{at}] holds a number that is not finite: expected finite numbers")
    for group in _groups(wanted).values():
        check_size(np.array(group.points), _limits(group, bands), len(wanted))


def _sorted_margins(
    answers: Mapping[bytes, _Group], references: Mapping[bytes, _Group], bands: Bands
) -> dict[bytes, float]:
    """Returns the largest margin of each group whose sides are equally many, when both are sorted."""
    alike: dict[tuple[Band, ...], list[bytes]] = {}
    for skeleton, group in answers.items():
        reference = references.get(skeleton)
        if reference is not None and len(reference.points) == len(group.points):
            alike.setdefault(_limits(reference, bands), []).append(skeleton)
    largest: dict[bytes, float] = {}
    for limits, skeletons in alike.items():
        mine, theirs = (_sorted_points(side, skeletons) for side in (answers, references))
        finite = (np.isfinite(mine) & np.isfinite(theirs)).all(axis=1)
        rows = np.full(len(mine), math.inf)
        rows[finite] = margins(mine[finite], theirs[finite], limits).max(axis=1, initial=0.0)
        ends = list(accumulate(len(answers[skeleton].points) for skeleton in skeletons))
        largest.update(zip(skeletons, np.maximum.reduceat(rows, [0, *ends[:-1]]).tolist(), strict=True))
    return largest


def _sorted_points(side: Mapping[bytes, _Group], skeletons: Sequence[bytes]) -> Numbers:
    return np.array([point for skeleton in skeletons for point in sorted(side[skeleton].points)], np.float64)


def _match(group: _Group, reference: _Group, bands: Bands) -> tuple[list[int], Numbers]:
    """Returns the positions of the elements that no maximum matching pairs, and the margins of the others."""
    limits = _limits(reference, bands)
    found, wanted = np.array(group.points, np.float64), np.array(reference.points, np.float64)
    finite, usable = (np.flatnonzero(np.isfinite(points).all(axis=1)) for points in (found, wanted))
    partners = np.full(len(found), -1, np.int64)
    matched = pair_up(found[finite], wanted[usable], limits)
    partners[finite[matched >= 0]] = usable[matched[matched >= 0]]
    used = margins(found[partners >= 0], wanted[partners[partners >= 0]], limits)
    return [group.positions[at] for at in np.flatnonzero(partners < 0).tolist()], used


def _limits(group: _Group, bands: Bands) -> tuple[Band, ...]:
    return tuple(bands(group.sample, len(group.points[0])))


def _groups(elements: Sequence[Any]) -> dict[bytes, _Group]:
    groups: dict[bytes, _Group] = {}
    for at, element in enumerate(elements):
        skeleton, numbers = split_numbers(element)
        group = groups.get(skeleton)
        if group is None:
            group = groups[skeleton] = _Group(positions=[], points=[], sample=element)
        group.positions.append(at)
        group.points.append(numbers)
    return groups
