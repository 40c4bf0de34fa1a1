"""The launcher of a slot: a small process that lives in the slot's cgroup and starts jails there.

Run as a script by a bare interpreter (``python -I -S launcher.py``): it imports nothing of the judge. Its standard
input is a SOCK_SEQPACKET socket to the supervisor, its argument the supervisor's pid. At the start it gets one message,
a JSON list of the cgroup files to enter, and answers ``ready``. Then::

    supervisor -> launcher   {"argv": [...], "cpu": n | null, "oom_score_adj": "n"}
                             with descriptors, which become 0, 1, 2, ... of the jail
    launcher   -> supervisor {"pid": p}  with a pidfd
    supervisor -> launcher   {"reap": p}  after the end of that jail
    launcher   -> supervisor {"status": wait status}

``status`` is sent when the jail and every process that it left behind are gone and reaped: the launcher adopts orphans.
Unreaped ones would stay in the slot's count of processes for as long as the machine's init takes, which is for ever in
a container whose first process is the service.

The launcher dies with its supervisor, and a jail with its launcher (parent-death signal), whatever kills them. The
session keyring of the service is left behind: keyrings are not namespaced."""

from __future__ import annotations

import array
import ctypes
import json
import os
import signal
import socket
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_SYS_KEYCTL = {"x86_64": 250, "aarch64": 219}
_KEYCTL_JOIN_SESSION_KEYRING = 1
_MAX_DESCRIPTORS = 16

_libc = ctypes.CDLL(None, use_errno=True)
_jails: set[int] = set()  # that have not been reaped


def main() -> None:
    """Serves jails until the supervisor closes the socket."""
    link = socket.socket(fileno=0)
    die_with(int(sys.argv[1]))
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.setsid()
    _libc.syscall(_SYS_KEYCTL.get(os.uname().machine, 250), _KEYCTL_JOIN_SESSION_KEYRING, None)
    for file in json.loads(link.recv(65536)):
        with open(file, "w") as stream:
            stream.write(str(os.getpid()))
    link.send(b"ready")
    while True:
        message, descriptors = receive(link)
        if not message:
            reap_all()
            return
        request = json.loads(message)
        if "reap" in request:
            link.send(json.dumps({"status": reap(request["reap"])}).encode())
        else:
            serve(link, request, descriptors)


def receive(link: socket.socket) -> tuple[bytes, list[int]]:
    """Returns one message and the descriptors that came with it."""
    room = socket.CMSG_SPACE(_MAX_DESCRIPTORS * array.array("i").itemsize)
    message, ancillary, _, _ = link.recvmsg(1 << 20, room)
    descriptors = array.array("i")
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    return message, list(descriptors)


def serve(link: socket.socket, request: dict[str, Any], descriptors: list[int]) -> None:
    """Starts one jail and hands out its pidfd."""
    launcher = os.getpid()
    pid = os.fork()
    if pid == 0:
        become(request, descriptors, launcher)
    _jails.add(pid)
    for descriptor in descriptors:
        os.close(descriptor)
    handle = os.pidfd_open(pid)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [handle]))]
    link.sendmsg([json.dumps({"pid": pid}).encode()], rights)
    os.close(handle)


def reap(jail: int) -> int:
    """Returns the wait status of a jail that has ended; its orphans, which die with it, are waited for as well."""
    _, status = os.waitpid(jail, 0)
    _jails.discard(jail)
    for orphan in children() - _jails:
        os.waitpid(orphan, 0)
    return status


def reap_all() -> None:
    """Waits for everything that was ever started here: the supervisor has killed it, and nobody else would reap it."""
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return


def children() -> set[int]:
    """Returns the processes whose parent this one is; orphans are adopted before the jail's end can be seen."""
    own = os.getpid()
    try:
        with open(f"/proc/self/task/{own}/children") as stream:
            return {int(pid) for pid in stream.read().split()}
    except FileNotFoundError:  # a kernel without CONFIG_PROC_CHILDREN
        return {int(pid) for pid in os.listdir("/proc") if pid.isdigit() and parent_of(pid) == own}


def parent_of(pid: str) -> int:
    """Returns the parent of a process; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as stream:
            return int(stream.read().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def become(request: dict[str, Any], descriptors: list[int], launcher: int) -> None:
    """Turns this fork into the jail; never returns."""
    try:
        die_with(launcher)
        with open("/proc/self/oom_score_adj", "w") as stream:
            stream.write(request["oom_score_adj"])
        if request["cpu"] is not None:
            os.sched_setaffinity(0, {request["cpu"]})
        place(descriptors)
        os.execve(request["argv"][0], request["argv"], {})
    except BaseException as error:
        os.write(2, f"launcher: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(255)


def place(descriptors: list[int]) -> None:
    """Makes ``descriptors`` 0, 1, 2, ... and closes everything else."""
    base = max(descriptors) + 1
    high = [os.dup2(descriptor, base + index) for index, descriptor in enumerate(descriptors)]
    for index, descriptor in enumerate(high):
        os.dup2(descriptor, index, inheritable=True)
    os.closerange(len(descriptors), 65536)


def die_with(parent: int) -> None:
    """Asks the kernel to kill this process when its parent dies; exits at once if that has happened."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(255)


if __name__ == "__main__":
    main()
    sys.exit(0)
