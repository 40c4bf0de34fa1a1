"""A slot: a number, a user id, a cgroup, a launcher, and a lock that says who owns them.

The number is unique on the machine: it is held by a lock on ``<run_dir>/slot-<number>.lock``, and by one in the tree of
cgroups, which keeps services with another ``run_dir`` away. The kernel releases both when their owner dies, however it
dies. Whoever takes a number first removes what its last owner left: processes in the slot's cgroup are killed, the
cgroup is removed. So nothing needs to survive a SIGKILL of the service for the next start to be clean.
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
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from judge.errors import EnvironmentFault, SlotFault
from judge.sandbox import launcher as launcher_script
from judge.sandbox.cgroup import Cgroup, CgroupTree, kill_all

MAX_SLOTS = 1024
SETUP_MEMORY_BYTES = 1 << 30  # above what lives between runs, while a jail is built, before its own limit is set
SETUP_PIDS = 64
OOM_SCORE = "500"  # of jails: the launcher is spared; a warm box gets more, before it runs
_PATIENCE_MS = 10_000
_REAP_S = 2.0


class Slot:
    """One slot of this machine, owned by this process until it is closed."""

    def __init__(
        self,
        tree: CgroupTree,
        run_dir: Path,
        uid_base: int,
        cpu_of: Callable[[int], int | None],
        *,
        companion: bool = False,
    ) -> None:
        self.number, self._locks = _take_number(tree, run_dir, companion)
        self.outside_id = uid_base + self.number
        self.cpu = cpu_of(self.number)
        self.cgroup: Cgroup = tree.slot(self.number)
        self._launcher: Launcher | None = None
        self._residents: frozenset[int] = frozenset()
        self._rest_bytes = 0

    @property
    def launcher(self) -> Launcher:
        """The running launcher; it is started, in a fresh cgroup, when there is none."""
        if self._launcher is None:
            _clean(self.cgroup)
            self.cgroup.create()
            self._rest_bytes = 0
            self.lift_limits()
            self._launcher = Launcher(self.cgroup)
            self.settle()
        return self._launcher

    max_slots = MAX_SLOTS

    @property
    def started(self) -> bool:
        """Whether its launcher runs."""
        return self._launcher is not None

    def settle(self) -> None:
        """Takes the processes that live now as those that live between runs: the launcher and the zygotes."""
        self._residents = frozenset(self.cgroup.pids())
        self._rest_bytes = self.cgroup.memory_bytes()

    def clear(self) -> None:
        """Kills everything but the residents and lifts the limits of the last run. Raises SlotFault."""
        if self._launcher is None:
            return
        if not self._residents <= set(self.cgroup.pids()):
            raise SlotFault("a process that must outlive runs is gone")
        kill_all(self.cgroup, spare=self._residents)
        self.lift_limits()

    def check_rest(self) -> None:
        """Lifts the limits of the last run. Raises SlotFault unless exactly the residents live."""
        found = frozenset(self.cgroup.pids())
        if found != self._residents:
            gone, extra = sorted(self._residents - found), sorted(found - self._residents)
            raise SlotFault(f"the slot is not at rest: processes {gone} are gone, {extra} are too many")
        self.lift_limits()

    def lift_limits(self) -> None:
        """Makes room for the next box to be built; its own limits are set when it is ready."""
        self.cgroup.set_pids_limit(SETUP_PIDS)
        self.cgroup.set_memory_limit(self._rest_bytes + SETUP_MEMORY_BYTES)

    def destroy(self) -> None:
        """Kills everything and removes the cgroup; the next use builds the slot anew."""
        if self._launcher is not None:
            with suppress(SlotFault):  # what does not die now is tried again below
                kill_all(self.cgroup, spare={self._launcher.pid})
            self._launcher.close()
            self._launcher = None
        _clean(self.cgroup)

    def close(self) -> None:
        """Destroys the slot and gives its number back."""
        self.destroy()
        _release(self._locks)


@dataclass(frozen=True, kw_only=True, slots=True)
class Jail:
    """A started nsjail."""

    pid: int
    handle: int  # a pidfd: readable when it has ended


class Launcher:
    """The supervisor's end of a launcher process."""

    def __init__(self, cgroup: Cgroup) -> None:
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

    def start(self, argv: Sequence[str], descriptors: Sequence[int], cpu: int | None) -> Jail:
        """Starts a jail; ``descriptors`` become 0, 1, 2, ... in it. The caller closes the handle."""
        request = json.dumps({"argv": list(argv), "cpu": cpu, "oom_score_adj": OOM_SCORE}).encode()
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
        self._send(request, rights)
        message, received = self._receive()
        if len(received) != 1:
            raise SlotFault("the launcher could not start a jail")
        return Jail(pid=json.loads(message)["pid"], handle=received[0])

    def reap(self, jail: Jail) -> int:
        """Returns the wait status of a jail. Raises SlotFault when it does not end within 10 s."""
        self._send(json.dumps({"reap": jail.pid}).encode())
        return int(json.loads(self._receive()[0])["status"])

    def close(self) -> None:
        """Ends the launcher, which first reaps what it started; one that does not end is killed."""
        self._link.close()
        try:
            self._process.wait(_REAP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _send(self, message: bytes, rights: Sequence[tuple[int, int, array.array[int]]] = ()) -> None:
        try:
            self._link.sendmsg([message], rights)
        except OSError as error:
            raise SlotFault(f"the launcher is gone: {error.strerror}") from None

    def _receive(self) -> tuple[bytes, list[int]]:
        poller = select.poll()
        poller.register(self._link, select.POLLIN)
        if not poller.poll(_PATIENCE_MS):
            raise SlotFault("the launcher does not answer")
        try:
            message, descriptors, _, _ = socket.recv_fds(self._link, 65536, 4)
        except OSError as error:
            raise SlotFault(f"the launcher is gone: {error.strerror}") from None
        if not message:
            raise SlotFault("the launcher is gone")
        return message, list(descriptors)


def sweep(tree: CgroupTree, run_dir: Path) -> list[int]:
    """Removes the cgroups, and kills the processes, of slots that no living process owns; returns their numbers."""
    swept = []
    for number in tree.slots():
        if locks := _try_locks(tree, run_dir, number):
            _clean(tree.slot(number))
            _release(locks)
            swept.append(number)
    return swept


def _clean(cgroup: Cgroup) -> None:
    if cgroup.pids():
        kill_all(cgroup)
    cgroup.remove()


def _take_number(tree: CgroupTree, run_dir: Path, companion: bool) -> tuple[int, tuple[int, ...]]:
    """Takes the lowest free number, a companion the highest: the lowest ones decide which core is whose."""
    for number in reversed(range(MAX_SLOTS)) if companion else range(MAX_SLOTS):
        if locks := _try_locks(tree, run_dir, number):
            return number, locks
    raise EnvironmentFault(f"all {MAX_SLOTS} slots of this machine are taken ({run_dir}): stop a service")


def _try_locks(tree: CgroupTree, run_dir: Path, number: int) -> tuple[int, ...]:
    """Returns the descriptors that hold a number; none when somebody else has it."""
    here = _try_lock(run_dir, number)
    if here is None:
        return ()
    everywhere = tree.lock(number)
    if everywhere is None:
        os.close(here)
        return ()
    return here, everywhere


def _release(locks: tuple[int, ...]) -> None:
    for descriptor in reversed(locks):
        os.close(descriptor)


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
