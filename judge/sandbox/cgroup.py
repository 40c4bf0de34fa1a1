"""The cgroup of a slot, on version 1 and version 2.

A slot's processes are born inside its cgroup: the slot's launcher enters it once, and everything that it starts
inherits it (moving a process costs milliseconds, inheriting nothing). Per run only limits are written and counters
read. Version 1 has one directory in each of the controllers memory, pids and cpuacct; version 2 has one directory,
below a cgroup that was delegated to us. The version is decided from what is mounted, not from what nsjail would detect.
"""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from judge.errors import EnvironmentFault, SlotFault

V1_ROOT = Path("/sys/fs/cgroup")
V1_CONTROLLERS = ("memory", "pids", "cpuacct")
V2_CONTROLLERS = ("memory", "pids", "cpu")
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

    def oom_kills(self) -> int:
        """Processes that the kernel killed for memory so far."""
        ...

    def pids(self) -> list[int]:
        """Its processes now."""
        ...

    def remove(self) -> None:
        """Removes the directories; they must be empty of processes."""
        ...


class Counters:
    """Files that are read at every run: each is opened once and read at its beginning again and again."""

    def __init__(self) -> None:
        self._open: dict[Path, int] = {}

    def read(self, file: Path) -> bytes:
        """The content now."""
        return os.pread(self._descriptor(file), 4096, 0)

    def write(self, file: Path, content: bytes) -> None:
        """Writes a whole value."""
        os.pwrite(self._descriptor(file), content, 0)

    def close(self) -> None:
        """Closes all of them; the next use opens them again."""
        while self._open:
            os.close(self._open.popitem()[1])

    def _descriptor(self, file: Path) -> int:
        known = self._open.get(file)
        if known is None:
            known = os.open(file, (os.O_RDWR if os.access(file, os.W_OK) else os.O_RDONLY) | os.O_CLOEXEC)
            self._open[file] = known
        return known


class CgroupV1:
    """One directory in each controller."""

    def __init__(self, name: str, root: Path = V1_ROOT) -> None:
        self.directories = {controller: root / controller / "judge" / name for controller in V1_CONTROLLERS}
        self._memory = self.directories["memory"]
        self._counters = Counters()
        self._usage = self.directories["cpuacct"] / "cpuacct.usage"
        self._peak = self._memory / "memory.max_usage_in_bytes"
        self._oom = self._memory / "memory.oom_control"

    def create(self) -> None:
        """Makes the directories."""
        for directory in self.directories.values():
            _make(directory)

    def entrances(self) -> list[str]:
        """The files to write a pid to."""
        return [str(directory / "cgroup.procs") for directory in self.directories.values()]

    def set_memory_limit(self, limit: int) -> None:
        """Limits memory and, where swap is accounted, memory and swap together."""
        files = [self._memory / "memory.limit_in_bytes", self._memory / "memory.memsw.limit_in_bytes"]
        if not files[1].exists():
            files.pop()
        rising = limit > _read_int(files[0])
        for file in reversed(files) if rising else files:  # memsw may never be below the memory limit
            _write(file, str(limit))

    def set_pids_limit(self, limit: int) -> None:
        """Limits processes and threads."""
        _write(self.directories["pids"] / "pids.max", str(limit))

    def cpu_ns(self) -> int:
        """CPU time so far."""
        return int(self._counters.read(self._usage))

    def memory_bytes(self) -> int:
        """Memory in use."""
        return _read_int(self._memory / "memory.usage_in_bytes")

    def reset_memory_peak(self) -> None:
        """Begins a new measurement of the peak."""
        self._counters.write(self._peak, b"0")

    def memory_peak_bytes(self) -> int:
        """The largest memory in use since the reset."""
        return int(self._counters.read(self._peak))

    def oom_kills(self) -> int:
        """The kernel's counter."""
        return _field(self._counters.read(self._oom), "oom_kill")

    def pids(self) -> list[int]:
        """Its processes now."""
        return _read_pids(self.directories["pids"] / "cgroup.procs")

    def remove(self) -> None:
        """Closes the counters; removes the directories, and the one that holds all slots when this was the last."""
        self._counters.close()
        for directory in self.directories.values():
            _remove(directory)
            with suppress(OSError):
                directory.parent.rmdir()


