"""The port ``Store`` in SQL, over any ``Database``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from judge.errors import SubmissionError
from judge.model.batch import Batch, BatchItem, BatchState, ItemResult, KnownItem
from judge.model.report import Report
from judge.store import rows
from judge.store.database import Database, Statement, migrate, places
from judge.store.finishing import END, SqlFinishing, put, take_known
from judge.store.marks import columns_of, fill_marks
from judge.store.postgres import PostgresDatabase
from judge.store.queue import FORGOTTEN, SqlQueue
from judge.store.rejudgings import ONE_BATCH, SqlRejudgings
from judge.store.rows import BATCH_COLUMNS
from judge.store.sqlite import SqliteDatabase

_BY_REQUEST = f"SELECT {BATCH_COLUMNS} FROM batches WHERE request_id = $1"
_NEW_BATCH = (
    f"INSERT INTO batches ({BATCH_COLUMNS}) VALUES ({', '.join(f'${n}' for n in range(1, 14))}) ON CONFLICT DO NOTHING"
)
_ALL_BATCHES = (
    f"SELECT {BATCH_COLUMNS} FROM batches WHERE state <> 'creating' AND ($1 = '' OR (create_unix_ns, batch_id) < "
    "(SELECT b.create_unix_ns, b.batch_id FROM batches b WHERE b.batch_id = $1)) "
    "ORDER BY create_unix_ns DESC, batch_id DESC LIMIT $2"
)
_RUNNING = (
    f"SELECT {BATCH_COLUMNS} FROM batches WHERE state = 'running' ORDER BY priority DESC, create_unix_ns, batch_id"
)
_START = (
    "UPDATE batches SET state = 'running', item_count = $2, content = $3, priority = COALESCE($4, priority) "
    "WHERE batch_id = $1 AND state = 'creating'"
)
_CANCEL = "UPDATE batches SET state = 'cancelled', end_unix_ns = $2 WHERE batch_id = $1 AND state = 'running'"
PAGE_BYTES = 8 << 20  # of programs, after which a page ends
_NEW_ITEMS = (
    "INSERT INTO items (batch_id, number, item_id, problem, program, before_verdict, before_score) "
    "VALUES {} ON CONFLICT DO NOTHING RETURNING number"
)
_ROW = 6  # parameters of a new item, besides the batch
_ROWS = 256  # in one statement
_WAITING = (
    "SELECT number, item_id, problem, program FROM (SELECT page.*, SUM(LENGTH(program)) OVER (ORDER BY number) "
    "- LENGTH(program) AS before FROM (SELECT number, item_id, problem, program FROM items WHERE batch_id = $1 "
    f"AND number > $2 AND position IS NULL ORDER BY number LIMIT $3) AS page) AS sums WHERE before < {PAGE_BYTES} "
    "ORDER BY number"
)
_RESULTS = (
    "SELECT item_id, position, submission_id, reports.body, failure FROM items LEFT JOIN reports "
    "ON reports.digest = items.digest WHERE batch_id = $1 AND position > $2 ORDER BY position LIMIT $3"
)
_LINK = "INSERT INTO works (work, digest) VALUES {} ON CONFLICT DO NOTHING"
_DROP = (
    "DELETE FROM items WHERE batch_id = $1 "  # also when another creation has taken this one's place
    "AND NOT EXISTS (SELECT 1 FROM batches WHERE batch_id = $1 AND state <> 'creating')",
    "DELETE FROM batches WHERE batch_id = $1 AND state = 'creating'",
)
_DROP_BROKEN = (  # creations with the same request id
    "DELETE FROM items WHERE batch_id IN (SELECT batch_id FROM batches WHERE request_id = $1 AND state = 'creating')",
    "DELETE FROM batches WHERE request_id = $1 AND state = 'creating'",
)
_OLD = "end_unix_ns < $1 OR (state = 'creating' AND create_unix_ns < $1)"
_OLD_ITEMS = f"DELETE FROM items WHERE batch_id IN (SELECT batch_id FROM batches WHERE {_OLD})"
_OLD_BATCHES = f"DELETE FROM batches WHERE {_OLD}"
_UNUSED = "NOT EXISTS (SELECT 1 FROM items WHERE items.digest = reports.digest)"
_OLD_REPORTS = f"DELETE FROM reports WHERE stored_unix_ns < $1 AND {_UNUSED} RETURNING digest"
_LARGE = (
    "DELETE FROM reports WHERE digest IN (SELECT digest FROM (SELECT digest, SUM(size_bytes) OVER "
    "(ORDER BY stored_unix_ns DESC, digest) AS total FROM reports) AS sums WHERE total > $1) "
    f"AND {_UNUSED} RETURNING digest"
)
_LOST_LINKS = "DELETE FROM works WHERE NOT EXISTS (SELECT 1 FROM reports WHERE reports.digest = works.digest)"


class SqlStore(SqlRejudgings, SqlFinishing, SqlQueue):
    """Reports and batches in a database; ``open_store`` makes it."""

    async def close(self) -> None:
        """Finishes what was asked for and lets go of the database."""
        await self._database.close()

    # --- reports ---

    async def get(self, digest: str) -> Report | None:
        """The report that was kept first under this grading digest."""
        return await self._one_report("SELECT body FROM reports WHERE digest = $1", digest)

    async def find(self, work: str) -> Report | None:
        """The report that ``work`` was linked to."""
        return await self._one_report(
            "SELECT body FROM works JOIN reports ON reports.digest = works.digest WHERE work = $1", work
        )

    async def put(self, report: Report) -> None:
        """Keeps a report, unless its digest has one."""
        await self._database.run(*put([report]))

    async def link(self, reports: Mapping[str, Report]) -> None:
        """Keeps reports and says which work led to each."""
        links = sorted((work, report.grading_digest) for work, report in reports.items())
        sql = _LINK.format(places(len(links), ("{}", "{}")))
        await self._database.run(
            *put([*reports.values()]), Statement(sql, tuple(value for row in links for value in row))
        )

    async def expire(self, *, before_unix_ns: int, size_bytes: int | None) -> int:
        """Forgets what is too old or too much; returns how many reports went."""
        steps = [Statement(sql, (before_unix_ns,)) for sql in (_OLD_ITEMS, _OLD_BATCHES, _OLD_REPORTS)]
        if size_bytes is not None:
            steps.append(Statement(_LARGE, (size_bytes,)))
        gone = await self._database.run(*steps, Statement(_LOST_LINKS), Statement(FORGOTTEN))
        return sum(map(len, gone[2:-2]))

    async def _one_report(self, sql: str, key: str) -> Report | None:
        (found,) = await self._database.run(Statement(sql, (key,)))
        return rows.unpack_report(found[0][0]) if found else None

    # --- batches ---

    async def begin_batch(self, batch: Batch) -> Batch:
        """Takes a batch that is being created, or gives the one that has been."""
        broken = [Statement(sql, (batch.request_id,)) for sql in _DROP_BROKEN]
        new = Statement(_NEW_BATCH, rows.batch_row(batch))
        return rows.batch_of(
            (await self._database.run(*broken, new, Statement(_BY_REQUEST, (batch.request_id,))))[-1][0]
        )

    async def add_items(self, batch_id: str, items: Sequence[BatchItem], known: Sequence[KnownItem] = ()) -> int:
        """Adds items to a batch that is being created; returns how many had reports."""
        new = [_new_items(batch_id, items[at : at + _ROWS]) for at in range(0, len(items), _ROWS)]
        answers = await self._database.run(*new, *(take_known(batch_id, known) if known else ()))
        added = {number for answer in answers[: len(new)] for (number,) in answer}
        for item in items:
            if item.number not in added:
                raise SubmissionError("item.item_id", f"expected every id once, found {item.item_id!r} again")
        return len(answers[len(new) + 1]) if known else 0

    async def start_batch(
        self, batch_id: str, *, item_count: int, content: str, unix_ns: int, priority: int | None = None
    ) -> Batch:
        """Ends the creation."""
        start = Statement(_START, (batch_id, item_count, content, priority))
        end = Statement(END, (batch_id, unix_ns))
        found = (await self._database.run(start, end, Statement(ONE_BATCH, (batch_id,))))[-1]
        if not found:
            raise KeyError(batch_id)
        return rows.batch_of(found[0])

    async def drop_batch(self, batch_id: str) -> None:
        """Forgets a batch that is being created."""
        await self._database.run(*(Statement(sql, (batch_id,)) for sql in _DROP))

    async def batch(self, batch_id: str) -> Batch | None:
        """A batch that has been created."""
        (found,) = await self._database.run(Statement(ONE_BATCH, (batch_id,)))
        batch = rows.batch_of(found[0]) if found else None
        return None if batch is None or batch.state is BatchState.CREATING else batch

    async def batches(self, *, limit: int, after: str = "") -> list[Batch]:
        """Created batches, the latest first."""
        (found,) = await self._database.run(Statement(_ALL_BATCHES, (after, limit)))
        return [rows.batch_of(row) for row in found]

    async def running_batches(self) -> list[Batch]:
        """Those that run, in the order in which they are served."""
        (found,) = await self._database.run(Statement(_RUNNING))
        return [rows.batch_of(row) for row in found]

    async def waiting_items(self, batch_id: str, *, after: int, limit: int) -> list[BatchItem]:
        """Items without a result, by number."""
        return [
            rows.item_of(row) for row in (await self._database.run(Statement(_WAITING, (batch_id, after, limit))))[0]
        ]

    async def results(self, batch_id: str, *, after: int, limit: int) -> list[ItemResult]:
        """Results by position."""
        return [
            rows.result_of(row) for row in (await self._database.run(Statement(_RESULTS, (batch_id, after, limit))))[0]
        ]

    async def cancel_batch(self, batch_id: str, *, unix_ns: int) -> Batch | None:
        """Ends a batch that runs."""
        await self._database.run(Statement(_CANCEL, (batch_id, unix_ns)))
        return await self.batch(batch_id)


def _new_items(batch_id: str, items: Sequence[BatchItem]) -> Statement:
    return Statement(_insertion(len(items)), (batch_id, *(value for item in items for value in _item_row(item))))


@cache
def _insertion(count: int) -> str:
    return _NEW_ITEMS.format(places(count, ("$1", *["{}"] * _ROW), first=2))


def _item_row(item: BatchItem) -> rows.Row:
    before = (None, None) if item.before is None else columns_of(item.before)
    return item.number, item.item_id, item.problem, rows.pack_program(item.program), *before


async def open_store(address: str) -> SqlStore:
    """Opens the store at ``postgresql://...`` or in a file; empty: in memory. Raises ConfigError."""
    database: Database
    if address.startswith(("postgresql://", "postgres://")):
        database = await PostgresDatabase.open(address)
    else:
        database = await SqliteDatabase.open(Path(address) if address else None)
    try:
        await migrate(database)
        await fill_marks(database)
    except BaseException:
        await database.close()
        raise
    return SqlStore(database)
