"""The members of the e-process for a law of independent rows, with equal weights."""

from __future__ import annotations

from collections.abc import Mapping

from judge.stats.arrays import Floats
from judge.stats.declared import Declared, differs, on_support
from judge.stats.dependence import LagGrid, Lags, NeighbourGrid, Neighbours, Partners, Repeats
from judge.stats.eprocess import EProcess, Martingale
from judge.stats.law import RowLaw, checked_law
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
    members += [Declared(name, law, other) for name, other in (declared or {}).items()]
    return EProcess(members, alpha)


def declared_laws(law: RowLaw, matrices: Mapping[str, Floats]) -> dict[str, Floats]:
    """Returns what can be bet on of the wrong laws ``matrices``: those that differ on the law's possible answers.

    They come in the order of their names, so that no sum depends on the order of declaration. Raises ValueError naming
    the one that is no law of the same shape.
    """
    laws = {name: on_support(law, _same_shape(law, name, matrices[name])) for name in sorted(matrices)}
    return {name: other for name, other in laws.items() if differs(law, other)}


def _same_shape(law: RowLaw, name: str, matrix: Floats) -> Floats:
    what = f"alternative {name!r}"
    if matrix.shape != (law.rows, law.columns):
        raise ValueError(f"{what}: expected the law's shape {(law.rows, law.columns)}, found {matrix.shape}")
    return checked_law(matrix, what)
