"""A result in short, as two columns: what a rejudging compares without opening reports."""

from __future__ import annotations

from fractions import Fraction

from judge.model.batch import Mark, mark_of
from judge.model.verdict import Verdict
from judge.store import rows
from judge.store.database import Database, Statement

_PAGE = 256
_MARKLESS = f"SELECT digest, body FROM reports WHERE verdict IS NULL LIMIT {_PAGE}"
_MARK = "UPDATE reports SET verdict = $2, score = $3 WHERE digest = $1"


def columns_of(mark: Mark) -> tuple[str, str]:
    """Returns verdict and score as they are kept."""
    return (mark.verdict.value, str(mark.score)) if mark.verdict else ("", "")


def mark_from(verdict: str, score: str) -> Mark:
    """Returns the mark of two columns."""
    return Mark(verdict=Verdict(verdict), score=Fraction(score)) if verdict else Mark(verdict=None)


async def fill_marks(database: Database) -> None:
    """Gives the reports that an earlier version stored their marks."""
    while found := (await database.run(Statement(_MARKLESS)))[0]:
        await database.run(
            *(Statement(_MARK, (digest, *columns_of(mark_of(rows.unpack_report(body))))) for digest, body in found)
        )
