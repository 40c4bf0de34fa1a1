"""A result in short, as two columns: what a rejudging compares without opening reports."""

from __future__ import annotations

from fractions import Fraction

from judge.model.batch import ItemFailure, Mark, mark_of
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.store import rows
from judge.store.database import Database, Statement

_PAGE = 256
_MARKLESS = (
    "SELECT items.batch_id, items.number, reports.body FROM items LEFT JOIN reports ON reports.digest = items.digest "
    f"WHERE items.position IS NOT NULL AND items.verdict IS NULL LIMIT {_PAGE}"
)
_MARK = "UPDATE items SET verdict = $3, score = $4 WHERE batch_id = $1 AND number = $2"


def columns_of(mark: Mark) -> tuple[str, str]:
    """Returns verdict and score as they are kept."""
    return (mark.verdict.value, str(mark.score)) if mark.verdict else ("", "")


def mark_from(verdict: str, score: str) -> Mark:
    """Returns the mark of two columns."""
    return Mark(verdict=Verdict(verdict), score=Fraction(score)) if verdict else Mark(verdict=None)


def columns_of_outcome(outcome: Report | ItemFailure) -> tuple[str, str]:
    """Returns a result's columns."""
    return columns_of(mark_of(outcome))


async def fill_marks(database: Database) -> None:
    """Gives the results that an earlier version took their marks."""
    while found := (await database.run(Statement(_MARKLESS)))[0]:
        await database.run(*(Statement(_MARK, (batch_id, number, *_of_body(body))) for batch_id, number, body in found))


def _of_body(body: bytes | None) -> tuple[str, str]:
    return ("", "") if body is None else columns_of_outcome(rows.unpack_report(body))
