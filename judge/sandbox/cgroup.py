"""The cgroup of a slot, on version 1 and version 2.

A slot's processes are born inside its cgroup: the slot's launcher enters it once, and everything that it starts
inherits it (moving a process costs milliseconds, inheriting nothing). Per run only limits are written and counters
read. Version 1 has one directory in each of the controllers memory, pids and cpuacct; version 2 has one directory,
below a cgroup that was delegated to us. The version is decided from what is mounted, not from what nsjail would detect.
"""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Protocol

from judge.errors import EnvironmentFault, SlotFault
from judge.sandbox import cgroup_v1, cgroup_v2
from judge.sandbox.cgroup_files import read_pids
from judge.sandbox.cgroup_v1 import CgroupV1
from judge.sandbox.cgroup_v2 import CgroupV2

_ROOT = cgroup_v1.ROOT
_KILL_PATIENCE_NS = 5_000_000_000


class Cgroup(Protocol):
    """The limits and counters of one slot."""

    def create(self) -> None:
        """Makes the directories; an empty leftover is used again."""
        ...

    def entrances(self) -> list[str]:
        """The files to write a pid to, to move that process in."""
        ...

    def set_memory_limit(self, limit: int) -> None:
        """Limits memory and swap together, in bytes."""
        ...

    def set_pids_limit(self, limit: int) -> None:
        """Limits processes and threads."""
        ...

    def cpu_ns(self) -> int:
        """CPU time of all its processes so far, living and dead."""
        ...

    def memory_bytes(self) -> int:
        """Memory in use."""
        ...

    def reset_memory_peak(self) -> None:
        """Begins a new measurement of the peak."""
        ...

    def memory_peak_bytes(self) -> int:
        """The largest memory in use since the reset."""
        ...

    def is_near_limit(self, peak: int) -> bool:
        """Whether memory that reached ``peak`` may have been at its limit, where the kernel kills."""
        ...

    def oom_kills(self) -> int:
        """Processes that the kernel killed for memory so far."""
        ...

    def pids(self) -> list[int]:
        """Its processes now."""
        ...

    def waited_ns(self) -> int:
        """How long its living threads have waited for a core so far, ready to run, together."""
        ...

    def tasks(self) -> int:
        """How many processes and threads it has now."""
        ...

    def remove(self) -> None:
        """Removes the directories; they must be empty of processes."""
        ...


_FLOCK = struct.Struct("hhqqi4x")  # struct flock: type, whence, start, length, pid


class CgroupTree:
    """Where the cgroups of slots are made on this machine."""

    def __init__(self, version: int, parent: Path) -> None:
        self.version = version
        self.parent = parent

    def lock(self, number: int) -> int | None:
        """Takes slot ``number`` from all other processes that make slots here; None when one of them has it.

        Returns a descriptor: the slot is free again when it is closed, also by the death of its owner. It holds a lock
        of its open file (fcntl(2), "open file description locks") on one byte of a file that outlives all slots.
        """
        file = self.parent.parent / "cgroup.procs"
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            message = f"expected {file} to be writable, for the locks of slots, found: {error.strerror}"
            raise EnvironmentFault(f"{message}: run as root, or delegate the cgroup") from None
        try:
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, number, 1, 0))
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def slot(self, number: int) -> Cgroup:
        """The cgroup of slot ``number``, not yet made."""
        name = f"slot-{number}"
        return CgroupV1(name) if self.version == 1 else CgroupV2(name, self.parent)

    def slots(self) -> Iterator[int]:
        """The numbers of the slots that have a directory now, in any controller."""
        parents = [_ROOT / name / "judge" for name in cgroup_v1.CONTROLLERS] if self.version == 1 else [self.parent]
        names = {entry.name for parent in parents if parent.is_dir() for entry in parent.iterdir() if entry.is_dir()}
        return (int(name[5:]) for name in sorted(names) if name.startswith("slot-") and name[5:].isdigit())


def find_tree(delegated: str = "") -> CgroupTree:
    """Returns where slots live. ``delegated`` names a version 2 cgroup that is ours; empty: this process's own.

    Raises EnvironmentFault when neither version can be used.
    """
    unified = _ROOT / "cgroup.controllers"
    if unified.exists():
        return _prepare_v2(delegated)
    missing = [name for name in cgroup_v1.CONTROLLERS if not (_ROOT / name / "tasks").exists()]
    if missing:
        raise EnvironmentFault(
            f"cgroup controllers {', '.join(missing)} are not mounted under {_ROOT}: "
            "mount them (version 1), or boot with a unified hierarchy (version 2)"
        )
    return CgroupTree(1, _ROOT / "memory" / "judge")


def _prepare_v2(delegated: str) -> CgroupTree:
    own = Path(delegated) if delegated else _ROOT / _own_v2_path().lstrip("/")
    if own.name == "service":  # a leaf that we, or systemd's DelegateSubgroup, made for the service itself
        own = own.parent
    parent = own / "judge"
    try:
        _make_leaf(own)
        _enable(own)
        parent.mkdir(exist_ok=True)
        _enable(parent)
    except OSError as error:
        raise EnvironmentFault(
            f"cgroup {own} is not ours to divide ({error.strerror}): delegate it (systemd: Delegate=yes), "
            "or name a delegated one in the setting cgroup_root"
        ) from None
    return CgroupTree(2, parent)


def _own_v2_path() -> str:
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        if line.startswith("0::"):
            return line[3:]
    raise EnvironmentFault("/proc/self/cgroup names no version 2 cgroup: mount cgroup2")


def _make_leaf(own: Path) -> None:
    """Moves the processes of ``own`` into a leaf: a version 2 cgroup with controllers for children holds no process."""
    if not (own / "cgroup.type").exists():
        return  # only the real root has none, and it is exempt
    pids = read_pids(own / "cgroup.procs")
    if not pids:
        return
    leaf = own / "service"
    leaf.mkdir(exist_ok=True)
    for pid in pids:
        try:
            (leaf / "cgroup.procs").write_text(str(pid))
        except ProcessLookupError:
            continue


def _enable(directory: Path) -> None:
    present = (directory / "cgroup.subtree_control").read_text().split()
    for controller in cgroup_v2.CONTROLLERS:
        if controller not in present:
            (directory / "cgroup.subtree_control").write_text(f"+{controller}")


def kill_all(cgroup: Cgroup, *, spare: Collection[int] = ()) -> None:
    """Kills every process of ``cgroup`` but ``spare`` and waits until they are gone. Raises SlotFault after 5 s.

    Forking is stopped first, so that the number of rounds is bounded.
    """
    cgroup.set_pids_limit(1)  # below what lives: nothing new
    deadline = time.monotonic_ns() + _KILL_PATIENCE_NS
    delay = 0.0002
    while victims := [pid for pid in cgroup.pids() if pid not in spare]:
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if time.monotonic_ns() > deadline:
            raise SlotFault(f"processes {victims} of a slot do not die")
        time.sleep(delay)
        delay = min(delay * 2, 0.01)
