"""Points paired one to one within a tolerance: an exact maximum matching.

Sorting both sides and comparing position by position is right for equality, not for tolerances: with an absolute
tolerance of 1, the points 0 and 2 match 1 and 1 in one dimension, and in two dimensions no order does it at all. Here:

- in one dimension each reference accepts an interval of the sorted answers, and taking, for every answer in turn, the
  open interval that ends first gives a maximum matching (Glover 1967): n log n for any number of points;
- in more dimensions the intervals along one coordinate give the pairs to try, the other coordinates are compared for
  these, and Hopcroft and Karp's algorithm (1973, SciPy's) matches what is left.

The number of pairs to try is bounded by the references alone: no answer can make it larger. Of the coordinates that one
is taken in which the fewest references lie near each other, and ``check_size`` refuses references for which even that
is too many.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

import numpy as np

from judge.checkers.tolerances import Band, Numbers

MAX_PAIRS = 4_000_000


def pair_up(found: Numbers, wanted: Numbers, bands: Sequence[Band]) -> Numbers:
    """Returns for each row of ``found`` the row of ``wanted`` that it is matched with, -1 where there is none.

    Both are (n, d) and (m, d) arrays of finite float64; a row matches when every coordinate is within its band.
    """
    if not bands:
        return np.where(np.arange(len(found)) < len(wanted), np.arange(len(found)), -1)
    if len(bands) == 1:
        return _match_intervals(found[:, 0], wanted[:, 0], bands[0])
    return _match_pairs(found, wanted, bands)


def margins(found: Numbers, wanted: Numbers, bands: Sequence[Band]) -> Numbers:
    """Returns the margins of rows side by side, one column for each coordinate."""
    columns = [band.margins(found[:, at], wanted[:, at]) for at, band in enumerate(bands)]
    return np.stack(columns, axis=1) if columns else np.zeros((len(found), 0))


def check_size(wanted: Numbers, bands: Sequence[Band], answers: int) -> None:
    """Raises ValueError when ``answers`` answers to the references ``wanted`` could take too many pairs to try."""
    crowd = _crowds(wanted, bands)[1] if len(bands) > 1 else 0
    if crowd * answers > MAX_PAIRS:
        raise ValueError(
            f"{crowd} of {len(wanted)} elements lie within the tolerance of one another, which may take "
            f"{crowd * answers} comparisons: expected at most {MAX_PAIRS}"
        )


def _windows(values: Numbers, wanted: Numbers, band: Band) -> tuple[Numbers, Numbers]:
    """Returns where in ``values``, which is sorted, the numbers begin and end that each reference accepts."""

    def accepts(at: Numbers) -> Numbers:
        return band.margins(values[at], wanted) <= 1

    first = _bisect(len(values), len(wanted), lambda at: (values[at] >= wanted) | accepts(at))
    last = _bisect(len(values), len(wanted), lambda at: (values[at] > wanted) & ~accepts(at))
    return first, last


def _bisect(length: int, count: int, holds: Callable[[Numbers], Numbers]) -> Numbers:
    """Returns for each of ``count`` searches the first position from which on ``holds``, at most ``length``."""
    low, high = np.zeros(count, np.int64), np.full(count, length, np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        true = holds(np.minimum(middle, length - 1)) | (low >= high)
        high = np.where(true & (low < high), middle, high)
        low = np.where(true, low, middle + 1)
    return low


def _match_intervals(found: Numbers, wanted: Numbers, band: Band) -> Numbers:
    order = np.argsort(found, kind="stable")
    first, last = _windows(found[order], wanted, band)
    partners = np.full(len(found), -1, np.int64)
    by_start = np.argsort(first, kind="stable").tolist()
    ends, starts = last.tolist(), first[by_start].tolist()
    opened: list[tuple[int, int]] = []  # where an open interval ends, and whose it is
    following = 0
    for at, position in enumerate(order.tolist()):
        while following < len(starts) and starts[following] <= at:
            heapq.heappush(opened, (ends[by_start[following]], by_start[following]))
            following += 1
        while opened and opened[0][0] <= at:
            heapq.heappop(opened)
        if opened:
            partners[position] = heapq.heappop(opened)[1]
    return partners


def _match_pairs(found: Numbers, wanted: Numbers, bands: Sequence[Band]) -> Numbers:
    axis, crowd = _crowds(wanted, bands)
    if crowd * len(found) > MAX_PAIRS:
        raise ValueError(f"more than {MAX_PAIRS} pairs to compare")
    order = np.argsort(found[:, axis], kind="stable")
    first, last = _windows(found[order, axis], wanted[:, axis], bands[axis])
    counts = np.maximum(last - first, 0)
    theirs = np.repeat(np.arange(len(wanted)), counts)
    offsets = np.arange(len(theirs)) - np.repeat(np.cumsum(counts) - counts, counts)
    mine = order[np.repeat(first, counts) + offsets]
    near = (margins(found[mine], wanted[theirs], bands) <= 1).all(axis=1)
    shape = (len(found), len(wanted))
    from scipy.sparse import csr_array  # a fifth of a second: only for those that match
    from scipy.sparse.csgraph import maximum_bipartite_matching

    graph = csr_array((np.ones(int(near.sum()), np.int8), (mine[near], theirs[near])), shape=shape)
    return np.asarray(maximum_bipartite_matching(graph, perm_type="column"), np.int64)


def _crowds(wanted: Numbers, bands: Sequence[Band]) -> tuple[int, int]:
    """Returns the coordinate in which the fewest references can accept one number, and how many these are."""
    crowds = [_crowd(wanted[:, at], band) for at, band in enumerate(bands)]
    axis = min(range(len(crowds)), key=crowds.__getitem__)
    return axis, crowds[axis]


def _crowd(wanted: Numbers, band: Band) -> int:
    with np.errstate(over="ignore"):
        limit = np.maximum(band.atol, band.rtol * np.abs(wanted)) * (1 + 1e-9) + 1e-300
        starts, ends = np.sort(wanted - limit), np.sort(wanted + limit)
    opened = np.arange(1, len(wanted) + 1) - np.searchsorted(ends, starts, side="left")
    return int(opened.max(initial=0))
