"""Captured output and frames: caps, and nothing that blocks."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from judge.harness import protocol, wire
from judge.model.run import Captured
from judge.sandbox.streams import KEPT_BYTES, Capture, Frames, TooLargeError

MIB = 1 << 20


@pytest.fixture
def pipe() -> Iterator[tuple[Capture, int]]:
    reader, writer = os.pipe()
    capture = Capture(reader)
    yield capture, writer
    capture.close()
    os.close(writer)


@pytest.fixture
def line() -> Iterator[tuple[Frames, socket.socket]]:
    ours, theirs = socket.socketpair()
    frames = Frames(ours)
    frames.answer_bytes = 100
    yield frames, theirs
    frames.close()
    theirs.close()


# --- captured output ----------------------------------------------------------------------------------------------


def test_what_is_printed_is_kept(pipe: tuple[Capture, int]) -> None:
    capture, writer = pipe
    os.write(writer, b"one ")
    assert capture.read()
    os.write(writer, b"two")
    assert capture.read()
    assert capture.take() == Captured(data=b"one two", total_bytes=7)
    assert capture.take() == Captured()


def test_nothing_printed_is_not_waited_for(pipe: tuple[Capture, int]) -> None:
    assert pipe[0].read()
    assert pipe[0].total_bytes == 0


def test_the_first_bytes_are_kept_and_all_are_counted(pipe: tuple[Capture, int]) -> None:
    capture, writer = pipe
    for _ in range(4):
        os.write(writer, b"x" * 40_000)
        capture.read()
    captured = capture.take()
    assert (len(captured.data), captured.total_bytes, captured.truncated) == (KEPT_BYTES, 160_000, True)
    os.write(writer, b"again")
    capture.read()
    assert capture.take() == Captured(data=b"again", total_bytes=5)


def test_the_end_of_a_stream_is_told() -> None:
    reader, writer = os.pipe()
    capture = Capture(reader)
    os.write(writer, b"last")
    os.close(writer)
    assert not capture.read()
    assert capture.take().data == b"last"
    capture.close()


# --- frames -------------------------------------------------------------------------------------------------------


def test_frames_are_whole_or_absent(line: tuple[Frames, socket.socket]) -> None:
    frames, theirs = line
    sent = protocol.pack({"kind": "ready"}) + protocol.pack({"kind": "loaded"})
    for byte in sent[:-1]:
        assert frames.read()
        theirs.send(bytes([byte]))
    frames.read()
    assert frames.next() == {"kind": "ready"}
    assert frames.next() is None
    theirs.send(sent[-1:])
    frames.read()
    assert frames.next() == {"kind": "loaded"}


def test_a_frame_that_is_too_long_is_refused_by_its_header(line: tuple[Frames, socket.socket]) -> None:
    frames, theirs = line
    theirs.send(protocol.HEADER.pack(MIB + 100))
    frames.read()
    assert frames.next() is None
    frames.answer_bytes = 99
    with pytest.raises(TooLargeError):
        frames.next()


def test_a_frame_that_is_no_message_is_a_wire_error(line: tuple[Frames, socket.socket]) -> None:
    frames, theirs = line
    theirs.send(protocol.HEADER.pack(1) + b"\x05")
    frames.read()
    with pytest.raises(wire.WireError, match="not a mapping with a kind"):
        frames.next()


def test_sending_goes_on_when_there_is_room(line: tuple[Frames, socket.socket]) -> None:
    frames, theirs = line
    message = {"kind": "call", "arguments": bytes(3 * MIB)}
    frames.post(message)
    frames.flush()
    assert frames.sending
    received = bytearray()
    while frames.sending:
        received += theirs.recv(MIB)
        frames.flush()
    theirs.setblocking(False)
    while len(received) < len(protocol.pack(message)):
        received += theirs.recv(MIB)
    assert bytes(received) == protocol.pack(message)


def test_a_box_that_is_gone_takes_everything_and_sends_nothing(line: tuple[Frames, socket.socket]) -> None:
    frames, theirs = line
    theirs.close()
    frames.post({"kind": "call"})
    frames.flush()
    assert not frames.sending
    assert not frames.read()
    assert frames.next() is None
