"""The protocol between the judge and a box.

Two descriptors are handed to the first process of a box. ``CHANNEL`` (a stream socket) carries questions and answers;
after the submission is loaded it belongs to a process that has run the candidate's code, so whatever comes from it is
data, never a verdict. ``CONTROL`` (a pipe) belongs to the box's init alone, which never runs the candidate's code and
closes it in the process that does.

A frame is a 32-bit big-endian length, then that many bytes: one value in the encoding of ``wire``, a mapping with the
key ``"kind"``. In this order::

    box   -> judge   READY                            nothing of the candidate's has run
    judge -> box     LOAD     main files entry isolation; form, when there is one
    box   -> judge   COMPILED                         the source is code
    box   -> judge   LOADED | FAILED                  stage type message frames | entry point missing
    judge -> box     CALL     id arguments audit      one at a time; more, oracles, keywords (the names of the last
                                                      arguments), when there is anything to say
    box   -> judge   ASK      id oracle arguments     during a call with oracles: a question to one of them
    judge -> box     REPLY    id value error type     the answer, or what is wrong with the question
    box   -> judge   ANSWER id value audit | RAISED id type message frames bases | REFUSED id message limit
    box   -> judge   ENDED    id exit signal          isolation "test": the call's own process is gone; not after an
                                                      answer to a call with more, whose process makes the next call
    judge -> box     CALLS    id arguments seeds whole   isolation "submission", instead of CALL: several, packed
                                                      (``bursts``); keywords of each, when there are any

Several calls that are asked together end in one ANSWER with all answers, packed, or in the RAISED or REFUSED of one of
them, with the answers ``before`` it, packed.

With isolation "process" LOADED means that the source is code and nothing of it has run. The one CALL carries the
command line's arguments; the process closes its end of ``CHANNEL`` before the program's first statement, and there is
no answer but what the program writes on standard output and how it ends. The box of a compiled program, whose channel
its init keeps for itself, can hand out files besides, when the run is over and before EXIT::

    judge -> box     CALL     id arguments audit collect
    init  -> judge   COLLECTED files                  by ``collect``: bytes, or nothing for one too large

And on ``CONTROL``, once, when the process that loaded the submission is gone::

    init  -> judge   EXIT     exit signal

With isolation "test" a program that a virtual machine holds cannot be forked: its process says READY before it has
loaded anything of the candidate's, makes one call (those with ``more`` besides) and ends; its init, which is the parent
of all of them, tells that on ``CONTROL``, and starts the next one, which loads when it is called::

    init  -> judge   ENDED    exit signal             nothing of the process is left, and no file
    judge -> init    RENEW                            before the next call
    box   -> judge   READY

A jail that compiles has another conversation, with its init alone::

    box   -> judge   READY
    judge -> box     BUILD    files sources
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
CALLS = "calls"
ASK = "ask"
REPLY = "reply"
EXIT = "exit"
RENEW = "renew"
COLLECTED = "collected"
BUILD = "build"
BUILT = "built"

HEADER = struct.Struct(">I")
_INT64 = struct.Struct(">q")
MAX_MESSAGE = 4096  # characters of an exception's message that are sent
_ONE_READ = 1 << 15
MAX_FRAMES = 32  # frames of a traceback that are sent: the outermost and the innermost half

_write, _read_some = os.write, os.read  # the submission may replace those of ``os``


# The frames of every call: before its id, between id and bytes, after them. Made and read as a whole they cost a tenth.
_BYTES_OF = {
    CALL: (b"\x84\xa4kind\xa4call\xa2id\xd3", b"\xa9arguments\xc6", b"\xa5audit\xc0"),
    ANSWER: (b"\x84\xa4kind\xa6answer\xa2id\xd3", b"\xa5value\xc6", b"\xa5audit\xc0"),
}
_KEYS = {CALL: ["kind", "id", "arguments", "audit"], ANSWER: ["kind", "id", "value", "audit"]}
_ENDED = (b"\x84\xa4kind\xa5ended\xa2id\xd3", b"\xa4exit\x00\xa6signal\xc0")  # as a call ends
_KIND_AT = 6  # where the kind begins, with its length
_KIND_OF = {0xA4: CALL, 0xA6: ANSWER, 0xA5: ENDED}


def pack(message: dict[str, object]) -> bytes:
    """Returns the frame of ``message``."""
    frame = _pack_common(message)
    if frame is None:
        payload = wire.encode(message)
        return HEADER.pack(len(payload)) + payload
    return frame


def _pack_common(message: Any) -> bytes | None:
    """Returns the frame of a common message; None for any other."""
    kind = message.get("kind")
    if kind in _BYTES_OF and message.get("audit", kind) is None and [*message] == _KEYS[kind]:
        before, between, after = _BYTES_OF[kind]
        _, identity, data, _ = message.values()
        size = len(before) + 8 + len(between) + 4 + len(data) + len(after)
        head = HEADER.pack(size) + before + _INT64.pack(identity) + between + HEADER.pack(len(data))
        return b"".join((head, data, after))
    if kind == ENDED and message["exit"] == 0:
        payload = _ENDED[0] + _INT64.pack(message["id"]) + _ENDED[1]
        return HEADER.pack(len(payload)) + payload
    return None


def unpack_common(payload: bytes) -> dict[str, Any] | None:
    """Returns what ``wire.decode`` does, for the common frames; None for any other."""
    kind = _KIND_OF.get(payload[_KIND_AT]) if len(payload) > _KIND_AT else None
    if kind in _BYTES_OF:
        return _unpack_with_bytes(kind, payload)
    start = len(_ENDED[0])
    if payload[:start] == _ENDED[0] and payload[start + 8 :] == _ENDED[1]:
        return {"kind": ENDED, "id": _INT64.unpack_from(payload, start)[0], "exit": 0, "signal": None}
    return None


def _unpack_with_bytes(kind: str, payload: bytes) -> dict[str, Any] | None:
    before, between, after = _BYTES_OF[kind]
    start = len(before) + 8
    data = start + len(between) + 4
    end = len(payload) - len(after)
    if not (payload.startswith(before) and payload.startswith(between, start) and payload.endswith(after)):
        return None
    if end - data != HEADER.unpack_from(payload, data - 4)[0]:
        return None
    name = _KEYS[kind][2]
    return {"kind": kind, "id": _INT64.unpack_from(payload, len(before))[0], name: payload[data:end], "audit": None}


def send(descriptor: int, message: dict[str, object]) -> None:
    """Writes one frame, however many writes it takes."""
    write_all(descriptor, pack(message))


def write_all(descriptor: int, data: bytes) -> None:
    """Writes all of ``data``."""
    view = memoryview(data)
    while view:
        view = view[_write(descriptor, view) :]


def receive_only(descriptor: int) -> Any:
    """As ``receive``, from a sender that sends nothing more before it is answered: mostly in one read."""
    data: bytes | None = _read_some(descriptor, _ONE_READ)
    if data and len(data) < HEADER.size:
        data = _read_rest(descriptor, data, HEADER.size)
    if data:
        data = _read_rest(descriptor, data, HEADER.size + HEADER.unpack_from(data)[0])
    return _message(data[HEADER.size :]) if data else None


def _read_rest(descriptor: int, data: bytes, count: int) -> bytes | None:
    """Returns ``data`` and what is missing of ``count`` bytes; None at the end of the stream."""
    if len(data) >= count:
        return data
    rest = _read(descriptor, count - len(data))
    return None if rest is None else data + rest


def _message(payload: bytes) -> Any:
    return unpack_common(payload) or wire.decode(payload)


def receive(descriptor: int) -> Any:
    """Reads one frame; None at the end of the stream."""
    header = _read(descriptor, HEADER.size)
    if header is None:
        return None
    payload = _read(descriptor, HEADER.unpack(header)[0])
    return None if payload is None else _message(payload)


def _read(descriptor: int, count: int) -> bytes | None:
    parts = []
    while count:
        part = _read_some(descriptor, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
