"""A warm box that is killed before it is let go is a fault of the slot, whose grading is repeated; nobody's failure."""

from __future__ import annotations

import os
import socket
import subprocess

import pytest

from judge.errors import SlotFault
from judge.sandbox.streams import Frames
from judge.sandbox.warm import _make_first_victim


def test_a_box_that_has_closed_its_channel_cannot_be_let_go():
    ours, theirs = socket.socketpair()
    frames = Frames(ours)
    frames.let_go()
    assert theirs.recv(2) == b"g"
    theirs.close()
    with pytest.raises(SlotFault, match="ended before it began"):
        frames.let_go()
    frames.close()


def test_a_process_that_is_gone_cannot_be_marked():
    with subprocess.Popen(["true"]) as process:
        handle = os.pidfd_open(process.pid)
    try:
        with pytest.raises(SlotFault, match="ended before it began"):
            _make_first_victim(handle)
    finally:
        os.close(handle)
