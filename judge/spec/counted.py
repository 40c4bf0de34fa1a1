"""Bytes of an archive, counted while they are made: reading past a limit is refused before more is unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from judge.errors import Cancelled, SubmissionError
from judge.units import format_bytes

FIELD = "chunk"  # of the request that brings an archive


class Source(Protocol):
    """Bytes that are read in order."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most ``size``; none at the end."""
        ...


@dataclass(slots=True)
class Counted:
    """What was unpacked, counted; reading past the limit is refused."""

    source: Source
    limit_bytes: int
    stopped: Callable[[], bool]
    count_bytes: int = 0

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes, at most a piece, or fewer at the end."""
        if self.stopped():
            raise Cancelled("the upload was cancelled")
        data = bytearray()
        try:
            while len(data) < size and (more := self.source.read(size - len(data))):
                data += more
        except (OSError, EOFError, zlib.error) as error:
            raise wrong(f"expected a gzip file that is whole, found: {error}") from None
        self.count_bytes += len(data)
        if self.count_bytes > self.limit_bytes:
            raise wrong(f"expected at most {format_bytes(self.limit_bytes)} when unpacked, found more")
        return bytes(data)

    def whole(self, size: int, what: str) -> bytes:
        """Exactly ``size`` bytes."""
        data = self.read(size)
        if len(data) < size:
            raise wrong(f"expected the rest of {what}, found the end of the archive")
        return data


def wrong(message: str) -> SubmissionError:
    """Returns the refusal of an archive."""
    return SubmissionError(FIELD, message)
