"""The protocol between the judge and a box.

Two descriptors are handed to the first process of a box. ``CHANNEL`` (a stream socket) carries questions and answers;
after the submission is loaded it belongs to a process that has run the candidate's code, so whatever comes from it is
data, never a verdict. ``CONTROL`` (a pipe) belongs to the box's init alone, which never runs the candidate's code and
closes it in the process that does.

A frame is a 32-bit big-endian length, then that many bytes: one value in the encoding of ``wire``, a mapping with the
key ``"kind"``. In this order::

    box   -> judge   READY                            nothing of the candidate's has run
    judge -> box     LOAD     main files entry isolation audit
    box   -> judge   COMPILED                         the source is code
    box   -> judge   LOADED | FAILED                  stage type message frames | entry point missing
    judge -> box     CALL     id arguments audit      one at a time
    box   -> judge   ANSWER id value audit | RAISED id type message frames | REFUSED id message limit
    box   -> judge   ENDED    id exit signal          isolation "test": the call's own process is gone

and on ``CONTROL``, once, when the process that loaded the submission is gone::

    init  -> judge   EXIT     exit signal

``id`` is a random number that the candidate cannot know before the question is asked: an answer written in advance does
not match. A frame too many, out of order or with another id is a violation of the protocol. No process is trusted to
end by itself: the judge kills the box."""

from __future__ import annotations

import os
import struct

from . import wire

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from typing import Any

CHANNEL = 3
CONTROL = 4

READY = "ready"
LOAD = "load"
COMPILED = "compiled"
LOADED = "loaded"
FAILED = "failed"
CALL = "call"
ANSWER = "answer"
RAISED = "raised"
REFUSED = "refused"
ENDED = "ended"
EXIT = "exit"

HEADER = struct.Struct(">I")
MAX_MESSAGE = 4096  # characters of an exception's message that are sent
MAX_FRAMES = 32  # frames of a traceback that are sent: the outermost and the innermost half

_write, _read_some = os.write, os.read  # the submission may replace those of ``os``


def pack(message: dict[str, object]) -> bytes:
    """Returns the frame of ``message``."""
    payload = wire.encode(message)
    return HEADER.pack(len(payload)) + payload


def send(descriptor: int, message: dict[str, object]) -> None:
    """Writes one frame, however many writes it takes."""
    view = memoryview(pack(message))
    while view:
        view = view[_write(descriptor, view) :]


def receive(descriptor: int) -> Any:
    """Reads one frame; None at the end of the stream."""
    header = _read(descriptor, HEADER.size)
    if header is None:
        return None
    payload = _read(descriptor, HEADER.unpack(header)[0])
    return None if payload is None else wire.decode(payload)


def _read(descriptor: int, count: int) -> bytes | None:
    parts = []
    while count:
        part = _read_some(descriptor, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
