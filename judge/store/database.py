"""What a store asks of a database: to run a few statements as one transaction.

A *unit* is a list of statements, known beforehand, of which either all take effect or none; later ones cannot use the
results of earlier ones, only what these left in the tables. So a unit needs one hop to the database, and several units
can be committed together. Statements are in the SQL that SQLite and PostgreSQL share, with parameters ``$1``, ``$2``.

The schema is the files of ``migrations/``, by number; ``migrate`` applies those that the database lacks.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from judge.errors import ConfigError, StoreFault
from judge.store.rows import Row

_FILES = Path(__file__).parent / "migrations"
_APPLIED = "SELECT version FROM schema_versions"
_VERSIONS = "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY)"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and its parameters."""

    sql: str
    values: tuple[Any, ...] = ()


class Database(Protocol):
    """Runs units; used from one event loop."""

    @property
    def shared(self) -> bool:
        """Whether services on other machines may use it too."""
        ...

    async def run(self, *unit: Statement) -> list[list[Row]]:
        """Runs a unit; returns the rows of each statement. Raises StoreFault, and then none has taken effect."""
        ...

    async def close(self) -> None:
        """Finishes what was asked for and lets go of the database."""
        ...


def places(count: int, columns: Sequence[str], *, first: int = 1) -> str:
    """Returns the places of ``count`` rows of parameters, from ``$first`` on; ``{}`` in a column is the parameter."""
    row = f"({', '.join(columns)})"
    width = row.count("{}")
    return ", ".join(
        row.format(*(f"${number}" for number in range(at, at + width)))
        for at in range(first, first + count * width, width)
    )


def migrations() -> dict[int, tuple[str, ...]]:
    """Returns the statements of each migration by its number, in order."""
    return {int(path.name[:4]): tuple(_statements(path.read_text())) for path in sorted(_FILES.glob("[0-9]*.sql"))}


async def migrate(database: Database) -> None:
    """Brings the schema up to date. Raises ConfigError when a later version of the judge made it."""
    known = migrations()
    with contextlib.suppress(StoreFault):  # as well
        await database.run(Statement(_VERSIONS))
    (rows,) = await database.run(Statement(_APPLIED))
    applied = {version for (version,) in rows}
    if applied - known.keys():
        expected, found = max(known), max(applied)
        raise ConfigError(f"setting 'store': expected a database of at most version {expected}, found {found}")
    for number in sorted(known.keys() - applied):
        steps = [Statement(sql) for sql in known[number]]
        try:
            await database.run(*steps, Statement("INSERT INTO schema_versions VALUES ($1)", (number,)))
        except StoreFault:  # perhaps another service was faster
            if number not in {version for (version,) in (await database.run(Statement(_APPLIED)))[0]}:
                raise


def _statements(text: str) -> Iterator[str]:
    bare = re.sub(r"--.*", "", text)
    yield from (statement.strip() for statement in bare.split(";") if statement.strip())
