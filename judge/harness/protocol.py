"""The protocol between the judge and a box.

Two descriptors are handed to the first process of a box. ``CHANNEL`` (a stream socket) carries questions and answers;
after the submission is loaded it belongs to a process that has run the candidate's code, so whatever comes from it is
data, never a verdict. ``CONTROL`` (a pipe) belongs to the box's init alone, which never runs the candidate's code and
closes it in the process that does.

A frame is a 32-bit big-endian length, then that many bytes: one value in the encoding of ``wire``, a mapping with the
key ``"kind"``. In this order::

    box   -> judge   READY                            nothing of the candidate's has run
    judge -> box     LOAD     main files entry isolation audit; form, when there is one
    box   -> judge   COMPILED                         the source is code
    box   -> judge   LOADED | FAILED                  stage type message frames | entry point missing
    judge -> box     CALL     id arguments audit      one at a time; more, oracles and keywords (the names of the last
                                                      arguments), when there is anything to say
    box   -> judge   ASK      id oracle arguments     during a call with oracles: a question to one of them
    judge -> box     REPLY    id value error type     the answer, or what is wrong with the question
    box   -> judge   ANSWER id value audit | RAISED id type message frames bases | REFUSED id message limit
    box   -> judge   ENDED    id exit signal          isolation "test": the call's own process is gone; not after an
                                                      answer to a call with more, whose process makes the next call

With isolation "process" LOADED means that the source is code and nothing of it has run. The one CALL carries the
command line's arguments; the process closes its end of ``CHANNEL`` before the program's first statement, and there is
no answer but what the program writes on standard output and how it ends.

And on ``CONTROL``, once, when the process that loaded the submission is gone::

    init  -> judge   EXIT     exit signal

A jail that compiles has another conversation, with its init alone::

    box   -> judge   READY
    judge -> box     BUILD    files
    box   -> judge   BUILT    exit signal size artefact

``form`` says what the entry point is when it is no function: ``forms``.

``id`` is a random number that the candidate cannot know before the question is asked: an answer written in advance does
not match. Questions to oracles are answered one at a time: while a reply is on its way nothing more is read, and a box
is killed when it has asked more often than it may. A frame too many, out of order or with another id is a violation of
the protocol. No process is trusted to end by itself: the judge kills the box."""

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
ASK = "ask"
REPLY = "reply"
EXIT = "exit"
BUILD = "build"
BUILT = "built"

HEADER = struct.Struct(">I")
_INT64 = struct.Struct(">q")
MAX_MESSAGE = 4096  # characters of an exception's message that are sent
MAX_FRAMES = 32  # frames of a traceback that are sent: the outermost and the innermost half

_write, _read_some = os.write, os.read  # the submission may replace those of ``os``


# The frames of every call: before its id, between id and bytes, after them. Made and read as a whole they cost a tenth.
_BYTES_OF = {
    CALL: (b"\x84\xa4kind\xa4call\xa2id\xd3", b"\xa9arguments\xc6", b"\xa5audit\xc0"),
    ANSWER: (b"\x84\xa4kind\xa6answer\xa2id\xd3", b"\xa5value\xc6", b"\xa5audit\xc0"),
}
_KEYS = {CALL: ["kind", "id", "arguments", "audit"], ANSWER: ["kind", "id", "value", "audit"]}
_ENDED = (b"\x84\xa4kind\xa5ended\xa2id\xd3", b"\xa4exit\x00\xa6signal\xc0")  # as a call ends


def pack(message: dict[str, object]) -> bytes:
    """Returns the frame of ``message``."""
    payload = _pack_common(message) or wire.encode(message)
    return HEADER.pack(len(payload)) + payload


def _pack_common(message: Any) -> bytes | None:
    """Returns what ``wire.encode`` does, for the common frames; None for any other."""
    kind = message.get("kind")
    if kind in _BYTES_OF and list(message) == _KEYS[kind] and message["audit"] is None:
        before, between, after = _BYTES_OF[kind]
        data = message[_KEYS[kind][2]]
        return b"".join([before, _INT64.pack(message["id"]), between, HEADER.pack(len(data)), data, after])
    if kind == ENDED and message["exit"] == 0:
        return _ENDED[0] + _INT64.pack(message["id"]) + _ENDED[1]
    return None


def unpack_common(payload: bytes) -> dict[str, Any] | None:
    """Returns what ``wire.decode`` does, for the common frames; None for any other."""
    for kind, (before, between, after) in _BYTES_OF.items():
        start = len(before) + 8
        data = start + len(between) + 4
        if payload.startswith(before) and payload[start : data - 4] == between and payload.endswith(after):
            end = len(payload) - len(after)
            if end - data != HEADER.unpack_from(payload, data - 4)[0]:
                return None
            identity = _INT64.unpack_from(payload, len(before))[0]
            return dict(zip(_KEYS[kind], (kind, identity, payload[data:end], None), strict=True))
    start = len(_ENDED[0])
    if payload[:start] == _ENDED[0] and payload[start + 8 :] == _ENDED[1]:
        return {"kind": ENDED, "id": _INT64.unpack_from(payload, start)[0], "exit": 0, "signal": None}
    return None


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
    return None if payload is None else unpack_common(payload) or wire.decode(payload)


def _read(descriptor: int, count: int) -> bytes | None:
    parts = []
    while count:
        part = _read_some(descriptor, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
