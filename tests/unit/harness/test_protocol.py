"""Frames over a descriptor."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable

import pytest

from judge.harness import protocol, wire

MESSAGE = {"kind": protocol.CALL, "id": 1 << 61, "arguments": b"\x00" * 300_000, "audit": None}


def test_a_frame_is_its_length_and_one_value() -> None:
    frame = protocol.pack({"kind": protocol.READY})
    assert frame[:4] == (len(frame) - 4).to_bytes(4, "big")
    assert wire.decode(frame[4:]) == {"kind": "ready"}


def test_frames_come_as_they_were_sent_however_many_writes_they_take() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        sender = threading.Thread(target=lambda: [protocol.send(ours.fileno(), MESSAGE) for _ in range(2)])
        sender.start()
        received = [protocol.receive(theirs.fileno()) for _ in range(2)]
        sender.join()
    assert received == [MESSAGE, MESSAGE]


@pytest.mark.parametrize("size", [1, 3, 4, 5, 40, 300_000])
def test_a_frame_that_comes_alone_comes_whole_in_whatever_pieces(size: int) -> None:
    ours, theirs = socket.socketpair()
    frame = protocol.pack(MESSAGE)
    with ours, theirs:
        pieces = [frame[at : at + size] for at in range(0, 20 * size, size)] + [frame[20 * size :]]
        sender = threading.Thread(target=lambda: [ours.sendall(piece) for piece in pieces])
        sender.start()
        assert protocol.receive_only(theirs.fileno()) == MESSAGE
        sender.join()


@pytest.mark.parametrize("receive", [protocol.receive, protocol.receive_only])
@pytest.mark.parametrize("sent", [0, 1, 3, 4, 5, 11])
def test_the_end_of_the_stream_is_none_wherever_it_comes(sent: int, receive: Callable[[int], object]) -> None:
    reader, writer = os.pipe()
    try:
        os.write(writer, protocol.pack({"kind": "ready"})[:sent])
        os.close(writer)
        assert receive(reader) is None
    finally:
        os.close(reader)


COMMON = [
    {"kind": protocol.CALL, "id": 1 << 61, "arguments": b"abc", "audit": None},
    {"kind": protocol.CALL, "id": 3, "arguments": b"", "audit": None},
    {"kind": protocol.ANSWER, "id": (1 << 62) - 1, "value": b"\xa5audit\xc0" * 9, "audit": None},
    {"kind": protocol.ENDED, "id": 5, "exit": 0, "signal": None},
]
RARE = [
    {"kind": protocol.CALL, "id": 7, "arguments": b"abc", "audit": 5},
    {"kind": protocol.ANSWER, "id": 7, "value": b"abc", "audit": {"mutated": True}},
    {"kind": protocol.ENDED, "id": 5, "exit": None, "signal": 9},
    {"kind": protocol.CALL, "id": 7, "audit": None, "arguments": b"abc"},
]


@pytest.mark.parametrize("message", COMMON)
def test_a_common_frame_is_what_the_encoding_says(message: dict[str, object]) -> None:
    payload = protocol.pack(message)[4:]
    assert wire.decode(payload) == message
    assert protocol.unpack_common(payload) == message


@pytest.mark.parametrize("message", RARE)
def test_a_rare_frame_is_left_to_the_encoding(message: dict[str, object]) -> None:
    payload = protocol.pack(message)[4:]
    assert payload == wire.encode(message)
    assert protocol.unpack_common(payload) is None


@pytest.mark.parametrize("message", COMMON)
def test_what_is_nearly_a_common_frame_is_read_as_the_encoding_says(message: dict[str, object]) -> None:
    """Every byte changed, every length cut: never another value than the decoder's, and never an exception."""
    payload = protocol.pack(message)[4:]
    changed = [payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1 :] for at in range(len(payload))]
    for other in [*changed, *(payload[:size] for size in range(len(payload))), payload + b"\xc0"]:
        read = protocol.unpack_common(other)
        if read is not None:
            assert wire.decode(other) == read
