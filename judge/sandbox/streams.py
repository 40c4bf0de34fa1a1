"""The descriptors between the supervisor and a box: captured output and frames with caps, writes that never block."""

from __future__ import annotations

import os
import select
import socket
import struct
from typing import Any

from judge.errors import SlotFault
from judge.harness import protocol, wire
from judge.model.run import Captured
from judge.sandbox.feed import Feed

_CHUNK = 1 << 16
KEPT_BYTES = 64 * 1024  # of each of standard output and standard error, per run, unless the output is the answer
_OVERHEAD_BYTES = 1 << 20  # of a frame beyond the answer that it carries
_MAX_FRAME_NODES = 2000
_NOTHING = Captured()
_NOW = socket.MSG_DONTWAIT
ENDED_EARLY = "the box ended before it began"
MOMENT_NS = 4_000_000  # how long ``read_soon`` waits: nothing else is looked at meanwhile
_MOMENT = struct.pack("@ll", 0, MOMENT_NS // 1000)  # a timeval


class Capture:
    """What a box prints on one stream: the first bytes are kept, all are counted, none is waited for."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.kept_bytes = KEPT_BYTES  # how many of the first bytes are kept
        self.passed_on: bytearray | None = None  # everything that was read, for somebody who takes it from here
        self._begin()

    def _begin(self) -> None:
        self._kept = bytearray()
        self.total_bytes = 0

    def read(self) -> bool:
        """Reads what is there, at most 1 MiB; False at the end of the stream."""
        for _ in range(16):
            try:
                data = os.read(self.descriptor, _CHUNK)
            except BlockingIOError:
                return True
            if not data:
                return False
            self.total_bytes += len(data)
            self._kept += data[: max(0, self.kept_bytes - len(self._kept))]
            if self.passed_on is not None:
                self.passed_on += data
        return True

    def take(self) -> Captured:
        """Returns what was captured since the last time."""
        if not self.total_bytes:
            return _NOTHING
        captured = Captured(data=bytes(self._kept), total_bytes=self.total_bytes)
        self._begin()
        return captured

    def close(self) -> None:
        """Closes the descriptor."""
        os.close(self.descriptor)


class TooLargeError(Exception):
    """A frame is longer than is allowed."""


class Frames:
    """Frames over a stream socket, in both directions; nothing blocks but ``read_soon``, for a moment."""

    def __init__(self, channel: socket.socket) -> None:
        channel.setblocking(True)
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _MOMENT)
        self._channel = channel
        self._incoming: bytes | bytearray = b""
        self._outgoing: bytes | memoryview = b""
        self.descriptor = channel.fileno()
        self.answer_bytes = 0  # the largest answer allowed now

    def post(self, message: dict[str, Any]) -> None:
        """Begins to send a frame; ``flush`` goes on with it."""
        frame = protocol.pack(message)
        self._outgoing = bytes(self._outgoing) + frame if self._outgoing else frame

    def let_go(self) -> None:
        """Sends the one byte that a warm box waits for. Raises SlotFault when the box is gone."""
        try:
            self._channel.send(b"g")
        except OSError:
            raise SlotFault(ENDED_EARLY) from None

    @property
    def sending(self) -> bool:
        """Whether bytes are left to send."""
        return bool(self._outgoing)

    @property
    def incomplete(self) -> bool:
        """Whether a part of a frame has arrived."""
        return bool(self._incoming)

    def flush(self) -> None:
        """Sends what the socket takes now; a box that is gone takes everything."""
        try:
            sent = self._channel.send(self._outgoing, _NOW)
        except BlockingIOError:
            return
        except OSError:
            self._outgoing = b""
        else:
            self._outgoing = memoryview(self._outgoing)[sent:] if sent < len(self._outgoing) else b""

    def read(self) -> bool:
        """Reads what is there, at most 64 KiB; False at the end of the stream."""
        try:
            data = self._channel.recv(_CHUNK, _NOW)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._take(data)
        return bool(data)

    def read_soon(self) -> bool:
        """Reads what comes within a moment; False when nothing did, at the end of the stream too. It costs less than
        ``poll`` and ``read``."""
        try:
            data = self._channel.recv(_CHUNK)
        except OSError:
            return False
        self._take(data)
        return bool(data)

    def _take(self, data: bytes) -> None:
        if not self._incoming:
            self._incoming = data
            return
        if isinstance(self._incoming, bytes):
            self._incoming = bytearray(self._incoming)
        self._incoming += data

    def next(self) -> dict[str, Any] | None:
        """Returns the next whole frame, None while there is none. Raises TooLargeError, or WireError for anything
        else."""
        size, incoming = protocol.HEADER.size, self._incoming
        if len(incoming) < size:
            return None
        end = size + protocol.HEADER.unpack_from(incoming)[0]
        if end - size > self.answer_bytes + _OVERHEAD_BYTES:
            raise TooLargeError
        if len(incoming) < end:
            return None
        payload = bytes(incoming[size:end])
        self._incoming = incoming[end:]
        return decode_frame(payload)

    def close(self) -> None:
        """Closes the socket."""
        self._channel.close()


class Lines:
    """The descriptors of one box, and what watches them."""

    def __init__(
        self, frames: Frames, control: Capture, stdout: Capture, stderr: Capture, stdin: Feed | None = None
    ) -> None:
        self.frames = frames
        self.control = control
        self.stdout = stdout
        self.stderr = stderr
        self.stdin = stdin  # when the standard input is written while the program runs
        self.poller = select.epoll()

    def close(self) -> None:
        """Closes all of them."""
        for line in (self.poller, self.frames, self.control, self.stdout, self.stderr):
            line.close()
        if self.stdin is not None:
            self.stdin.close()


def decode_frame(payload: bytes) -> dict[str, Any]:
    """Returns the mapping in a frame; raises WireError when it is anything else."""
    common = protocol.unpack_common(payload)
    if common is not None:
        return common
    frame = wire.decode(payload, max_depth=8, max_nodes=_MAX_FRAME_NODES)
    if not isinstance(frame, dict) or not isinstance(frame.get("kind"), str):
        raise wire.WireError("a frame is not a mapping with a kind")
    return frame
