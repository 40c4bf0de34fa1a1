"""How an answer is sorted into cells: indices are their own cells, floats go by quantiles of the first answers.

The edges of a float's cells are quantiles of the ``FIT`` first pairs, both samplers' answers together, for each
position; these pairs are not bet on, so that what is bet on later is sorted by edges from its past. Edges lie a little
above the quantiles, so that answers that differ by rounding only, as answers that are taken back do, share a cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from judge.stats.arrays import Floats, Ints

FIT = 16  # pairs


class Cells:
    """The cells of one relation's pairs."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._fit: list[Floats] = []  # (2, rows) each, while the edges are not known
        self._edges: Floats | None = None  # (rows, count - 1)

    def of(self, pair: NDArray[Any]) -> Ints | None:
        """Returns a pair of answers, (2, rows), as cells; None when it is used to find the edges."""
        if pair.dtype.kind == "i":
            return pair.astype(np.int64, copy=False)
        if self._edges is None:
            self._fit.append(pair.astype(np.float64, copy=False))
            if len(self._fit) == FIT:
                self._edges = _quantiles(self._fit, self._count)
            return None
        columns = [
            np.searchsorted(edges, column, side="right") for edges, column in zip(self._edges, pair.T, strict=True)
        ]
        return np.stack(columns, axis=1)


def _quantiles(pairs: Sequence[Floats], count: int) -> Floats:
    """Returns (rows, count - 1) edges."""
    values = np.concatenate(pairs)
    above = 1e-6 * np.ptp(values, axis=0) + 1e-9 * np.abs(values).max(axis=0)
    return (np.quantile(values, np.arange(1, count) / count, axis=0) + above).T
