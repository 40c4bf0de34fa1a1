"""The members of the e-process for a law of independent rows, with equal weights."""

from __future__ import annotations

from collections.abc import Mapping

from judge.stats.arrays import Floats
from judge.stats.declared import DeclaredLaws
from judge.stats.dependence import LagGrid, Lags, NeighbourGrid, Neighbours, Partners, Repeats
from judge.stats.eprocess import EProcess, Martingale
from judge.stats.law import RowLaw
from judge.stats.marginal import Columns, IndexHistogram, RankHistogram, RowPredictor, RowTilt, Tilt


def rows_suite(
    law: RowLaw, *, alpha: float, calls: int, run: int = 1, declared: Mapping[str, Floats] | None = None
) -> EProcess:
    """Returns a fresh e-process for at most ``calls`` calls.

    A ``run`` above 1 adds bets on its successive seeds, ``declared`` (``declared_laws``) one on each of its laws.
    """
    members: list[Martingale] = [
        Tilt(law),
        RowTilt(law),
        IndexHistogram(law, calls),
        RankHistogram(law, calls),
        RowPredictor(law),
        Columns(law),
        Repeats(),
        Neighbours(),
        NeighbourGrid(law, calls),
        Partners(law),
    ]
    if run > 1:
        members += [Lags(law, run), LagGrid(law, calls, run)]
    return EProcess(members, alpha, [DeclaredLaws(law, declared)] if declared else [])