class CgroupV2:
    """One directory below ``parent``, a delegated cgroup whose controllers are enabled for its children."""

    def __init__(self, name: str, parent: Path) -> None:
        self.directory = parent / name
        self._peak_floor = 0
        self._peak_file: int | None = None
        self._counters = Counters()

    def create(self) -> None:
        """Makes the directory."""
        self.directory.mkdir(parents=True, exist_ok=True)
        _write(self.directory / "memory.oom.group", "0")
        if (self.directory / "memory.swap.max").exists():
            _write(self.directory / "memory.swap.max", "0")

    def entrances(self) -> list[str]:
        """The file to write a pid to."""
        return [str(self.directory / "cgroup.procs")]

    def set_memory_limit(self, limit: int) -> None:
        """Limits memory; swap is off."""
        _write(self.directory / "memory.max", str(limit))

    def set_pids_limit(self, limit: int) -> None:
        """Limits processes and threads."""
        _write(self.directory / "pids.max", str(limit))

    def cpu_ns(self) -> int:
        """CPU time so far, in steps of a microsecond."""
        return _field(self._counters.read(self.directory / "cpu.stat"), "usage_usec") * 1000

    def memory_bytes(self) -> int:
        """Memory in use."""
        return _read_int(self.directory / "memory.current")

    def reset_memory_peak(self) -> None:
        """Begins a new measurement; before Linux 6.12 the peak cannot be reset, and the old one becomes a floor."""
        self._close_peak()
        descriptor = os.open(self.directory / "memory.peak", os.O_RDWR | os.O_CLOEXEC)
        try:
            os.write(descriptor, b"0")
        except OSError:
            os.close(descriptor)
            self._peak_floor = _read_int(self.directory / "memory.peak")
        else:
            self._peak_file = descriptor  # the reset holds for readers of this open file only

    def memory_peak_bytes(self) -> int:
        """The peak since the reset; where it cannot be reset and did not rise, the memory in use now (a lower
        bound)."""
        if self._peak_file is not None:
            return int(os.pread(self._peak_file, 64, 0))
        peak = _read_int(self.directory / "memory.peak")
        return peak if peak > self._peak_floor else self.memory_bytes()

    def oom_kills(self) -> int:
        """The kernel's counter."""
        return _field(self._counters.read(self.directory / "memory.events"), "oom_kill")

    def pids(self) -> list[int]:
        """Its processes now."""
        return _read_pids(self.directory / "cgroup.procs")

    def remove(self) -> None:
        """Closes the counters and removes the directory."""
        self._counters.close()
        self._close_peak()
        _remove(self.directory)

    def _close_peak(self) -> None:
        if self._peak_file is not None:
            os.close(self._peak_file)
            self._peak_file = None


class CgroupTree:
    """Where the cgroups of slots are made on this machine."""

    def __init__(self, version: int, parent: Path) -> None:
        self.version = version
        self.parent = parent

    def slot(self, number: int) -> Cgroup:
        """The cgroup of slot ``number``, not yet made."""
        name = f"slot-{number}"
        return CgroupV1(name) if self.version == 1 else CgroupV2(name, self.parent)

    def slots(self) -> Iterator[int]:
        """The numbers of the slots that have a directory now, in any controller."""
        parents = [V1_ROOT / name / "judge" for name in V1_CONTROLLERS] if self.version == 1 else [self.parent]
        names = {entry.name for parent in parents if parent.is_dir() for entry in parent.iterdir() if entry.is_dir()}
        return (int(name[5:]) for name in sorted(names) if name.startswith("slot-") and name[5:].isdigit())


def find_tree(delegated: str = "") -> CgroupTree:
    """Returns where slots live. ``delegated`` names a version 2 cgroup that is ours; empty: this process's own.

    Raises EnvironmentFault when neither version can be used.
    """
    unified = V1_ROOT / "cgroup.controllers"
    if unified.exists():
        return _prepare_v2(delegated)
    missing = [name for name in V1_CONTROLLERS if not (V1_ROOT / name / "tasks").exists()]
    if missing:
        raise EnvironmentFault(
            f"cgroup controllers {', '.join(missing)} are not mounted under {V1_ROOT}: "
            "mount them (version 1), or boot with a unified hierarchy (version 2)"
        )
    return CgroupTree(1, V1_ROOT / "memory" / "judge")


def _prepare_v2(delegated: str) -> CgroupTree:
    own = Path(delegated) if delegated else V1_ROOT / _own_v2_path().lstrip("/")
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
    pids = _read_pids(own / "cgroup.procs")
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
    for controller in V2_CONTROLLERS:
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


def _read_int(file: Path) -> int:
    with open(file, "rb", buffering=0) as stream:
        return int(stream.read(64))


def _field(content: bytes, name: str) -> int:
    for line in content.decode().splitlines():
        key, _, value = line.partition(" ")
        if key == name:
            return int(value)
    raise SlotFault(f"a counter has no field {name!r}: {content[:200]!r}")


def _read_pids(file: Path) -> list[int]:
    try:
        return [int(pid) for pid in file.read_text().split()]
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENODEV):
            return []
        raise


def _write(file: Path, text: str) -> None:
    try:
        with open(file, "w", buffering=1) as stream:
            stream.write(text)
    except OSError as error:
        raise SlotFault(f"cannot write {text} to {file}: {error.strerror}") from None


def _make(directory: Path) -> None:
    """Makes ``directory``; its parent may vanish meanwhile, when the last slot of another process goes."""
    for _ in range(100):
        with suppress(FileNotFoundError):
            directory.mkdir(parents=True, exist_ok=True)
            return
    raise SlotFault(f"cannot make {directory}: its parent keeps vanishing")


def _remove(directory: Path) -> None:
    deadline = time.monotonic_ns() + _KILL_PATIENCE_NS
    while True:
        try:
            directory.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic_ns() > deadline:
                raise SlotFault(f"cannot remove {directory}: {error.strerror}") from None
            time.sleep(0.002)
