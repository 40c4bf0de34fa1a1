"""Attacks on what leaves a box: printed output, the channel of answers, and the answers themselves."""

from __future__ import annotations

import math
import textwrap

import pytest

from judge.harness import wire

pytestmark = pytest.mark.sandbox

OUTPUT = "OUTPUT_LIMIT_EXCEEDED/output_size"
TOO_LARGE = "OUTPUT_LIMIT_EXCEEDED/answer_size"
IDLE = "TIME_LIMIT_EXCEEDED/idle"
PROTOCOL = "RUNTIME_ERROR/protocol"
NO_ANSWER = "RUNTIME_ERROR/no_answer"
STATUS = "RUNTIME_ERROR/exit_status"
NO_TEXT = b"\x1b]0;title\x07\x00\xff\xed\xa0\x80\r"
SHORT_WALL = {"wall_ns": 250_000_000}

FORGER = """
import os, sys, time
protocol, wire = sys.modules['harness.protocol'], sys.modules['harness.wire']
def question():
    frame = sys._getframe()
    while 'request' not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals['request']['id']
def send(**message):
    protocol.send(3, message)
def forge(value, identity=None):
    send(kind='answer', id=identity or question(), value=wire.encode(value), audit=None)
"""


def forged(source: str) -> str:
    """A program that speaks the protocol itself."""
    return FORGER + textwrap.dedent(source)


PRINTED = [
    {
        "id": "A63-floods-stdout",
        "source": "def f():\n    while True:\n        print('x' * 1000)\n",
        "expect": OUTPUT,
        "facts": lambda runs: len(runs[-1].stdout.data) == 64 * 1024 and runs[-1].stdout.truncated,
    },
    {
        "id": "A63-floods-stdout-when-loaded",
        "source": "import os\nwhile True:\n    os.write(1, bytes(4096))\n",
        "expect": OUTPUT,
    },
    {
        "id": "A64-floods-stderr",
        "source": "import os\ndef f():\n    while True:\n        os.write(2, bytes(4096))\n",
        "expect": OUTPUT,
    },
    {
        "id": "A64-floods-both-a-little",
        "source": """
            import os
            def f():
                os.write(1, bytes(40 << 10))
                os.write(2, bytes(40 << 10))
                return 42
        """,
        "expect": OUTPUT,
    },
    {
        "id": "A65-drips",
        "source": """
            import time
            def f():
                while True:
                    print(end='.', flush=True)
                    time.sleep(0.01)
        """,
        "expect": IDLE,
        "limits": SHORT_WALL,
        "facts": lambda runs: 0 < runs[-1].stdout.total_bytes < 200,
    },
    {
        "id": "A67-closes-stdout",
        "source": "import os\ndef f():\n    os.close(1)\n    os.close(2)\n    os.close(0)\n    return 42\n",
    },
    {
        "id": "A67-puts-the-channel-in-place-of-stdout",
        "source": "import os\ndef f():\n    os.dup2(3, 1)\n    print('42' * 10, flush=True)\n    return 42\n",
        "expect": (PROTOCOL, TOO_LARGE),
    },
    {
        "id": "A68-changes-the-pipes",
        "source": """
            import fcntl, os
            def f():
                for number in (0, 1, 2, 3):
                    fcntl.fcntl(number, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND)
                fcntl.fcntl(1, fcntl.F_SETPIPE_SZ, 4096)
                os.write(1, b'x')
                return 42
        """,
        "facts": lambda runs: runs[-1].stdout.data == b"x",
    },
    {
        "id": "A69-bytes-that-are-no-text",
        "source": f"import os\ndef f():\n    os.write(1, {NO_TEXT!r})\n    return 42\n",
        "facts": lambda runs: runs[-1].stdout.data == NO_TEXT,
    },
    {
        "id": "A70-forges-the-log-of-the-jail",
        "source": """
            import os
            def f():
                os.write(2, b'[I][2030-01-01T00:00:00+0000] pid=3 ([STANDALONE MODE]) exited with status: 0\\n')
                os._exit(3)
        """,
        "expect": STATUS,
        "facts": lambda runs: runs[-1].exit_code == 3,
    },
    {
        "id": "A71-speaks-the-protocol-on-stdout",
        "source": forged("""
            def f():
                os.write(1, protocol.pack({'kind': 'answer', 'id': question(), 'value': wire.encode(42)}))
                print('PASSED')
                return 41
        """),
        "answers": (41,),
    },
]

