"""A standard input that is written live: the judge's end of a pipe."""

from __future__ import annotations

import fcntl
import os
import termios

_CHUNK = 1 << 16
_NUMBER = 4  # bytes of the answer to FIONREAD


class Feed:
    """The judge's end of a box's standard input: a pipe that is written while the program runs; it never blocks."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.pending = bytearray()  # what the pipe has not taken yet
        self._ending = self._closed = False

    def give(self, data: bytes | bytearray) -> None:
        """Adds to what is to be read; nothing once the end was said."""
        if not self._ending:
            self.pending += data

    def end(self) -> None:
        """Says that nothing more comes: the program reads the end of its input after what is pending."""
        self._ending = True

    def flush(self) -> None:
        """Writes what the pipe takes now."""
        try:
            while self.pending and not self._closed:
                del self.pending[: os.write(self.descriptor, self.pending[:_CHUNK])]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self.pending.clear()
        if self._ending:
            self.close()

    @property
    def blocked(self) -> bool:
        """Whether the pipe is full."""
        return bool(self.pending) and not self._closed

    @property
    def unread_bytes(self) -> int:
        """How much the program was given and has not read."""
        if self._closed:
            return 0
        number = fcntl.ioctl(self.descriptor, termios.FIONREAD, bytes(_NUMBER))
        return len(self.pending) + int.from_bytes(number, "little")

    def close(self) -> None:
        """Closes the descriptor, once."""
        if not self._closed:
            self._closed = True
            os.close(self.descriptor)
