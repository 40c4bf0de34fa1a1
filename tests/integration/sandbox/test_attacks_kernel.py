"""Attacks on the kernel's surface: system calls (by their numbers on x86-64), sockets, terminals, files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from judge.harness import wire

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers of the system calls are those of x86-64"),
]

FORBIDDEN = "SECURITY_VIOLATION/forbidden_syscall"

KILLED = {  # no honest program makes these: they end the process with SIGSYS
    "A23": {"clock_settime": 227, "settimeofday": 164, "adjtimex": 159, "clock_adjtime": 305},
    "A58": {"mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "fsopen": 430, "move_mount": 429}
    | {"open_tree": 428, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442},
    "A59": {"open_by_handle_at": 304, "name_to_handle_at": 303, "fanotify_init": 300, "lookup_dcookie": 212},
    "A121": {"ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "pidfd_getfd": 438, "kcmp": 312}
    | {"process_madvise": 440},
    "A122": {"bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426}
    | {"io_uring_register": 427},
    "A123": {"keyctl": 250, "add_key": 248, "request_key": 249},
    "A124": {"kexec_load": 246, "kexec_file_load": 320, "init_module": 175, "finit_module": 313, "delete_module": 176}
    | {"reboot": 169, "swapon": 167, "swapoff": 168, "acct": 163, "quotactl": 179, "quotactl_fd": 443, "syslog": 103}
    | {"nfsservctl": 180, "uselib": 134, "vhangup": 153, "sethostname": 170, "setdomainname": 171},
    "A125": {"unshare": 272, "setns": 308},
    "A138": {"modify_ldt": 154, "iopl": 172, "ioperm": 173, "memfd_secret": 447},
}
REFUSED = {  # a runtime may try these: they fail with an error number
    38: {"clone3": 435, "memfd_create": 319, "openat2": 437, "flock": 73, "statmount": 457, "listmount": 458}
    | {"seccomp": 317, "inotify_init": 253, "vmsplice": 278, "landlock_none": 999, "fchmodat2": 452},
    97: {"socket": 41},
    1: {"personality": 135, "sched_setaffinity": 203, "sched_setscheduler": 144, "setpriority": 141, "mknod": 133}
    | {"mknodat": 259, "link": 86, "linkat": 265, "setxattr": 188, "shmget": 29, "msgget": 68, "semget": 64}
    | {"mq_open": 240, "mlockall": 151, "mbind": 237, "setuid": 105, "setgid": 106, "setresuid": 117, "setgroups": 116}
    | {"capset": 126, "chown": 92, "fchown": 93, "fchownat": 260},
}

SWEEP = """
import ctypes, os, resource, signal
libc = ctypes.CDLL(None, use_errno=True)
def ending(number):
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 0.25)
        ctypes.set_errno(0)
        result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
        os._exit(ctypes.get_errno() if result == -1 else 0)
    return os.waitpid(child, 0)[1]
def f(numbers):
    found = {'killed': [], 'absent': [], 'refused': {}}
    for number in numbers:
        status = ending(number)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSYS:
            found['killed'].append(number)
        elif os.WIFEXITED(status):
            found['refused'][number] = os.WEXITSTATUS(status)
    return found
