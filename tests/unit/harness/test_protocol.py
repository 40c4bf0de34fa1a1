"""Frames over a descriptor."""

from __future__ import annotations

import os
import socket
import threading

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


@pytest.mark.parametrize("sent", [0, 1, 3, 4, 5, 11])
def test_the_end_of_the_stream_is_none_wherever_it_comes(sent: int) -> None:
    reader, writer = os.pipe()
    try:
        os.write(writer, protocol.pack({"kind": "ready"})[:sent])
        os.close(writer)
        assert protocol.receive(reader) is None
    finally:
        os.close(reader)
