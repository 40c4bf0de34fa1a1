"""The descriptors between the supervisor and a box: captured output and frames with caps, writes that never block."""

from __future__ import annotations

import os
import socket
from typing import Any

from judge.harness import protocol, wire
from judge.model.run import Captured

_CHUNK = 1 << 16
KEPT_BYTES = 64 * 1024  # of each of standard output and standard error, per run, unless the output is the answer
_OVERHEAD_BYTES = 1 << 20  # of a frame beyond the answer that it carries
_MAX_FRAME_NODES = 2000


class Capture:
    """What a box prints on one stream: the first bytes are kept, all are counted, none is waited for."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.kept_bytes = KEPT_BYTES  # how many of the first bytes are kept
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
        return True

    def take(self) -> Captured:
        """Returns what was captured since the last time."""
        captured = Captured(data=bytes(self._kept), total_bytes=self.total_bytes)
        self._begin()
        return captured

    def close(self) -> None:
        """Closes the descriptor."""
        os.close(self.descriptor)


class TooLargeError(Exception):
    """A frame is longer than is allowed."""


class Frames:
    """Frames over a stream socket, in both directions, without blocking."""

    def __init__(self, channel: socket.socket) -> None:
        channel.setblocking(False)
        self._channel = channel
        self._incoming = bytearray()
        self._outgoing = memoryview(b"")
        self.answer_bytes = 0  # the largest answer allowed now

    def fileno(self) -> int:
        """For poll."""
        return self._channel.fileno()

    def post(self, message: dict[str, Any]) -> None:
        """Begins to send a frame; ``flush`` goes on with it."""
        self._outgoing = memoryview(bytes(self._outgoing) + protocol.pack(message))

    def let_go(self) -> None:
        """Sends the one byte that a warm box waits for."""
        self._channel.send(b"g")

    @property
    def sending(self) -> bool:
        """Whether bytes are left to send."""
        return bool(self._outgoing)

    def flush(self) -> None:
        """Sends what the socket takes now; a box that is gone takes everything."""
        try:
            sent = self._channel.send(self._outgoing)
            self._outgoing = self._outgoing[sent:]
        except BlockingIOError:
            return
        except OSError:
            self._outgoing = memoryview(b"")

    def read(self) -> bool:
        """Reads what is there, at most 64 KiB; False at the end of the stream."""
        try:
            data = self._channel.recv(_CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._incoming += data
        return bool(data)

    def next(self) -> dict[str, Any] | None:
        """Returns the next whole frame, None while there is none. Raises TooLargeError, or WireError for anything
        else."""
        size = protocol.HEADER.size
        if len(self._incoming) < size:
            return None
        (length,) = protocol.HEADER.unpack_from(self._incoming)
        if length > self.answer_bytes + _OVERHEAD_BYTES:
            raise TooLargeError
        if len(self._incoming) < size + length:
            return None
        payload = bytes(self._incoming[size : size + length])
        del self._incoming[: size + length]
        return decode_frame(payload)

    def close(self) -> None:
        """Closes the socket."""
        self._channel.close()


def decode_frame(payload: bytes) -> dict[str, Any]:
    """Returns the mapping in a frame; raises WireError when it is anything else."""
    common = protocol.unpack_common(payload)
    if common is not None:
        return common
    frame = wire.decode(payload, max_depth=8, max_nodes=_MAX_FRAME_NODES)
    if not isinstance(frame, dict) or not isinstance(frame.get("kind"), str):
        raise wire.WireError("a frame is not a mapping with a kind")
    return frame
