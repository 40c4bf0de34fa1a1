"""The chunks that this service has leased from the queue: claimed, kept alive, completed, given back.

A chunk is about a second of work. While it is worked on its lease is renewed; when the service dies the lease ends and
another one claims the chunk, its attempt being one more, after a pause that grows with it. A chunk that was claimed too
often is in the way of whoever claims it: it is split, down to the one item that is to blame, which then gets a failure.
A service that was away too long finds its lease gone at the next renewal: its token is no longer the chunk's.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from judge.model.batch import Chunk
from judge.ports import Clock, JobQueue
from judge.units import NANOSECONDS

LEASE_NS = 10 * NANOSECONDS  # after the last renewal
RENEW_S = 2.0
PAUSE_NS = 5 * NANOSECONDS  # for each attempt beyond the first
ATTEMPTS = 3  # then a chunk is split, and an item alone given up


@dataclass(slots=True)
class _Held:
    """A leased chunk and its items that have no result yet."""

    chunk: Chunk
    left: set[int]


class Chunks:
    """The leases of one service. Used from one event loop."""

    def __init__(self, queue: JobQueue, clock: Clock) -> None:
        self._queue = queue
        self._clock = clock
        self._held: dict[str, _Held] = {}  # by token
        self._tokens: dict[tuple[str, int], str] = {}  # by batch and item

    async def claim(self, size: int) -> Chunk | None:
        """Leases a chunk of at most so many items; None when there is none."""
        now_ns = self._clock.unix_ns()
        until_ns = now_ns + LEASE_NS
        return await self._queue.claim(uuid.uuid4().hex, size=size, now_ns=now_ns, until_ns=until_ns, pause_ns=PAUSE_NS)

    async def hold(self, chunk: Chunk, numbers: set[int]) -> set[int]:
        """Works on these items of a chunk; with none, completes it. Returns those that it did not work on already.

        It may: a service that was away for longer than a lease claims what it still has in hand.
        """
        if not numbers:
            await self._queue.complete(chunk.token)
            return set()
        earlier = {n: self._tokens[chunk.batch_id, n] for n in numbers if (chunk.batch_id, n) in self._tokens}
        for token in set(earlier.values()):
            self._held.pop(token, None)
        self._held[chunk.token] = _Held(chunk, set(numbers))
        self._tokens |= dict.fromkeys(((chunk.batch_id, number) for number in numbers), chunk.token)
        return numbers - earlier.keys()

    @property
    def suspect(self) -> bool:
        """Whether a chunk is worked on that has ended a service: what is done should be known before it does again."""
        return any(held.chunk.attempt > 1 for held in self._held.values())

    async def split(self, chunk: Chunk, at: int) -> None:
        """Has the parts of a chunk claimed instead of it."""
        await self._queue.split(chunk.token, at=at)

    async def reopen(self) -> None:
        """Takes over what a service left that was killed, if it can only have been this one."""
        await self._queue.reopen()

    async def done(self, batch_id: str, numbers: Sequence[int]) -> None:
        """Says that items have their results."""
        ended: list[str] = []
        for number in numbers:
            token = self._tokens.pop((batch_id, number), "")
            held = self._held.get(token)
            if held is None:
                continue
            held.left.discard(number)
            if not held.left:
                del self._held[token]
                ended.append(token)
        for token in ended:
            await self._queue.complete(token)

    async def renew(self) -> list[Chunk]:
        """Keeps the leases alive; returns the chunks that are lost."""
        tokens = list(self._held)
        if not tokens:
            return []
        kept = await self._queue.renew(tokens, until_ns=self._clock.unix_ns() + LEASE_NS)
        return [self._forget(token) for token in tokens if token not in kept and token in self._held]

    async def release(self) -> None:
        """Gives all chunks back."""
        tokens = list(self._held)
        for token in tokens:
            self._forget(token)
        await self._queue.release(tokens)

    def _forget(self, token: str) -> Chunk:
        held = self._held.pop(token)
        for number in held.left:
            self._tokens.pop((held.chunk.batch_id, number), None)
        return held.chunk
