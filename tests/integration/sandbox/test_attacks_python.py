"""Attacks that forge an answer, or break the harness, with the means of Python."""

from __future__ import annotations

import pytest

from judge.harness import wire

pytestmark = pytest.mark.sandbox

RAISED = "RUNTIME_ERROR/exception"
NO_ANSWER = "RUNTIME_ERROR/no_answer"
SIGNALLED = "RUNTIME_ERROR/signal"
PROTOCOL = "RUNTIME_ERROR/protocol"
WRONG_TYPE = "WRONG_ANSWER/wrong_type"
CPU = "TIME_LIMIT_EXCEEDED/cpu_time"
OOM = "MEMORY_LIMIT_EXCEEDED/out_of_memory"
SYNTAX = "COMPILE_ERROR/syntax"


def raised(name: str):
    """A fact: the run was ended by that exception."""
    return lambda runs: runs[-1].raised.type_name == name


ENDING = [
    {"id": "A77-exits-in-the-call", "source": "import os\ndef f():\n    os._exit(0)\n", "expect": NO_ANSWER},
    {"id": "A77-exits-when-loaded", "source": "import os\nos._exit(0)\n", "expect": NO_ANSWER},
    {
        "id": "A77-becomes-another-program",
        "source": "import os\ndef f():\n    os.execv('/runtime/bin/python3', ['python3', '-S', '-c', ''])\n",
        "expect": NO_ANSWER,
    },
    *(
        {
            "id": f"A78-raises-{name}",
            "source": f"class Own(BaseException):\n    pass\ndef f():\n    raise {name}(0)\n",
            "expect": RAISED,
            "facts": raised(name),
        }
        for name in ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "Own")
    ),
    {
        "id": "A78-exception-without-a-message",
        "source": """
            class Own(Exception):
                def __str__(self):
                    raise SystemExit(0)
            def f():
                raise Own
        """,
        "expect": RAISED,
        "facts": raised("Own"),
    },
    {
        "id": "A78-leaves-when-loaded",
        "source": "import sys\nsys.exit(0)\n",
        "expect": RAISED,
        "facts": lambda runs: len(runs) == 1,
    },
    {
        "id": "A91-recursion-without-a-limit",
        "source": "import sys\nsys.setrecursionlimit(10**9)\ndef f():\n    return f()\n",
        "expect": (SIGNALLED, OOM, RAISED, CPU),
    },
    {
        "id": "A91-recursion",
        "source": "def f():\n    return f()\n",
        "expect": RAISED,
        "facts": raised("RecursionError"),
    },
    {
        "id": "A92-breaks-the-interpreter",
        "source": """
            import ctypes, sys
            def f():
                ctypes.memset(id(int), 255, 256)
                return int('42') + 1
        """,
        "expect": SIGNALLED,
    },
    {
        "id": "A93-never-returns-to-the-interpreter",
        "source": "import re\ndef f():\n    re.match(r'(a+)+$', 'a' * 60 + 'b')\n",
        "expect": CPU,
    },
    {
        "id": "A94-handlers-and-timers",
        "source": """
            import faulthandler, signal
            def f():
                for number in (signal.SIGALRM, signal.SIGPROF, signal.SIGVTALRM, signal.SIGXCPU, signal.SIGTERM):
                    signal.signal(number, lambda *_: None)
                signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
                signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
                faulthandler.enable()
                while True:
                    pass
        """,
        "expect": CPU,
    },
]

SOURCES = [
    {"id": "A95-nul-byte", "source": "def f():\n    return 42\n\0", "expect": SYNTAX},
    {"id": "A95-parentheses", "source": "(" * 100_000 + ")" * 100_000, "expect": SYNTAX},
    {
        "id": "A95-operators",
        "source": "x = " + "-" * 200_000 + "1\n",
        "expect": (SYNTAX, "COMPILE_ERROR/signal", "COMPILE_ERROR/allocation_refused"),
    },
    {"id": "A95-unknown-encoding", "source": "# coding: klingon\ndef f():\n    return 42\n", "expect": SYNTAX},
    {"id": "A95-byte-order-mark", "source": "\ufeffdef f():\n    return 42\n"},
    {"id": "A95-confusable-name", "source": "def ｆ():\n    return 42\n"},
    {"id": "A95-large-source", "source": "def f():\n    return 42\n" + "#" * 4_000_000},
    {"id": "A95-large-constant", "source": "x = 1" + "0" * 100_000 + "\n", "expect": SYNTAX},
    {
        "id": "A95-constant-folding",
        "source": "x = ((((1 << 127) ** 127) ** 127) ** 127)\ndef f():\n    return 42\n",
        "expect": ("ANSWER", CPU, OOM, "COMPILE_ERROR/compile_time", "COMPILE_ERROR/out_of_memory"),
    },
    {"id": "A95-no-entry-point", "source": "g = 1\nf = 42\n", "expect": "COMPILE_ERROR/entry_point"},
]

