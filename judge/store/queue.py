"""The port ``JobQueue`` in SQL: a part of ``judge.store.sql``.

A claim is one unit: it locks the queue, takes a chunk whose lease has ended, or else the next items of the first batch
that has some, and notes how far that batch is claimed. No chunk exists before it is claimed, so a batch of any length
costs nothing beforehand, and the size of a chunk is the claimer's choice. The lock is one row: claims of all services
come one after the other, a few milliseconds each, about one for each second of a service's work.
"""

from __future__ import annotations

from collections.abc import Sequence

from judge.model.batch import Chunk
from judge.store.database import Database, Statement

_CHUNK = "batch_id, first_number, last_number, attempt, token"
_LOCK = "UPDATE chunk_lock SET claims = claims + 1"
_ORDER = "b.priority DESC, b.create_unix_ns, b.batch_id"
_AGAIN = (
    "UPDATE chunks SET attempt = attempt + 1, token = $1, until_unix_ns = $3 WHERE (batch_id, first_number) IN ("
    "SELECT c.batch_id, c.first_number FROM chunks AS c JOIN batches AS b ON b.batch_id = c.batch_id "
    f"WHERE b.state = 'running' AND c.until_unix_ns + (c.attempt - 1) * $4 < $2 "
    f"ORDER BY {_ORDER}, c.first_number LIMIT 1)"
)
_NEXT = (
    f"INSERT INTO chunks ({_CHUNK}, until_unix_ns) SELECT n.batch_id, n.first_number, n.first_number + $2 - 1, 1, $1, "
    "$3 FROM (SELECT b.batch_id, (SELECT MIN(i.number) FROM items AS i WHERE i.batch_id = b.batch_id "
    "AND i.number > b.claimed_number) AS first_number FROM batches AS b WHERE b.state = 'running' AND EXISTS ("
    "SELECT 1 FROM items AS i WHERE i.batch_id = b.batch_id AND i.number > b.claimed_number) "
    f"ORDER BY {_ORDER} LIMIT 1) AS n WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE token = $1) ON CONFLICT DO NOTHING"
)
_ADVANCE = (
    "UPDATE batches SET claimed_number = (SELECT MAX(c.last_number) FROM chunks AS c WHERE c.token = $1) "
    "WHERE batch_id IN (SELECT c.batch_id FROM chunks AS c WHERE c.token = $1) "
    "AND claimed_number < (SELECT MAX(c.last_number) FROM chunks AS c WHERE c.token = $1)"
)
_MINE = f"SELECT {_CHUNK} FROM chunks WHERE token = $1"
_RENEW = (
    "UPDATE chunks SET until_unix_ns = $2 WHERE token = $1 AND EXISTS (SELECT 1 FROM batches "
    "WHERE batches.batch_id = chunks.batch_id AND batches.state = 'running') RETURNING token"
)
_COMPLETE = "DELETE FROM chunks WHERE token = $1"
_RELEASE = "UPDATE chunks SET until_unix_ns = 0, attempt = attempt - 1 WHERE token = $1"
_SPLIT = (
    f"INSERT INTO chunks ({_CHUNK}, until_unix_ns) SELECT batch_id, CAST($2 AS BIGINT), last_number, attempt - 2, "
    "'', 0 FROM chunks WHERE token = $1 ON CONFLICT DO NOTHING",
    "UPDATE chunks SET last_number = CAST($2 AS BIGINT) - 1, attempt = attempt - 2, token = '', until_unix_ns = 0 "
    "WHERE token = $1",
)
_REOPEN = "UPDATE chunks SET until_unix_ns = 0"
FORGOTTEN = (
    "DELETE FROM chunks WHERE NOT EXISTS (SELECT 1 FROM batches WHERE batches.batch_id = chunks.batch_id "
    "AND batches.state = 'running')"
)


class SqlQueue:
    """The part of ``SqlStore`` that is a queue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, token: str, *, size: int, now_ns: int, until_ns: int, pause_ns: int) -> Chunk | None:
        """Leases a chunk until then."""
        found = await self._database.run(
            Statement(_LOCK),
            Statement(_AGAIN, (token, now_ns, until_ns, pause_ns)),
            Statement(_NEXT, (token, size, until_ns)),
            Statement(_ADVANCE, (token,)),
            Statement(_MINE, (token,)),
        )
        if not found[-1]:
            return None
        batch_id, first, last, attempt, _ = found[-1][0]
        return Chunk(batch_id=batch_id, first_number=first, last_number=last, attempt=attempt, token=token)

    async def renew(self, tokens: Sequence[str], *, until_ns: int) -> set[str]:
        """Prolongs leases; returns those that are still held."""
        answers = await self._database.run(*(Statement(_RENEW, (token, until_ns)) for token in tokens))
        return {token for answer in answers for (token,) in answer}

    async def complete(self, token: str) -> None:
        """Ends a lease for good."""
        await self._database.run(Statement(_COMPLETE, (token,)))

    async def release(self, tokens: Sequence[str]) -> None:
        """Gives leases back as if they had not been claimed."""
        await self._database.run(*(Statement(_RELEASE, (token,)) for token in tokens))

    async def split(self, token: str, *, at: int) -> None:
        """Replaces a chunk by its two parts."""
        await self._database.run(*(Statement(sql, (token, at)) for sql in _SPLIT))

    async def reopen(self) -> None:
        """Ends all leases, when nobody else shares the queue."""
        if not self._database.shared:
            await self._database.run(Statement(_REOPEN))
