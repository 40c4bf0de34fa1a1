"""Items are found by batch and number together, also in a database that knows only what earlier batches were like.

A repeated batch of 10,000 took 20 s to create on a PostgreSQL server that had analysed its tables, 0.7 s before that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from judge.model.batch import KnownItem
from judge.store.database import Database, Statement
from judge.store.finishing import SqlFinishing, take_known
from judge.store.postgres import PostgresDatabase
from judge.store.rows import Row
from judge.store.sql import SqlStore, open_store
from tests.integration.batch.postgres_server import PostgresServer
from tests.unit.store.test_store_contract import batch, items, report

PAGE = 256
Give = Callable[[SqlFinishing], Awaitable[object]]


class Noting:
    """A database that keeps what it was asked and answers nothing."""

    shared = True

    def __init__(self) -> None:
        self.asked: list[Statement] = []

    async def run(self, *unit: Statement) -> list[list[Row]]:
        self.asked += unit
        return [[] for _ in unit]

    async def close(self) -> None:
        pass


async def _filled(store: SqlStore) -> None:
    """Two batches of which one is known well; then the tables are analysed, as the server does by itself."""
    await store.link({f"w{n}": report(f"d{n}") for n in range(1, PAGE + 1)})
    for name in ("early", "late"):
        await store.begin_batch(batch(name))
        for first in range(1, 8 * PAGE, PAGE):
            await store.add_items(name, items(PAGE, first))
        await store.start_batch(name, item_count=8 * PAGE, content="", unix_ns=1)


def _known(count: int) -> list[KnownItem]:
    return [KnownItem(number=n, work=f"w{n}", submission_id=f"s{n}") for n in range(1, count + 1)]


async def _plan(address: str, statement: Statement) -> str:
    database: Database = await PostgresDatabase.open(address)
    try:
        await database.run(Statement("ANALYZE"))
        (lines,) = await database.run(Statement("EXPLAIN " + statement.sql, statement.values))
    finally:
        await database.close()
    return "\n".join(line for (line,) in lines)


async def _finishing(batch_id: str) -> Statement:
    noting = Noting()
    outcomes = {n: report(f"d{n}", f"s{n}") for n in range(1, PAGE + 1)}
    with pytest.raises(KeyError):  # nothing is answered
        await SqlFinishing(noting).finish_items(batch_id, outcomes, unix_ns=1)
    return next(each for each in noting.asked if each.sql.startswith("UPDATE items"))


@pytest.mark.parametrize("kind", ["known", "finished"])
def test_each_item_is_one_lookup_after_the_tables_were_analysed(postgres: PostgresServer, kind: str) -> None:
    address = postgres.new_database()

    async def explained() -> str:
        store = await open_store(address)
        await _filled(store)
        await store.close()
        statement = take_known("new", _known(PAGE))[1] if kind == "known" else await _finishing("new")
        return await _plan(address, statement)

    plan = asyncio.run(explained())
    joins = [line for line in plan.splitlines() if "number = " in line]
    assert len(joins) == 2, plan  # with the item that has no result, and with the one that is written
    assert all("batch_id = " in line and "Filter" not in line for line in joins), plan
