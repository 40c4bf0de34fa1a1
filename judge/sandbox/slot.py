"""A slot: a number, a user id, a cgroup, a launcher, and a lock that says who owns them.

The number is unique on the machine: it is held by a lock on ``<run_dir>/slot-<number>.lock``, which the kernel releases
when its owner dies, however it dies. Whoever takes a number first removes what its last owner left: processes in the
slot's cgroup are killed, the cgroup is removed. So nothing needs to survive a SIGKILL of the service for the next start
to be clean.
"""

from __future__ import annotations

import array
import fcntl
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from judge.errors import EnvironmentFault, SlotFault
from judge.sandbox import launcher as launcher_script
from judge.sandbox.cgroup import Cgroup, CgroupTree, kill_all

MAX_SLOTS = 1024
SETUP_MEMORY_BYTES = 1 << 30  # while a jail is being built, before its own limit is set
SETUP_PIDS = 64
_PATIENCE_MS = 10_000


class Slot:
    """One slot of this machine, owned by this process until it is closed."""

    def __init__(self, tree: CgroupTree, run_dir: Path, uid_base: int, cpu_of: Callable[[int], int | None]) -> None:
        self.number, self._lock = _take_number(run_dir)
        self.outside_id = uid_base + self.number
        self.cpu = cpu_of(self.number)
        self.cgroup: Cgroup = tree.slot(self.number)
        self._launcher: Launcher | None = None

    @property
    def launcher(self) -> Launcher:
        """The running launcher; it is started, in a fresh cgroup, when there is none."""
        if self._launcher is None:
            _clean(self.cgroup)
            self.cgroup.create()
            self.cgroup.set_pids_limit(SETUP_PIDS)
            self.cgroup.set_memory_limit(SETUP_MEMORY_BYTES)
            self._launcher = Launcher(self.cgroup)
        return self._launcher

    def clear(self) -> None:
        """Kills everything but the launcher and lifts the limits of the last run. Raises SlotFault."""
        if self._launcher is None:
            return
        kill_all(self.cgroup, spare=self._launcher.pid)
        if self._launcher.busy:
            self._launcher.wait()
        self.cgroup.set_pids_limit(SETUP_PIDS)
        self.cgroup.set_memory_limit(SETUP_MEMORY_BYTES)

    def destroy(self) -> None:
        """Kills everything and removes the cgroup; the next use builds the slot anew."""
        if self._launcher is not None:
            self._launcher.close()
            self._launcher = None
        _clean(self.cgroup)

    def close(self) -> None:
        """Destroys the slot and gives its number back."""
        self.destroy()
        os.close(self._lock)


class Launcher:
    """The supervisor's end of a launcher process."""

    def __init__(self, cgroup: Cgroup) -> None:
        self.busy = False  # whether a jail was started and its end not yet taken
        self._link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-I", "-S", launcher_script.__file__, str(os.getpid())]
        with theirs:
            self._process = subprocess.Popen(command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env={})
        self._link.send(json.dumps(cgroup.entrances()).encode())
        if self._receive()[0] != b"ready":
            raise SlotFault("the launcher did not start")

    @property
    def pid(self) -> int:
        """Its process id."""
        return int(self._process.pid)

    def start(self, argv: Sequence[str], descriptors: Sequence[int], cpu: int | None) -> int:
        """Starts a jail; ``descriptors`` become 0, 1, 2, ... in it. Returns a pidfd that the caller closes."""
        request = json.dumps({"argv": list(argv), "cpu": cpu}).encode()
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
        try:
            self._link.sendmsg([request], rights)
        except OSError as error:
            raise SlotFault(f"the launcher is gone: {error.strerror}") from None
        _, received = self._receive()
        if len(received) != 1:
            raise SlotFault("the launcher could not start a jail")
        self.busy = True
        return received[0]

    def wait(self) -> int:
        """Returns the wait status of the jail. Raises SlotFault when it does not end within 10 s."""
        status = int(json.loads(self._receive()[0])["status"])
        self.busy = False
        return status

    def close(self) -> None:
        """Ends the launcher, and with it whatever it started."""
        self._link.close()
        self._process.kill()
        self._process.wait()

    def _receive(self) -> tuple[bytes, list[int]]:
        poller = select.poll()
        poller.register(self._link, select.POLLIN)
        if not poller.poll(_PATIENCE_MS):
            raise SlotFault("the launcher does not answer")
        message, descriptors, _, _ = socket.recv_fds(self._link, 65536, 4)
        if not message:
            raise SlotFault("the launcher is gone")
        return message, list(descriptors)


def sweep(tree: CgroupTree, run_dir: Path) -> list[int]:
    """Removes the cgroups, and kills the processes, of slots that no living process owns; returns their numbers."""
    swept = []
    for number in tree.slots():
        lock = _try_lock(run_dir, number)
        if lock is not None:
            _clean(tree.slot(number))
            os.close(lock)
            swept.append(number)
    return swept


def _clean(cgroup: Cgroup) -> None:
    if cgroup.pids():
        kill_all(cgroup)
    cgroup.remove()


def _take_number(run_dir: Path) -> tuple[int, int]:
    for number in range(MAX_SLOTS):
        lock = _try_lock(run_dir, number)
        if lock is not None:
            return number, lock
    raise EnvironmentFault(f"all {MAX_SLOTS} slots of this machine are taken ({run_dir}): stop a service")


def _try_lock(run_dir: Path, number: int) -> int | None:
    try:
        run_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(run_dir / f"slot-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EnvironmentFault(f"cannot write in {run_dir}: {error.strerror}: run as root, or set run_dir") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
