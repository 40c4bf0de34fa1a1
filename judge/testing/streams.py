"""What a program reads and writes, instead of this process's own streams."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from judge.model.run import Captured, Killer
from judge.testing.talk import Voice
from judge.testing.timers import Stop

CAPTURED_BYTES = 64 * 1024  # kept of each stream


class Stream(io.TextIOBase):
    """A text stream that counts bytes against a limit shared by both streams."""

    def __init__(
        self, spent: list[int], limit: int, kept_bytes: int = CAPTURED_BYTES, voice: Voice | None = None
    ) -> None:
        self._kept_bytes = kept_bytes
        self._voice = voice
        self._unsaid = bytearray()  # in a conversation: what is not flushed
        self._spent = spent
        self._limit = limit
        self._data = bytearray()
        self._total = 0

    def write(self, text: str) -> int:
        data = text.encode("utf-8", "replace")
        self._spent[0] += len(data)
        self._total += len(data)
        self._data += data[: max(0, self._kept_bytes - len(self._data))]
        if self._spent[0] > self._limit:
            raise Stop(Killer.OUTPUT)
        if self._voice is not None:
            self._unsaid += data
            if len(self._unsaid) >= io.DEFAULT_BUFFER_SIZE:
                self.flush()
        return len(text)

    def flush(self) -> None:
        if self._voice is not None:
            self._voice.say(bytes(self._unsaid))
            self._unsaid.clear()

    def captured(self) -> Captured:
        return Captured(data=bytes(self._data), total_bytes=self._total)


@contextlib.contextmanager
def as_script(module: ModuleType, arguments: list[str], stdin: bytes, voice: Voice | None = None) -> Iterator[None]:
    """Makes ``module`` the one that is run, with a command line and a standard input, and puts back what was there."""
    saved = sys.modules["__main__"], sys.argv, sys.stdin
    sys.modules["__main__"], sys.argv = module, [str(module.__file__), *arguments]
    written = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8", errors="surrogateescape")
    sys.stdin = written if voice is None else voice.stdin
    try:
        yield
    finally:
        sys.modules["__main__"], sys.argv, sys.stdin = saved


@contextlib.contextmanager
def redirected(stdout: Any, stderr: Any) -> Iterator[None]:
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        yield
