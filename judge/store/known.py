"""Items whose work is known get the report that it led to, a page of them in one unit: a part of ``judge.store.sql``.

The report is not read: an item's result is the name of a report. One whose report was forgotten goes on waiting.
"""

from __future__ import annotations

from collections.abc import Sequence

from judge.model.batch import Batch, KnownItem
from judge.store import rows
from judge.store.database import Database, Statement
from judge.store.rejudgings import ONE_BATCH

LOCK = "UPDATE batches SET state = state WHERE batch_id = $1"  # others that finish items of the batch wait
END = (
    "UPDATE batches SET state = 'succeeded', end_unix_ns = $2 WHERE batch_id = $1 AND state = 'running' "
    "AND finished_count + failed_count = item_count"
)
_TAKE = (
    "UPDATE items SET position = n.position, submission_id = n.submission_id, digest = n.digest FROM ("
    "SELECT i.number, v.column3 AS submission_id, r.digest, (SELECT finished_count + failed_count FROM batches "
    "WHERE batch_id = $1) + ROW_NUMBER() OVER (ORDER BY i.number) AS position FROM (VALUES {}) AS v "
    "JOIN items AS i ON i.batch_id = $1 AND i.number = v.column1 AND i.position IS NULL "
    "JOIN works ON works.work = v.column2 JOIN reports AS r ON r.digest = works.digest "
    "WHERE EXISTS (SELECT 1 FROM batches WHERE batch_id = $1 AND state = 'running')"
    ") AS n WHERE items.batch_id = $1 AND items.number = n.number RETURNING items.number"
)
# Counts the items that _TAKE has just given the next positions, and no others.
_COUNT = (
    "UPDATE batches SET finished_count = finished_count + (SELECT COUNT(*) FROM items WHERE items.batch_id = $1 "
    "AND items.position > batches.finished_count + batches.failed_count) WHERE batch_id = $1"
)


class SqlKnown:
    """The part of ``SqlStore`` that finishes what is known."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def finish_known(
        self, batch_id: str, items: Sequence[KnownItem], *, unix_ns: int
    ) -> tuple[Batch | None, set[int]]:
        """Gives the items whose work is known its report; returns the batch and their numbers."""
        places = ", ".join(f"(CAST(${n} AS BIGINT), ${n + 1}, ${n + 2})" for n in range(2, 3 * len(items) + 2, 3))
        values = [value for item in items for value in (item.number, item.work, item.submission_id)]
        answers = await self._database.run(
            Statement(LOCK, (batch_id,)),
            Statement(_TAKE.format(places), (batch_id, *values)),
            Statement(_COUNT, (batch_id,)),
            Statement(END, (batch_id, unix_ns)),
            Statement(ONE_BATCH, (batch_id,)),
        )
        batch = rows.batch_of(answers[-1][0]) if answers[-1] else None
        return batch, {number for (number,) in answers[1]}
