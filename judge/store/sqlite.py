"""SQLite behind one thread: the event loop never waits for the disk.

Units are put in a queue; the thread takes all that wait there and commits them in one transaction, each in a savepoint
of its own, so that one which fails leaves the others alone. A unit alone needs none, and no copies of the pages that it
changes. The journal is a write-ahead log with ``synchronous =
NORMAL``: what was committed survives the death of the process; when the machine loses its power the last commits may
be missing, the file stays whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import re
import sqlite3
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from judge.errors import ConfigError, StoreFault
from judge.store.database import Statement
from judge.store.rows import Row

_BUSY_S = 30.0  # how long another process may hold the file
_GROUP = 256  # units in one commit
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -8192",
    "PRAGMA journal_size_limit = 67108864",
)

_PARAMETER = re.compile(r"\$(\d+)")
_FAULTS = (sqlite3.Error, OverflowError, UnicodeEncodeError)

type Rows = list[list[Row]]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What waits in the queue."""

    statements: tuple[Statement, ...]
    answer: asyncio.Future[Rows]


class SqliteDatabase:
    """A file, or with ``None`` a database in memory; ``open`` makes it."""

    def __init__(self, path: Path | None, loop: asyncio.AbstractEventLoop) -> None:
        self._path = path
        self._loop = loop
        self._queue: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._connection = self._connect()
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    @classmethod
    async def open(cls, path: Path | None) -> Self:
        """Opens the file, or makes it, readable by its owner alone. Raises ConfigError when that cannot be."""
        return cls(path, asyncio.get_running_loop())

    @property
    def shared(self) -> bool:
        """Never: a file is one machine's, and one service runs its batches."""
        return False

    async def run(self, *unit: Statement) -> Rows:
        """Runs a unit; returns the rows of each statement. Raises StoreFault, and then none has taken effect."""
        answer: asyncio.Future[Rows] = self._loop.create_future()
        self._queue.put(_Unit(unit, answer))
        return await answer

    async def close(self) -> None:
        """Finishes what was asked for and closes the file."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)
        self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        try:
            if self._path is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            name = ":memory:" if self._path is None else self._path
            connection = sqlite3.connect(name, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
            try:
                for pragma in _PRAGMAS:
                    connection.execute(pragma)
            except sqlite3.Error:
                connection.close()
                raise
        except (OSError, sqlite3.Error) as error:
            expected = "expected a database that can be read and written"
            raise ConfigError(f"setting 'store': {expected}, found {self._path}: {error}") from None
        return connection

    # --- in the thread ---

    def _work(self) -> None:
        ended = False
        while not ended:
            waiting = [self._queue.get()]
            with contextlib.suppress(queue.Empty):
                while len(waiting) < _GROUP and waiting[-1] is not None:
                    waiting.append(self._queue.get_nowait())
            units = [unit for unit in waiting if unit is not None]
            ended = len(units) < len(waiting)
            answers = self._commit(units)
            with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits
                self._loop.call_soon_threadsafe(_deliver, units, answers)

    def _commit(self, units: list[_Unit]) -> list[Rows | StoreFault]:
        """Runs units in one transaction; returns what each one gets."""
        attempt = self._attempt if len(units) > 1 else self._run
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            answers = [attempt(unit) for unit in units]
            self._connection.execute("COMMIT")
        except _FAULTS as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            return [StoreFault(f"the store {self._path}: {error}") for _ in units]
        return answers

    def _run(self, unit: _Unit) -> Rows:
        return [self._execute(statement) for statement in unit.statements]

    def _attempt(self, unit: _Unit) -> Rows | StoreFault:
        self._connection.execute("SAVEPOINT unit")
        try:
            answer: Rows | StoreFault = self._run(unit)
        except _FAULTS as error:
            self._connection.execute("ROLLBACK TO unit")
            answer = StoreFault(f"the store {self._path}: {error}")
        self._connection.execute("RELEASE unit")
        return answer

    def _execute(self, statement: Statement) -> list[Row]:
        sql, order = _without_names(statement.sql)
        return self._connection.execute(sql, [statement.values[at] for at in order]).fetchall()


@lru_cache(maxsize=128)
def _without_names(sql: str) -> tuple[str, tuple[int, ...]]:
    """Returns a statement with ``?`` for each ``$1``, and which value each of them is.

    A parameter with a name or number is looked for among all others: a page of 256 rows took three times as long.
    """
    return _PARAMETER.sub("?", sql), tuple(int(number) - 1 for number in _PARAMETER.findall(sql))


def _deliver(units: list[_Unit], answers: list[Rows | StoreFault]) -> None:
    for unit, answer in zip(units, answers, strict=True):
        if unit.answer.done():
            continue
        if isinstance(answer, StoreFault):
            unit.answer.set_exception(answer)
        else:
            unit.answer.set_result(answer)
