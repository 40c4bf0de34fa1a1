"""Rejudgings in SQL: a part of ``judge.store.sql``.

Applying one is a unit of which every later step looks for the mark that the first one left: the state ``applying``,
which nobody outside the transaction ever sees.
"""

from __future__ import annotations

from judge.model.batch import Batch, BatchItem, BatchState, Change, Mark, Transition
from judge.model.verdict import Verdict
from judge.store import rows
from judge.store.database import Database, Statement
from judge.store.marks import mark_from
from judge.store.rows import BATCH_COLUMNS

ONE_BATCH = f"SELECT {BATCH_COLUMNS} FROM batches WHERE batch_id = $1"
_RESULTS = "items LEFT JOIN reports ON reports.digest = items.digest"
_AFTER = "COALESCE(reports.verdict, ''), COALESCE(reports.score, '')"
_GRADED = (
    f"SELECT number, item_id, problem, program, {_AFTER} FROM {_RESULTS} WHERE batch_id = $1 AND number > $2 "
    "AND position IS NOT NULL ORDER BY number LIMIT $3"
)
_CHANGED = "(reports.verdict <> before_verdict OR reports.score <> before_score)"  # NULL for a failure
_CHANGES = (
    f"SELECT number, item_id, before_verdict, before_score, {_AFTER} FROM {_RESULTS} WHERE batch_id = $1 "
    f"AND number > $2 AND position IS NOT NULL AND {_CHANGED} ORDER BY number LIMIT $3"
)
_TRANSITIONS = (
    "SELECT before_verdict, COALESCE(reports.verdict, '') AS after_verdict, COUNT(*), "
    f"SUM(CASE WHEN {_CHANGED} THEN 1 ELSE 0 END) FROM {_RESULTS} WHERE batch_id = $1 AND position IS NOT NULL "
    "GROUP BY before_verdict, after_verdict ORDER BY before_verdict, after_verdict"
)
_BASE = "(SELECT r.base_id FROM batches AS r WHERE r.batch_id = $1{})"
_MARKED_BASE = _BASE.format(" AND r.state = 'applying'")
_APPLY = (
    f"UPDATE batches SET state = state WHERE batch_id = {_BASE.format('')}",  # others that apply to the batch wait
    "UPDATE batches SET state = 'applying' WHERE batch_id = $1 AND state = 'succeeded' AND EXISTS (SELECT 1 "
    "FROM batches AS b WHERE b.batch_id = batches.base_id AND b.generation = batches.generation "
    "AND b.state IN ('succeeded', 'cancelled'))",
    "UPDATE items SET submission_id = n.submission_id, digest = n.digest, failure = NULL FROM items AS n "
    f"WHERE items.batch_id = {_MARKED_BASE} AND n.batch_id = $1 "
    "AND n.number = items.number AND n.digest IS NOT NULL",
    "UPDATE batches SET generation = generation + 1, finished_count = (SELECT COUNT(*) FROM items "
    "WHERE items.batch_id = batches.batch_id AND items.digest IS NOT NULL), failed_count = (SELECT COUNT(*) FROM items "
    f"WHERE items.batch_id = batches.batch_id AND items.failure IS NOT NULL) WHERE batch_id = {_MARKED_BASE}",
    "UPDATE batches SET state = 'applied' WHERE batch_id = $1 AND state = 'applying'",
)
_DROPPABLE = "batch_id = $1 AND base_id <> '' AND state NOT IN ('creating', 'applied')"
_DROP = (
    f"DELETE FROM items WHERE batch_id IN (SELECT batch_id FROM batches WHERE {_DROPPABLE})",
    f"DELETE FROM batches WHERE {_DROPPABLE}",
)


class SqlRejudgings:
    """The part of ``SqlStore`` that keeps rejudgings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def graded_items(self, batch_id: str, *, after: int, limit: int) -> list[tuple[BatchItem, Mark]]:
        """Items with a result, by number."""
        (found,) = await self._database.run(Statement(_GRADED, (batch_id, after, limit)))
        return [(rows.item_of(row[:4]), mark_from(*row[4:])) for row in found]

    async def changes(self, rejudging_id: str, *, after: int, limit: int) -> list[Change]:
        """Items whose result the rejudging changes, by number."""
        (found,) = await self._database.run(Statement(_CHANGES, (rejudging_id, after, limit)))
        return [
            Change(number=row[0], item_id=row[1], before=mark_from(*row[2:4]), after=mark_from(*row[4:]))
            for row in found
        ]

    async def transitions(self, rejudging_id: str) -> list[Transition]:
        """From which verdict to which the items with a result went."""
        (found,) = await self._database.run(Statement(_TRANSITIONS, (rejudging_id,)))
        return [
            Transition(before=_verdict(before), after=_verdict(after), count=count, changed_count=changed)
            for before, after, count, changed in found
        ]

    async def apply_rejudging(self, rejudging_id: str) -> Batch | None:
        """Gives the reports of a rejudging to its batch's items, all or none."""
        steps = [Statement(sql, (rejudging_id,)) for sql in _APPLY]
        return _created((await self._database.run(*steps, Statement(ONE_BATCH, (rejudging_id,))))[-1])

    async def drop_rejudging(self, rejudging_id: str) -> Batch | None:
        """Forgets a rejudging that is not applied; returns it as it was."""
        steps = [Statement(sql, (rejudging_id,)) for sql in (ONE_BATCH, *_DROP)]
        return _created((await self._database.run(*steps))[0])


def _verdict(text: str) -> Verdict | None:
    return Verdict(text) if text else None


def _created(found: list[rows.Row]) -> Batch | None:
    batch = rows.batch_of(found[0]) if found else None
    return None if batch is None or batch.state is BatchState.CREATING else batch
