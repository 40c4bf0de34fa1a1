"""The descriptors of one box, at both ends."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack

from judge.sandbox.feed import Feed
from judge.sandbox.streams import Capture, Frames, Lines


class Wires:
    """Makes the descriptors of a box; ours are closed by ``stack``, theirs by ``give_away`` or by ``stack``.

    With ``live`` its standard input is a pipe that is written while the program runs, else a file of ``stdin``.
    """

    def __init__(self, stack: ExitStack, stdin: bytes = b"", *, live: bool = False) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        pipes = [os.pipe2(os.O_CLOEXEC) for _ in range(3)]
        stdout, stderr, control = (reading for reading, _ in pipes)
        self.stdin, feed = _live_input() if live else (readable_file(stdin), None)
        self.lines = Lines(Frames(ours), Capture(control), Capture(stdout), Capture(stderr), feed)
        stack.callback(self.lines.close)
        self.stdout, self.stderr, self.control = (writing for _, writing in pipes)  # the box's ends
        self.channel = theirs.detach()
        self.box_ends = [self.stdin, self.stdout, self.stderr, self.channel, self.control]
        self._theirs = [*self.box_ends]
        stack.callback(self.give_away)

    def give_away(self) -> None:
        """Closes our copies of the box's ends, so that its end of life is seen as the end of the streams."""
        while self._theirs:
            os.close(self._theirs.pop())


def _live_input() -> tuple[int, Feed]:
    """Returns the box's end and the judge's end of a pipe."""
    reading, writing = os.pipe2(os.O_CLOEXEC)
    return reading, Feed(writing)


def readable_file(content: bytes) -> int:
    """Returns a read-only descriptor of a memory file with ``content``; its memory is charged to this process."""
    if not content:
        return os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    writing = os.memfd_create("judge", os.MFD_CLOEXEC)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(writing, view) :]
        return os.open(f"/proc/self/fd/{writing}", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(writing)


def sealed_file(content: bytes) -> int:
    """Returns a descriptor of a memory file with ``content``, at its beginning."""
    descriptor = os.memfd_create("judge", os.MFD_CLOEXEC)
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
