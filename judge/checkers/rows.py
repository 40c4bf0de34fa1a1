"""The checker ``rows``: a table as a list of rows, in order or in any order, floating-point columns within tolerances.

Without order the rows are matched one to one (``elements``), so that a row is accepted for the one it belongs to and
not for the one that happens to stand in its place after sorting. A NULL is ``None`` and equals only ``None``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from judge.checkers.collection import refused, said
from judge.checkers.contract import CaseFacts
from judge.checkers.elements import check_elements, match_elements
from judge.checkers.structure import DifferenceError
from judge.checkers.tolerances import Band, band_of, check_tolerance
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import SCALARS, TypeExpr
from judge.model.verdict import Reason

Row = Sequence[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rows:
    """Accepts the expected rows."""

    name: ClassVar[str] = "rows"

    ordered: bool = False  # whether the order of the rows counts
    rtol: float = 1e-6  # of floats, relative to the reference
    atol: float = 1e-9  # of floats, in the unit of the answer
    columns: Sequence[Any] = ()  # {column, rtol, atol}: the tolerance of one column, counted from 0

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        if not isinstance(self.ordered, bool):
            raise ValueError(f"ordered: expected true or false, found {brief(self.ordered)}")
        check_tolerance("rtol", self.rtol)
        check_tolerance("atol", self.atol)
        self._bands()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError unless it is a list of tuples or lists of scalars or Optionals of them."""
        returns = signature.returns
        row = returns.arguments[0] if returns.name == "list" else None
        cells = [_scalar(cell) for cell in row.arguments] if row is not None and row.name in ("tuple", "list") else []
        if row is None or not cells or not set(cells) <= set(SCALARS):
            raise ValueError(f"expected the return type list[tuple[...]] or list[list[T]] of scalars, found {returns}")
        for column in self._bands():
            kind = cells[0] if row.name == "list" or row.variadic else dict(enumerate(cells)).get(column)
            if kind != "float":
                raise ValueError(f"columns: expected columns of float, found {column} of {row}")
        return returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError for a number that is not finite and for too many rows within the tolerance of another."""
        check_elements(case.expected, self._row_bands())

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_finite, wrong_value or accepted, with the margin used."""
        if len(answer) != len(case.expected):
            return refused(Reason.WRONG_SHAPE, f"answer: the number of rows, {len(answer)}, is not the right one")
        widths = {len(row) for row in case.expected}
        at = next((at for at, row in enumerate(answer) if len(row) not in widths), None)
        if at is not None:
            message = f"answer[{at}]: the number of columns, {len(answer[at])}, is not the right one"
            return refused(Reason.WRONG_SHAPE, message)
        try:
            if self.ordered:
                return self._in_order(answer, case.expected)
            return said(answer, match_elements(answer, case.expected, self._row_bands()), measured=True)
        except DifferenceError as difference:
            return difference.judgement
        except ValueError as error:
            return refused(Reason.CHECKER, str(error))

    def _in_order(self, found: Sequence[Row], wanted: Sequence[Row]) -> Judgement:
        bands, numbers = self._bands(), list(_numbers(found, wanted))
        columns = np.array([column for _, column, _, _ in numbers], np.int64)
        values = np.array([(mine, theirs) for _, _, mine, theirs in numbers], np.float64).reshape(-1, 2)
        margins = np.zeros(len(numbers))
        for column in np.unique(columns).tolist():
            of_it = columns == column
            band = bands.get(column, self._default())
            margins[of_it] = band.margins(values[of_it, 0], values[of_it, 1])
        worst = int(np.argmax(margins)) if len(numbers) else 0
        margin = float(margins[worst]) if len(numbers) else 0.0
        evidence = {"compared": len(numbers)}
        if margin <= 1:
            return Judgement(accepted=True, margin=margin, evidence=evidence)
        at, column, mine, _ = numbers[worst]
        message = (
            f"answer[{at}][{column}] is {brief(mine)}: outside the tolerance ({bands.get(column, self._default())})"
        )
        evidence["outside"] = int((margins > 1).sum())
        return Judgement(accepted=False, reason=Reason.WRONG_VALUE, message=message, margin=margin, evidence=evidence)

    def _default(self) -> Band:
        return Band(rtol=self.rtol, atol=self.atol)

    def _row_bands(self) -> Callable[[Row, int], list[Band]]:
        """Gives the tolerances of the floats in a row, in their order."""
        bands, default = self._bands(), self._default()
        return lambda row, _: [bands.get(column, default) for column, cell in enumerate(row) if type(cell) is float]

    def _bands(self) -> dict[int, Band]:
        if not isinstance(self.columns, (list, tuple)):
            raise ValueError(f"columns: expected a list of {{column, rtol, atol}}, found {brief(self.columns)}")
        bands: dict[int, Band] = {}
        for given in self.columns:
            rest = dict(given) if isinstance(given, dict) else {}
            column = rest.pop("column", None)
            if type(column) is not int or column < 0 or column in bands:
                raise ValueError(f"columns: expected a column of its own, counted from 0, found {brief(given)}")
            bands[column] = band_of(f"columns: {column}", rest)
        return bands


def _scalar(cell: TypeExpr) -> str:
    return cell.arguments[0].name if cell.name == "Optional" else cell.name


def _numbers(found: Sequence[Row], wanted: Sequence[Row]) -> Iterator[tuple[int, int, float, float]]:
    """Yields row, column and both floats of every cell that holds some. Raises DifferenceError at another cell."""
    for at, (mine, theirs) in enumerate(zip(found, wanted, strict=True)):
        if len(mine) != len(theirs):
            message = f"answer[{at}]: the number of columns, {len(mine)}, is not the right one"
            raise DifferenceError(Reason.WRONG_SHAPE, message)
        for column, (cell, reference) in enumerate(zip(mine, theirs, strict=True)):
            if type(cell) is float and type(reference) is float:
                _check_finite(cell, at, column)
                yield at, column, cell, reference
            elif type(cell) is not type(reference) or cell != reference:
                message = f"answer[{at}][{column}] is {brief(cell)}, which is not the expected value"
                raise DifferenceError(Reason.WRONG_VALUE, message)


def _check_finite(cell: float, at: int, column: int) -> None:
    if not np.isfinite(cell):
        message = f"answer[{at}][{column}] is {cell}, where a finite number is expected"
        raise DifferenceError(Reason.NOT_FINITE, message)
