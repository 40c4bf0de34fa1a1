"""Attacks with processes, signals and time."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.sandbox

CPU = "TIME_LIMIT_EXCEEDED/cpu_time"
IDLE = "TIME_LIMIT_EXCEEDED/idle"
RAISED = "RUNTIME_ERROR/exception"
SIGNALLED = "RUNTIME_ERROR/signal"
SHORT_WALL = {"wall_ns": 250_000_000}

ATTACKS = [
    {
        "id": "A02-fork-bomb",
        "source": """
            import os
            def f():
                while True:
                    os.fork()
        """,
        "expect": (RAISED, CPU),
        "facts": lambda runs: runs[-1].killer or runs[-1].raised.type_name == "BlockingIOError",
    },
    {
        "id": "A03-thread-bomb",
        "source": """
            import threading
            def f():
                gate = threading.Event()
                while True:
                    threading.Thread(target=gate.wait, daemon=True).start()
        """,
        "expect": RAISED,
    },
    {
        "id": "A05-daemon-of-a-double-fork",
        "source": """
            import os, time
            def f():
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        time.sleep(1000)
                    os._exit(0)
                return 42
        """,
    },
    {
        "id": "A05-daemon-of-loading",
        "source": """
            import os, time
            if os.fork() == 0:
                os.setsid()
                time.sleep(1000)
            def f():
                return 42
        """,
    },
    {
        "id": "A06-daemon-that-holds-stdout",
        "source": """
            import os, time
            def f():
                if os.fork() == 0:
                    while True:
                        print('still here', flush=True)
                        time.sleep(0.02)
                return 42
        """,
        "isolation": "submission",
    },
    {
        "id": "A07-busy-daemon",
        "source": """
            import os
            def f():
                if os.fork() == 0:
                    os.setsid()
                    while True:
                        pass
                return 42
        """,
    },
    {
        "id": "A08-ignores-every-signal",
        "source": """
            import signal
            def f():
                for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
                    signal.signal(number, signal.SIG_IGN)
                while True:
                    pass
        """,
        "expect": CPU,
    },
    {
        "id": "A09-clears-parent-death-signal-and-closes-everything",
        "source": """
            import ctypes, os
            def f():
                assert ctypes.CDLL(None, use_errno=True).prctl(1, 0, 0, 0, 0) == -1
                os.closerange(0, 64)
                while True:
                    pass
        """,
        "expect": CPU,
    },
    {
        "id": "A10-kills-everyone-else",
        "source": "import os\ndef f():\n    os.kill(-1, 9)\n    return 42\n",
        "expect": SIGNALLED,
        "facts": lambda runs: runs[-1].signal == 9,
    },
    {
        "id": "A10-kills-its-group",
        "source": "import os\ndef f():\n    os.kill(0, 9)\n    return 42\n",
        "expect": SIGNALLED,
    },
    {
        "id": "A10-kills-init",
        "source": """
            import os, signal
            def f():
                for number in signal.valid_signals():
                    try:
                        os.kill(1, number)
                    except PermissionError:
                        continue
                return 42
        """,
    },
    {
        "id": "A11-stops-itself",
        "source": "import os\ndef f():\n    os.kill(os.getpid(), 19)\n    return 42\n",
        "expect": IDLE,
        "limits": SHORT_WALL,
    },
    {
        "id": "A11-stops-its-group",
        "source": "import os\ndef f():\n    os.kill(0, 19)\n    return 42\n",
        "expect": IDLE,
        "limits": SHORT_WALL,
    },
    {
        "id": "A12-stops-the-process-it-was-forked-from",
        "source": "import os\ndef f():\n    os.kill(os.getppid(), 19)\n    return 42\n",
        "expect": IDLE,
        "limits": SHORT_WALL,
    },
    {
        "id": "A12-kills-the-process-it-was-forked-from",
        "source": "import os\ndef f():\n    os.kill(os.getppid(), 9)\n    return 42\n",
        "expect": SIGNALLED,
    },
    {
        "id": "A13-scans-for-processes-outside",
        "source": """
            import os
            def f():
                seen = []
                for pid in range(1, 5000):
                    try:
                        os.kill(pid, 0)
                        seen.append(pid)
                    except ProcessLookupError:
                        continue
                    except PermissionError:
                        seen.append(pid)
                return seen == [1, os.getppid(), os.getpid()]
        """,
        "answers": (True,),
    },
    {
        "id": "A14-sleeps-for-ever",
        "source": "import time\ndef f():\n    time.sleep(1e9)\n",
        "expect": IDLE,
        "limits": SHORT_WALL,
    },
    {
        "id": "A14-sleeps-for-ever-when-loaded",
        "source": "import time\ntime.sleep(1e9)\n",
        "expect": IDLE,
        "limits": SHORT_WALL,
        "facts": lambda runs: len(runs) == 1,
    },
    {
        "id": "A16-spins-in-many-threads",
        "source": """
            import hashlib, threading
            def spin():
                data = bytes(1 << 20)
                while True:
                    hashlib.sha256(data)
            def f():
                for _ in range(6):
                    threading.Thread(target=spin, daemon=True).start()
                spin()
        """,
        "expect": CPU,
        "facts": lambda runs: runs[-1].wall_ns > 0.8 * runs[-1].cpu_ns,
    },
    {
        "id": "A17-priority-scheduler-affinity",
        "source": """
            import os
            def attempt(function, *arguments):
                try:
                    function(*arguments)
                except PermissionError:
                    return 'refused'
                return 'done'
            def f():
                return [
                    attempt(os.setpriority, os.PRIO_PROCESS, 0, -5),
                    attempt(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1)),
                    attempt(os.sched_setaffinity, 0, range(os.cpu_count())),
                    len(os.sched_getaffinity(0)),
                ]
        """,
        "answers": (["refused", "refused", "refused", 1],),
    },
    {
        "id": "A18-burns-time-in-short-children",
        "source": """
            import os
            def f():
                while True:
                    if os.fork() == 0:
                        for _ in range(100_000):
                            pass
                        os._exit(0)
                    os.wait()
        """,
        "expect": CPU,
    },
    *(
        {
            "id": f"A19-forges-exit-status-{status}",
            "source": f"import os\ndef f():\n    os._exit({status})\n",
            "expect": "RUNTIME_ERROR/exit_status",
            "facts": lambda runs, status=status: runs[-1].exit_code == status and runs[-1].signal is None,
        }
        for status in (1, 109, 137, 143, 159, 255)
    ),
    {
        "id": "A20-aborts",
        "source": "import os\ndef f():\n    os.abort()\n",
        "expect": SIGNALLED,
        "facts": lambda runs: runs[-1].signal == 6,
    },
    {
        "id": "A20-aborts-when-loaded",
        "source": "import os\nos.abort()\n",
        "expect": SIGNALLED,
        "facts": lambda runs: runs[-1].signal == 6,
    },
    {
        "id": "A21-segmentation-fault",
        "source": "import ctypes\ndef f():\n    ctypes.string_at(0)\n",
        "expect": SIGNALLED,
        "facts": lambda runs: runs[-1].signal == 11,
    },
    {
        "id": "A22-core-dump",
        "source": """
            import ctypes, os, resource
            def f():
                try:
                    resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))
                except ValueError:
                    print(resource.getrlimit(resource.RLIMIT_CORE), os.getcwd(), flush=True)
                    ctypes.string_at(0)
        """,
        "expect": SIGNALLED,
        "facts": lambda runs: runs[-1].stdout.data == b"(0, 0) /box\n",
    },
    {
        "id": "A24-timers-and-queued-signals",
        "source": """
            import ctypes, os, signal
            def f():
                libc = ctypes.CDLL(None, use_errno=True)
                signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
                made = 0
                while made < 200_000 and libc.sigqueue(os.getpid(), int(signal.SIGRTMIN), None) == 0:
                    made += 1
                return 42
        """,
        "expect": ("ANSWER", CPU),
    },
    {
        "id": "A25-zombies",
        "source": """
            import os
            def f():
                while True:
                    if os.fork() == 0:
                        os._exit(0)
        """,
        "expect": RAISED,
    },
    {
        "id": "A25-orphans",
        "source": """
            import os
            def f():
                for _ in range(60):
                    if os.fork() == 0:
                        os.fork()
                        os._exit(0)
                    os.wait()
                return 42
        """,
        "expect": ("ANSWER", RAISED),
    },
]


@pytest.mark.parametrize("row", ATTACKS, ids=lambda row: row["id"])
def test_attack(laboratory, row):
    laboratory.attempt(row)