FORGING = [
    {
        "id": "A79-equal-to-everything",
        "source": "class Equal:\n    __eq__ = lambda self, other: True\ndef f():\n    return Equal()\n",
        "expect": WRONG_TYPE,
    },
    {
        "id": "A80-containers-that-lie",
        "source": """
            class L(list):
                __len__ = lambda self: 3
                __iter__ = lambda self: iter([1, 2, 3])
            class D(dict):
                items = lambda self: [('a', 1)]
                __iter__ = lambda self: iter(['a'])
            class S(str):
                encode = lambda self, *_: b'42'
                __str__ = lambda self: '42'
            class I(int):
                __index__ = __int__ = lambda self: 42
                __eq__ = lambda self, other: True
                __hash__ = int.__hash__
            class F(float):
                __float__ = lambda self: 42.0
            class T(tuple):
                __getitem__ = lambda self, key: 42
            def f():
                return [L([9]), D(b=2), S('x'), I(7), F(0.5), T((0, 1))]
        """,
        "answers": ([[9], {"b": 2}, "x", 7, 0.5, (0, 1)],),
    },
    {
        "id": "A80-metaclass-that-lies",
        "source": """
            class Meta(type):
                __instancecheck__ = lambda cls, other: True
                __eq__ = lambda cls, other: True
                __hash__ = lambda cls: hash(int)
            class Own(metaclass=Meta):
                pass
            def f():
                return Own()
        """,
        "answers": (),
        "expect": ("ANSWER", WRONG_TYPE),
    },
    {
        "id": "A81-pickle-payload",
        "source": """
            class Payload:
                def __reduce__(self):
                    import os
                    return os.system, ('id',)
            def f():
                return Payload()
        """,
        "expect": WRONG_TYPE,
    },
    {
        "id": "A81-value-that-is-no-data",
        "source": "def f():\n    return (x for x in range(3))\n",
        "expect": WRONG_TYPE,
    },
    {
        "id": "A82-A83-looks-for-what-it-is-compared-with",
        "source": """
            import gc, os, sys
            def f():
                mark = 'canary-' + '5c1e0f7a94d2b386'
                found, frame = [], sys._getframe()
                while frame is not None:
                    found += [name for name, value in frame.f_locals.items() if 'expected' in name or value == 43]
                    frame = frame.f_back
                for thing in gc.get_objects():
                    if isinstance(thing, dict) and any(mark == value for value in list(thing.values())):
                        found.append('heap')
                found += [name for name, value in os.environ.items() if mark in value]
                return sorted(set(found) - {'heap'})
        """,
        "answers": ([],),
    },
    {
        "id": "A83-memory-of-its-own-process",
        "source": """
            import os
            def f():
                return [os.path.exists(name) for name in ('/proc', '/proc/self/mem', '/proc/1/mem', '/sys', '/etc')]
        """,
        "answers": ([False] * 5,),
    },
    {
        "id": "A84-replaces-what-a-harness-could-use",
        "source": """
            import builtins, json, os, random, struct, sys, time
            def f():
                os.write = os.read = os._exit = os.fork = lambda *arguments: 0
                time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
                json.dumps = lambda *arguments, **named: '42'
                builtins.print = builtins.repr = lambda *arguments: None
                sys.stdout = sys.stderr = None
                return 41
        """,
        "answers": (41,),
    },
    {
        "id": "A84-replaces-len",
        "source": "import builtins\ndef f():\n    builtins.len = lambda value: 0\n    return [1, 2, 3]\n",
        "answers": (),
        "expect": ("ANSWER", PROTOCOL, RAISED),
    },
    {
        "id": "A85-hooks-the-harness",
        "source": """
            import sys
            class Finder:
                def find_spec(self, *arguments):
                    raise ImportError
            sys.meta_path.insert(0, Finder())
            sys.settrace(lambda *arguments: None)
            sys.setprofile(lambda *arguments: None)
            sys.modules['harness.protocol'].send = lambda *arguments: None
            def f():
                return 41
        """,
        "answers": (41,),
    },
    {
        "id": "A85-breaks-the-encoder",
        "source": """
            import sys
            def f():
                sys.modules['harness.wire'].encode = lambda value: b'\\x2a'
                sys.modules['harness.protocol']._pack_common = lambda message: b'\\0\\0\\0\\x01\\x2a'
                return 41
        """,
        "expect": PROTOCOL,
    },
    {
        "id": "A85-rewrites-the-harness",
        "source": """
            import sys
            runner = sys.modules['harness.runner']
            runner._encode = lambda value: b'\\x2a'
            runner._describe = None
            def f():
                return 41
        """,
        "answers": (42,),
    },
    {
        "id": "A86-thread-that-goes-on",
        "source": """
            import atexit, os, threading
            def f():
                atexit.register(os.write, 3, b'\\0\\0\\0\\1\\xc0')
                def late():
                    while True:
                        pass
                threading.Thread(target=late, daemon=True).start()
                return 42
        """,
        "calls": 3,
    },
    {
        "id": "A86-object-that-answers-when-it-dies",
        "source": """
            import os
            class Own:
                def __del__(self):
                    os.write(3, b'\\0\\0\\0\\1\\xc0')
            kept = Own()
            def f():
                global kept
                kept = None
                return 42
        """,
        "expect": PROTOCOL,
    },
    {
        "id": "A87-forges-clocks",
        "source": """
            import time
            true_time = time.process_time_ns
            def f():
                time.process_time_ns = time.monotonic_ns = time.perf_counter_ns = lambda: 0
                begin = true_time()
                while true_time() - begin < 30_000_000:
                    pass
                return true_time() - begin
        """,
        "answers": (),
        "facts": lambda runs: runs[-1].cpu_ns >= wire.decode(runs[-1].answer),
    },
    {
        "id": "A88-changes-its-input",
        "source": "def f(items):\n    items.append(0)\n    items[0] += 1\n    return items[0] * len(items)\n",
        "arguments": {"items": [1, 2]},
        "calls": 3,
        "answers": (6, 6, 6),
    },
    {
        "id": "A88-changes-its-input-in-one-process",
        "source": "def f(items):\n    items.append(0)\n    items[0] += 1\n    return items[0] * len(items)\n",
        "arguments": {"items": [1, 2]},
        "isolation": "submission",
        "calls": 3,
        "answers": (6, 6, 6),
    },
    {
        "id": "A89-counts-its-calls",
        "source": "calls = []\ndef f():\n    calls.append(0)\n    return len(calls)\n",
        "calls": 3,
        "answers": (1, 1, 1),
    },
    {
        "id": "A89-counts-its-calls-in-one-process",
        "source": "calls = []\ndef f():\n    calls.append(0)\n    return len(calls)\n",
        "isolation": "submission",
        "calls": 3,
        "answers": (1, 2, 3),
    },
    {
        "id": "A96-environment",
        "source": "import os\ndef f():\n    return sorted(os.environ)\n",
        "answers": (
            [
                "HOME",
                "LANG",
                "LD_LIBRARY_PATH",
                "MALLOC_ARENA_MAX",
                "OMP_NUM_THREADS",
                "OPENBLAS_NUM_THREADS",
                "PATH",
                "PYTHONHASHSEED",
                "TMPDIR",
            ],
        ),
    },
    {
        "id": "A97-starts-programs",
        "source": """
            import subprocess, sys
            def f():
                done = subprocess.run([sys.executable, '-I', '-S', '-c', 'print(42)'], capture_output=True)
                return int(done.stdout)
        """,
    },
    {
        "id": "A97-pool-of-processes",
        "source": """
            import multiprocessing
            def f():
                with multiprocessing.get_context('fork').Pool(2) as pool:
                    return sum(pool.map(abs, [-40, -2]))
        """,
        "expect": RAISED,
    },
]


