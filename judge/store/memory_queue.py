"""The twin of a queue: chunks in this process's dictionary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from judge.model.batch import Batch, Chunk

Running = Callable[[], list[tuple[Batch, Sequence[int]]]]  # running batches in their order, with their item numbers


class MemoryQueue:
    """The port ``JobQueue`` without anything behind it."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._chunks: dict[str, tuple[Chunk, int]] = {}  # by token: with the end of its lease
        self._free: list[Chunk] = []  # parts that nobody has claimed
        self._claimed: dict[str, int] = {}  # how far, by batch

    async def claim(self, token: str, *, size: int, now_ns: int, until_ns: int, pause_ns: int) -> Chunk | None:
        """Leases a chunk until then."""
        running = self._running()
        ids = [batch.batch_id for batch, _ in running]
        ended = [chunk for chunk, until in self._chunks.values() if until + (chunk.attempt - 1) * pause_ns < now_ns]
        ended += self._free
        ended = [chunk for chunk in ended if chunk.batch_id in ids]
        if ended:
            old = min(ended, key=lambda chunk: (ids.index(chunk.batch_id), chunk.first_number))
            self._free = [chunk for chunk in self._free if chunk is not old]
            self._chunks.pop(old.token, None)
            return self._leased(replace(old, attempt=old.attempt + 1, token=token), until_ns)
        for batch, numbers in running:
            left = [number for number in numbers if number > self._claimed.get(batch.batch_id, 0)]
            if left:
                first, last = left[0], left[0] + size - 1
                self._claimed[batch.batch_id] = last
                new = Chunk(batch_id=batch.batch_id, first_number=first, last_number=last, attempt=1, token=token)
                return self._leased(new, until_ns)
        return None

    async def renew(self, tokens: Sequence[str], *, until_ns: int) -> set[str]:
        """Prolongs leases; returns those that are still held."""
        ids = {batch.batch_id for batch, _ in self._running()}
        held = {token for token in tokens if token in self._chunks and self._chunks[token][0].batch_id in ids}
        for token in held:
            self._leased(self._chunks[token][0], until_ns)
        return held

    async def complete(self, token: str) -> None:
        """Ends a lease for good."""
        self._chunks.pop(token, None)

    async def release(self, tokens: Sequence[str]) -> None:
        """Gives leases back as if they had not been claimed."""
        for token in tokens:
            if token in self._chunks:
                chunk = self._chunks[token][0]
                self._leased(replace(chunk, attempt=chunk.attempt - 1), 0)

    async def split(self, token: str, *, at: int) -> None:
        """Replaces a chunk by its two parts."""
        if token in self._chunks:
            chunk, _ = self._chunks.pop(token)
            part = replace(chunk, attempt=chunk.attempt - 2, token="")
            self._free += [replace(part, last_number=at - 1), replace(part, first_number=at)]

    async def reopen(self) -> None:
        """Ends all leases: nobody shares them."""
        self._chunks = {token: (chunk, 0) for token, (chunk, _) in self._chunks.items()}

    def _leased(self, chunk: Chunk, until_ns: int) -> Chunk:
        self._chunks[chunk.token] = (chunk, until_ns)
        return chunk