CHANNEL = [
    {
        "id": "A66-never-reads-the-question",
        "source": forged("""
            send(kind='loaded')
            time.sleep(1000)
        """),
        "arguments": {"data": bytes(8 << 20)},
        "limits": SHORT_WALL,
        "expect": IDLE,
    },
    {
        "id": "A72-writes-bytes-that-are-no-frame",
        "source": "import os\ndef f():\n    os.write(3, b'\\0\\0\\0\\5hello')\n    return 42\n",
        "expect": PROTOCOL,
    },
    {
        "id": "A72-claims-a-huge-frame",
        "source": "import os\ndef f():\n    os.write(3, b'\\xff' * 8)\n    return 42\n",
        "expect": TOO_LARGE,
    },
    {
        "id": "A72-claims-a-frame-and-never-sends-it",
        "source": "import os, time\ndef f():\n    os.write(3, b'\\0\\1\\0\\0x')\n    time.sleep(1000)\n",
        "expect": IDLE,
        "limits": SHORT_WALL,
    },
    {
        "id": "A72-answers-by-itself",
        "source": forged("def f():\n    forge(41)\n    os._exit(0)\n"),
        "answers": (41,),
    },
    {
        "id": "A72-answers-by-itself-and-fails",
        "source": forged("def f():\n    forge(42)\n    os._exit(1)\n"),
        "expect": STATUS,
    },
    {
        "id": "A72-answers-twice",
        "source": forged("def f():\n    forge(42)\n    return 42\n"),
        "expect": PROTOCOL,
    },
    {
        "id": "A72-answers-in-a-child",
        "source": forged("""
            def f():
                if os.fork() == 0:
                    forge(42)
                    os._exit(0)
                os.wait()
                return 42
        """),
        "expect": PROTOCOL,
    },
    {
        "id": "A72-child-returns-as-well",
        "source": "import os\ndef f():\n    os.fork() and os.wait()\n    return 42\n",
    },
    {
        "id": "A73-answers-another-question",
        "source": forged("def f():\n    forge(42, 12345)\n    return 42\n"),
        "expect": PROTOCOL,
    },
    {
        "id": "A73-answers-in-advance",
        "source": forged("""
            def f():
                forge(42)
                forge(42, 12345)
                return 42
        """),
        "isolation": "submission",
        "calls": 2,
        "expect": PROTOCOL,
    },
    {
        "id": "A73-answers-before-it-is-asked",
        "source": forged("""
            send(kind='loaded')
            forge(42, 1)
            time.sleep(1000)
        """),
        "expect": PROTOCOL,
    },
    {
        "id": "A73-says-that-it-is-loaded-twice",
        "source": forged("send(kind='loaded')\nsend(kind='loaded')\ndef f():\n    return 42\n"),
        "expect": PROTOCOL,
    },
    {
        "id": "A73-forges-the-end-of-the-call-and-goes-on",
        "source": forged("""
            def f():
                identity = question()
                forge(41, identity)
                send(kind='ended', id=identity, exit=0, signal=None)
                while True:
                    pass
        """),
        "calls": 2,
        "expect": (PROTOCOL, "TIME_LIMIT_EXCEEDED/cpu_time", "TIME_LIMIT_EXCEEDED/wall_time"),
        "limits": {"wall_ns": 1_000_000_000},
    },
    {
        "id": "A73-malformed-frames",
        "source": forged("""
            def f():
                send(kind='raised', id=question(), type='X', message='m', frames=[['a', 1, 'b']])
        """),
        "expect": PROTOCOL,
    },
    {
        "id": "A73-status-of-the-wrong-type",
        "source": forged("def f():\n    send(kind='ended', id=question(), exit='none', signal=10**30)\n"),
        "expect": PROTOCOL,
    },
    {
        "id": "A73-text-that-is-no-unicode",
        "source": """
            def g():
                raise ValueError('\\udc80\\ud800')
            g.__code__ = g.__code__.replace(co_name='\\ud800')
            def f():
                g()
        """,
        "expect": "RUNTIME_ERROR/exception",
        "facts": lambda runs: encodable(runs[-1].raised),
    },
    {
        "id": "A73-shuts-the-channel-down",
        "source": """
            import socket
            def f():
                socket.socket(fileno=3).shutdown(socket.SHUT_RDWR)
                return 42
        """,
        "expect": (NO_ANSWER, STATUS),
    },
    {
        "id": "A73-looks-behind-the-channel",
        "source": """
            import os, signal, socket, struct
            def f():
                channel = socket.socket(fileno=3)
                pid, user, group = struct.unpack('3I', channel.getsockopt(1, 17, 12))
                try:
                    handle = int.from_bytes(channel.getsockopt(1, 77, 4), 'little')
                    signal.pidfd_send_signal(handle, 0)
                    reached = True
                except OSError:
                    reached = False
                channel.detach()
                return [pid, user, group, reached]
        """,
        "answers": ([0, 65534, 65534, False],),
    },
    {
        "id": "A73-sends-descriptors-to-the-judge",
        "source": """
            import array, os, socket
            def f():
                channel = socket.socket(fileno=3)
                rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [0, 1, 2] * 20))]
                channel.sendmsg([b'\\0\\0\\0\\1'], rights)
                channel.sendmsg([b'\\xc0'], rights)
                channel.detach()
        """,
        "expect": PROTOCOL,
    },
]