@pytest.mark.parametrize("row", ENDING + SOURCES + FORGING, ids=lambda row: row["id"])
def test_attack(laboratory, row):
    laboratory.attempt(row)


def test_a83_nothing_of_the_service_is_in_the_memory_of_a_box(laboratory, canary):
    """The heap of the process is searched for a secret that this process holds, and for a control that it does hold."""
    halves = [part.encode().hex() for part in (canary[:8], canary[8:])]
    runs = laboratory.attempt(
        {
            "id": "A83-searches-its-memory",
            "source": f"""
                import ctypes, gc, os
                pipe = os.pipe()
                control = [bytes.fromhex('c0ffee5eed') + bytes([number]) * 50 for number in range(200)]
                def readable(address):
                    try:
                        return os.write(pipe[1], ctypes.c_char.from_address(address)) == 1 and os.read(pipe[0], 1)
                    except OSError:
                        return False
                def f():
                    mark = bytes.fromhex('{halves[0]}') + bytes.fromhex('{halves[1]}')
                    marks = controls = 0
                    for base in sorted({{id(thing) >> 20 for thing in gc.get_objects() + control}}):
                        for page in filter(readable, range(base << 20, (base + 1) << 20, 4096)):
                            data = ctypes.string_at(page, 4096)
                            marks += data.count(mark)
                            controls += data.count(control[0][:5])
                    return [marks <= 1, controls > 100]
            """,
            "answers": ([True, True],),
        }
    )
    assert all(canary.encode() not in run.stdout.data + run.stderr.data + (run.answer or b"") for run in runs)
