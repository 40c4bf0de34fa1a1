"""What is SQLite's own: the file, the schema's version, and units that share a commit."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from judge.errors import ConfigError, StoreFault
from judge.store.database import Statement, migrations
from judge.store.sql import open_store
from judge.store.sqlite import SqliteDatabase


async def test_the_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "judge.db"
    await (await open_store(str(path))).close()
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "judge.db"
    await (await open_store(str(path))).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO schema_versions VALUES (9999)")
        connection.commit()
    with pytest.raises(ConfigError, match=f"at most version {max(migrations())}, found 9999"):
        await open_store(str(path))


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "judge.db"
    path.write_text("something else, and long enough to be looked at as a header of a file\n" * 100)
    with pytest.raises(ConfigError, match=r"judge\.db: file is not a database"):
        await open_store(str(path))


async def test_a_unit_that_fails_has_no_effect_and_leaves_those_beside_it_alone() -> None:
    database = await SqliteDatabase.open(None)
    await database.run(Statement("CREATE TABLE t (a BIGINT PRIMARY KEY)"))
    insert = "INSERT INTO t VALUES ($1)"
    answers = await asyncio.gather(
        database.run(Statement(insert, (1,))),
        database.run(Statement(insert, (2,)), Statement(insert, (1,))),
        database.run(Statement(insert, (3,))),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [list, StoreFault, list]
    assert await database.run(Statement("SELECT a FROM t ORDER BY a")) == [[(1,), (3,)]]
    await database.close()
