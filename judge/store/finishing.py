"""Items get their results, a page of them in one unit: a part of ``judge.store.sql``.

All of a unit is for one batch, whose row is locked first: others that finish items of it wait. Items that have no
result yet get the next positions; then whatever has a position beyond the batch's counts is counted. So a result is
taken once, whoever brings it and how often.

Of an item whose work is known the report is not read: a result is the name of a report. One whose report was forgotten
goes on waiting.

Rows that other units may write too are written in the order of their keys, so that two units never wait for each other.

The batch's id stands in each row of the given items, and items are found by it and their number together: PostgreSQL,
which knows of a new batch only that others had few items, otherwise reads the whole batch for each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from judge.model.batch import Batch, ItemFailure, KnownItem, mark_of
from judge.model.report import Report
from judge.store import rows
from judge.store.database import Database, Statement, places
from judge.store.marks import columns_of
from judge.store.rejudgings import ONE_BATCH

_LOCK = "UPDATE batches SET state = state WHERE batch_id = $1"
_TAKE = (
    "UPDATE items SET position = n.position, submission_id = n.submission_id, digest = n.digest FROM ("
    "SELECT i.batch_id, i.number, f.submission_id, f.digest, (SELECT finished_count + failed_count FROM batches "
    "WHERE batch_id = $1) + ROW_NUMBER() OVER (ORDER BY f.place) AS position FROM ({}) AS f "
    "JOIN items AS i ON i.batch_id = f.batch_id AND i.number = f.number AND i.position IS NULL "
    "WHERE EXISTS (SELECT 1 FROM batches WHERE batch_id = $1 AND state IN ('running', 'creating'))"
    ") AS n WHERE items.batch_id = n.batch_id AND items.number = n.number RETURNING items.number"
)
_ENDED = (
    "SELECT column1 AS batch_id, column2 AS place, column3 AS number, column4 AS submission_id, column5 AS digest "
    "FROM (VALUES {}) AS v"
)
_KNOWN = (
    "SELECT v.column1 AS batch_id, v.column2 AS place, v.column2 AS number, v.column4 AS submission_id, r.digest "
    "FROM (VALUES {}) AS v JOIN works ON works.work = v.column3 JOIN reports AS r ON r.digest = works.digest"
)
_JUST_TAKEN = "items.batch_id = $1 AND items.position > batches.finished_count + batches.failed_count"
_FAIL = (
    "UPDATE items SET failure = $3 WHERE batch_id = $1 AND number = $2 AND EXISTS (SELECT 1 FROM batches "
    f"WHERE batches.batch_id = $1 AND {_JUST_TAKEN})"
)
_COUNT = (
    "UPDATE batches SET finished_count = finished_count + (SELECT COUNT(items.digest) FROM items "
    f"WHERE {_JUST_TAKEN}), failed_count = failed_count + (SELECT COUNT(*) - COUNT(items.digest) FROM items "
    f"WHERE {_JUST_TAKEN}) WHERE batch_id = $1"
)
END = (
    "UPDATE batches SET state = 'succeeded', end_unix_ns = $2 WHERE batch_id = $1 AND state = 'running' "
    "AND finished_count + failed_count = item_count"
)
_PUT = "INSERT INTO reports (digest, body, size_bytes, stored_unix_ns, verdict, score) VALUES {} ON CONFLICT DO NOTHING"
_BATCH, _NUMBER, _TEXT = "CAST($1 AS TEXT)", "CAST({} AS BIGINT)", "CAST({} AS TEXT)"


class SqlFinishing:
    """The part of ``SqlStore`` that gives results."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def finish_items(
        self, batch_id: str, outcomes: Mapping[int, Report | ItemFailure], *, unix_ns: int
    ) -> tuple[Batch, set[int]]:
        """Gives items their results, those that have none."""
        reports = [outcome for outcome in outcomes.values() if isinstance(outcome, Report)]
        failures = [(number, each) for number, each in outcomes.items() if isinstance(each, ItemFailure)]
        values = [value for place, row in enumerate(outcomes.items()) for value in (place, *_kept(*row))]
        ended = _ENDED.format(places(len(outcomes), (_BATCH, _NUMBER, _NUMBER, _TEXT, _TEXT), first=2))
        answers = await self._database.run(
            Statement(_LOCK, (batch_id,)),
            *put(reports),
            Statement(_TAKE.format(ended), (batch_id, *values)),
            *(Statement(_FAIL, (batch_id, number, rows.pack_failure(each))) for number, each in failures),
            Statement(_COUNT, (batch_id,)),
            Statement(END, (batch_id, unix_ns)),
            Statement(ONE_BATCH, (batch_id,)),
        )
        if not answers[-1]:
            raise KeyError(batch_id)
        return rows.batch_of(answers[-1][0]), {number for (number,) in answers[2 if reports else 1]}

    async def finish_known(
        self, batch_id: str, items: Sequence[KnownItem], *, unix_ns: int
    ) -> tuple[Batch | None, set[int]]:
        """Gives the items whose work is known its report; returns the batch and their numbers."""
        answers = await self._database.run(
            *take_known(batch_id, items),
            Statement(END, (batch_id, unix_ns)),
            Statement(ONE_BATCH, (batch_id,)),
        )
        batch = rows.batch_of(answers[-1][0]) if answers[-1] else None
        return batch, {number for (number,) in answers[1]}


def take_known(batch_id: str, items: Sequence[KnownItem]) -> list[Statement]:
    """Returns what gives items whose work is known its report: it locks, takes, which returns numbers, and counts."""
    values = [value for item in items for value in (item.number, item.work, item.submission_id)]
    known = _KNOWN.format(places(len(items), (_BATCH, _NUMBER, _TEXT, _TEXT), first=2))
    take = Statement(_TAKE.format(known), (batch_id, *values))
    return [Statement(_LOCK, (batch_id,)), take, Statement(_COUNT, (batch_id,))]


def put(reports: Sequence[Report]) -> list[Statement]:
    """Returns what keeps reports, unless their digests have some: nothing for none. Raises ValueError."""
    if not reports:
        return []
    ordered = sorted(reports, key=lambda report: report.grading_digest)
    return [
        Statement(_PUT.format(places(len(ordered), ("{}",) * 6)), tuple(v for r in ordered for v in _report_row(r)))
    ]


def _report_row(report: Report) -> tuple[Any, ...]:
    body = rows.pack_report(report)
    stored_ns = max((phase.end_unix_ns for phase in report.phases), default=0)
    return report.grading_digest, body, len(body), stored_ns, *columns_of(mark_of(report))


def _kept(number: int, outcome: Report | ItemFailure) -> tuple[int, str | None, str | None]:
    if isinstance(outcome, Report):
        return number, outcome.submission_id, outcome.grading_digest
    return number, None, None