"""
ROOMY = {"cpu_ns": 10_000_000_000, "wall_ns": 40_000_000_000}

KILLING = [
    {
        "id": f"{attack}-{name}",
        "source": f"import ctypes\ndef f():\n    return ctypes.CDLL(None).syscall({number}, 0, 0, 0, 0, 0, 0)\n",
        "expect": FORBIDDEN,
        "facts": lambda runs: runs[-1].signal == 31,
    }
    for attack, calls in KILLED.items()
    for name, number in list(calls.items())[:1]  # as a submission; all of them in the sweep
]

OTHERS = [
    {
        "id": "A98-traces-the-process-it-was-forked-from",
        "source": "import ctypes, os\ndef f():\n    return ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)\n",
        "expect": FORBIDDEN,
    },
    {
        "id": "A121-forbidden-call-in-a-child",
        "source": """
            import ctypes, os
            def f():
                if os.fork() == 0:
                    ctypes.CDLL(None).syscall(101, 0, 0, 0, 0)
                return os.wait()[1]
        """,
        "answers": (31,),
    },
    {
        "id": "A121-forbidden-call-when-loaded",
        "source": "import ctypes\nctypes.CDLL(None).syscall(101, 0, 0, 0, 0)\n",
        "expect": FORBIDDEN,
    },
    {
        "id": "A121-forbidden-call-in-a-thread",
        "source": """
            import ctypes, threading
            def f():
                thread = threading.Thread(target=lambda: ctypes.CDLL(None).syscall(101, 0, 0, 0, 0))
                thread.start()
                thread.join()
                return 42
        """,
        "expect": FORBIDDEN,
    },
    *(
        {
            "id": f"A125-clone-{name}",
            "source": f"import ctypes\ndef f():\n    return ctypes.CDLL(None).syscall(56, {flag} | 17, 0, 0, 0, 0)\n",
            "expect": FORBIDDEN,
        }
        for name, flag in {"user": 0x10000000, "mount": 0x20000, "net": 0x40000000, "cgroup": 0x02000000}.items()
    ),
    {
        "id": "A126-filters-of-its-own",
        "source": """
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            def f():
                listener = libc.syscall(317, 1, 8, 0)
                landlock = libc.syscall(444, 0, 0, 1) != 0
                return [listener, ctypes.get_errno() in (38, 95), landlock]
        """,
        "answers": ([-1, True, True],),
    },
    {
        "id": "A127-A130-sockets",
        "source": """
            import socket
            def f():
                found = []
                for family in (1, 2, 10, 16, 17, 38, 40, 44):
                    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
                        try:
                            found.append(socket.socket(family, kind))
                        except OSError as error:
                            found += [] if error.errno == 97 else [error.errno]
                return found
        """,
        "answers": ([],),
    },
    {
        "id": "A127-connects-with-the-socket-that-it-has",
        "source": """
            import ctypes, socket
            libc = ctypes.CDLL(None, use_errno=True)
            def f():
                found = []
                ours, theirs = socket.socketpair()
                for number in (42, 49, 50, 43, 288):
                    found.append(libc.syscall(number, ours.fileno(), b'\\1\\0\\0x', 4, 0))
                try:
                    datagrams = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0]
                    datagrams.sendto(b'x', '\\0judge')
                except OSError as error:
                    found.append(error.errno)
                return found
        """,
        "answers": ([-1, -1, -1, -1, -1, 111],),
    },
    {
        "id": "A131-terminal",
        "source": """
            import ctypes, os
            libc = ctypes.CDLL(None, use_errno=True)
            def f():
                found = []
                for descriptor in (0, 1, 2, 3):
                    for command in (0x5412, 0x5401, 0x540E, 0x5421 + (1 << 32)):
                        libc.ioctl(descriptor, ctypes.c_ulong(command), b'x')
                        found.append(ctypes.get_errno())
                return [set(found) <= {25, 14}, os.path.exists('/dev/tty'), os.path.exists('/dev/pts')]
        """,
        "answers": ([True, False, False],),
    },
    {
        "id": "A132-files-of-the-kernel",
        "source": """
            import os
            def f():
                places = ['/proc', '/proc/keys', '/proc/kallsyms', '/proc/sysrq-trigger', '/sys', '/dev/kmsg']
                return [place for place in places if os.path.exists(place)]
        """,
        "answers": ([],),
    },
    {
        "id": "A133-what-the-machine-tells",
        "source": "import os\ndef f():\n    return [os.uname().nodename, os.sysconf('SC_NPROCESSORS_ONLN') > 0]\n",
        "answers": (["judge", True],),
    },
    {
        "id": "A135-speculation-and-other-options",
        "source": """
            import ctypes
            libc = ctypes.CDLL(None, use_errno=True)
            def f():
                return [libc.prctl(option, 0, 0, 0, 0) for option in (1, 4, 26, 35, 36, 53, 59)]
        """,
        "answers": ([-1] * 7,),
    },
    {
        "id": "A109-32-bit-ways-to-the-kernel",
        "source": """
            import ctypes, mmap, os
            libc = ctypes.CDLL(None, use_errno=True)
            def status_of(action):
                child = os.fork()
                if child == 0:
                    action()
                    os._exit(77)
                return os.waitpid(child, 0)[1]
            def interrupt():
                page = mmap.mmap(-1, 4096, flags=0x22, prot=7)
                page.write(bytes.fromhex('b814000000cd80c3'))
                code = (ctypes.c_char * 4096).from_buffer(page)
                ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(code))()
            def x32():
                os._exit(78 if libc.syscall(ctypes.c_long(0x40000000 | 39)) > 0 else 79)
            def f():
                return [status_of(interrupt) in (31, 11), status_of(x32) in (31, 79 << 8)]
        """,
        "answers": ([True, True],),
    },
]


@pytest.mark.parametrize("row", KILLING + OTHERS, ids=lambda row: row["id"])
def test_attack(laboratory, row):
    if row["id"].startswith("A109") and "User Mode Linux" in Path("/proc/cpuinfo").read_text():
        pytest.skip("what int 0x80 does under user-mode Linux says nothing of a real kernel")
    laboratory.attempt(row)


def test_a137_every_system_call_number_is_swept(laboratory):
    """Each number from 0 to 511 is really called, in a process of its own, with arguments that do no harm."""
    numbers = list(range(512))
    runs = laboratory.attempt(
        {"id": "A137", "source": SWEEP, "arguments": {"numbers": numbers}, "limits": ROOMY, "answers": ()}
    )
    found = wire.decode(runs[-1].answer)
    clone_with_every_flag = 56
    killed = {number for calls in KILLED.values() for number in calls.values()} | {clone_with_every_flag}
    assert set(found["killed"]) == killed
    for errno, calls in REFUSED.items():
        answers = {name: found["refused"].get(number, 38) for name, number in calls.items()}
        assert answers == dict.fromkeys(calls, errno)
