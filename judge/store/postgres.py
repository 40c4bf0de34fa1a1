"""PostgreSQL behind asyncpg (the extra ``judge[postgres]``): a unit is a transaction on a connection of a pool."""

from __future__ import annotations

from typing import Any, Self

from judge.errors import ConfigError, StoreFault
from judge.store.database import Statement
from judge.store.rows import Row

_CONNECTIONS = 4
_CONNECT_S = 10.0  # a connection is given up
_UNIT_S = 60.0  # ... a statement: the server may be gone without a word


class PostgresDatabase:
    """A database by its address; ``open`` makes it."""

    def __init__(self, pool: Any, faults: tuple[type[Exception], ...]) -> None:
        self._pool = pool
        self._faults = faults

    @classmethod
    async def open(cls, address: str) -> Self:
        """Connects to ``postgresql://...``. Raises ConfigError when asyncpg is missing or the server refuses."""
        try:
            import asyncpg
        except ImportError:
            remedy = "pip install 'judge[postgres]'"
            raise ConfigError(f"setting 'store': PostgreSQL needs the package asyncpg, found none: {remedy}") from None
        faults = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
        try:
            pool = await asyncpg.create_pool(
                address, min_size=1, max_size=_CONNECTIONS, timeout=_CONNECT_S, command_timeout=_UNIT_S
            )
        except (*faults, ValueError) as error:
            raise ConfigError(f"setting 'store': expected a PostgreSQL server that can be used: {error}") from None
        return cls(pool, faults)

    @property
    def shared(self) -> bool:
        """Whether services on other machines may use it too."""
        return True

    async def run(self, *unit: Statement) -> list[list[Row]]:
        """Runs a unit; returns the rows of each statement. Raises StoreFault, and then none has taken effect."""
        try:
            async with self._pool.acquire() as connection:
                if len(unit) == 1:  # is a transaction by itself
                    return [await _execute(connection, unit[0])]
                async with connection.transaction():
                    return [await _execute(connection, statement) for statement in unit]
        except self._faults as error:
            raise StoreFault(f"the store: {error}") from error

    async def close(self) -> None:
        """Closes the connections."""
        await self._pool.close()


async def _execute(connection: Any, statement: Statement) -> list[Row]:
    return [tuple(row) for row in await connection.fetch(statement.sql, *statement.values)]