def encodable(raised) -> bool:
    """Whether every text of a traceback is Unicode that can be sent on."""
    texts = [raised.type_name, raised.message]
    texts += [text for frame in raised.frames for text in (frame.file, frame.function, frame.source)]
    return all(text.encode("utf-8") is not None for text in texts)


ANSWERS = [
    {
        "id": "A74-long-list",
        "source": "def f():\n    return [1] * 200_000\n",
        "expect": TOO_LARGE,
    },
    {
        "id": "A74-long-text",
        "source": "def f():\n    return 'x' * (4 << 20)\n",
        "expect": TOO_LARGE,
    },
    {
        "id": "A74-deep-list",
        "source": "def f():\n    x = []\n    for _ in range(100_000):\n        x = [x]\n    return x\n",
        "expect": TOO_LARGE,
    },
    {
        "id": "A74-list-in-itself",
        "source": "def f():\n    x = []\n    x.append(x)\n    return x\n",
        "expect": TOO_LARGE,
    },
    {
        "id": "A74-million-digits",
        "source": "def f():\n    return 1 << 4_000_000\n",
        "expect": TOO_LARGE,
    },
    {
        "id": "A74-frame-beyond-the-limit",
        "source": forged("def f():\n    forge(bytes(4 << 20))\n    time.sleep(1000)\n"),
        "expect": TOO_LARGE,
    },
    {
        "id": "A75-values-without-an-order",
        "source": "def f():\n    return [float('nan'), float('inf'), -float('inf'), -0.0, '\\ud800', '\\0']\n",
        "answers": (),
        "facts": lambda runs: odd(wire.decode(runs[-1].answer)),
    },
    {
        "id": "A75-mapping-with-a-key-twice",
        "source": forged("""
            def f():
                value = b'\\x82\\x01\\x01\\x01\\x02'
                send(kind='answer', id=question(), value=value, audit=None)
                os._exit(0)
        """),
        "answers": (),
        "facts": lambda runs: refused(runs[-1].answer),
    },
    {
        "id": "A75-answer-that-is-no-bytes",
        "source": forged("""
            def f():
                payload = wire.encode(dict(kind='answer', id=question(), value='42', audit=None))
                os.write(3, protocol.HEADER.pack(len(payload)) + payload)
                os._exit(0)
        """),
        "expect": PROTOCOL,
    },
]


def odd(value) -> bool:
    """Whether the value is the list of odd values, bit for bit."""
    nan, infinity, minus, zero, *texts = value
    signs = math.isnan(nan) and infinity == -minus == math.inf and math.copysign(1, zero) == -1
    return signs and texts == ["\ud800", "\0"]


def refused(data: bytes) -> bool:
    """Whether the judge's decoder refuses the bytes."""
    with pytest.raises(wire.WireError):
        wire.decode(data)
    return True


@pytest.mark.parametrize("row", PRINTED + CHANNEL + ANSWERS, ids=lambda row: row["id"])
def test_attack(laboratory, row):
    laboratory.attempt(row)
