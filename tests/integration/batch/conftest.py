"""A PostgreSQL server that the tests of a file share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.batch.postgres_server import BINARIES, PostgresServer


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    pytest.importorskip("asyncpg", reason="asyncpg is not installed (the extra judge[postgres])")
    if not (BINARIES / "initdb").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {BINARIES}")
    with PostgresServer() as server:
        yield server
