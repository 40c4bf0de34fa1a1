"""The program that a slot runs before it takes work: it tries, from inside, what a submission must not be able to do.

It is source text for a box, never imported by the judge. ``probe`` returns plain facts; ``judge.sandbox.probe``
judges them.
"""

import ctypes
import os
import resource
import socket
from typing import Any, NoReturn


def probe() -> dict[str, Any]:
    """Returns what this process can see and do."""
    libc = ctypes.CDLL(None, use_errno=True)
    return {
        "uid": list(os.getresuid()),
        "gid": list(os.getresgid()),
        "groups": os.getgroups(),
        "no_new_privs": libc.prctl(39, 0, 0, 0, 0),
        "seccomp_mode": libc.prctl(21, 0, 0, 0, 0),
        "capabilities": _capabilities(libc),
        "descriptors": [number for number in range(64) if _is_open(number)],
        "root": sorted(os.listdir("/")),
        "parent": os.getppid(),
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "cores": sorted(os.sched_getaffinity(0)),
        "core_size": resource.getrlimit(resource.RLIMIT_CORE)[1],
        "root_writable": _writable("/planted"),
        "runtime_writable": _writable("/runtime/planted"),
        "box_writable": _writable("/box/planted"),
        "socket": _socket(),
        "killed": {name: _signal_of(libc, *call) for name, call in _FORBIDDEN.items()},
    }


def fork_until_refused() -> int:
    """Returns how many processes could be made."""
    made = 0
    try:
        while made < 5000:
            if os.fork() == 0:
                signal_wait()
            made += 1
    except OSError:
        return made
    return made


def signal_wait() -> NoReturn:
    """Waits to be killed."""
    while True:
        os.read(os.pipe()[0], 1)


def fill(size: int) -> int:
    """Touches ``size`` bytes."""
    return len(bytearray(size))


_FORBIDDEN = {  # x86-64 numbers
    "unshare": (272, 0x10000000),
    "mount": (165, 0, 0, 0, 0, 0),
    "keyctl": (250, 0, 0),
    "ptrace": (101, 0, 0, 0, 0),
    "bpf": (321, 0, 0, 0),
    "io_uring_setup": (425, 1, 0),
    "userfaultfd": (323, 0),
    "clone_newuser": (56, 0x10000000 | 17, 0, 0, 0, 0),
}


def _capabilities(libc: ctypes.CDLL) -> dict[str, int]:
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    libc.capget(header, data)
    bounding = sum(libc.prctl(23, number, 0, 0, 0) > 0 for number in range(41))
    return {"effective": data[0] | data[3], "permitted": data[1] | data[4], "bounding": bounding}


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _writable(path: str) -> bool:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError:
        return False
    os.unlink(path)
    return True


def _socket() -> int:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    except OSError as error:
        return error.errno or 0
    return 0


def _signal_of(libc: ctypes.CDLL, *call: int) -> int:
    """Returns the signal that ends a child that makes the system call; 0 when it survives."""
    child = os.fork()
    if child == 0:
        libc.syscall(*map(ctypes.c_long, call))
        os._exit(0)
    return os.waitpid(child, 0)[1] & 0x7F
