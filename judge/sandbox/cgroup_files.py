"""The files of a cgroup: those that every run reads or writes are opened once.

Opening a file costs ten times what reading it does. A list of processes is the exception: version 1 keeps the list of
an open file for a second, so it is opened anew each time.
"""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from pathlib import Path

from judge.errors import SlotFault

NEAR_BYTES = 1 << 20  # the kernel charges pages in batches, and kills when no batch fits
_CHUNK = 1 << 16
_PATIENCE_NS = 5_000_000_000


class Files:
    """The files of one directory, by name."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._open: dict[str, int] = {}

    def read(self, name: str) -> bytes:
        """The first 4096 bytes of the content now."""
        return os.pread(self._descriptor(name), 4096, 0)

    def read_int(self, name: str) -> int:
        """The content as a number."""
        return int(self.read(name))

    def read_field(self, name: str, field: str) -> int:
        """The number after ``field`` in a file of lines "field number". Raises SlotFault without it."""
        content = self.read(name)
        for line in content.splitlines():
            key, _, value = line.partition(b" ")
            if key == field.encode():
                return int(value)
        raise SlotFault(f"{self.directory / name} has no field {field!r}: {content[:200]!r}")

    def write(self, name: str, value: int) -> None:
        """Writes a number. Raises SlotFault when the kernel refuses it."""
        try:
            os.pwrite(self._descriptor(name), b"%d" % value, 0)
        except OSError as error:
            raise SlotFault(f"cannot write {value} to {self.directory / name}: {error.strerror}") from None

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self._open or (self.directory / name).exists()

    def pids(self) -> list[int]:
        """The processes in the cgroup; none when there is no cgroup."""
        return read_pids(self.directory / "cgroup.procs")

    def close(self) -> None:
        """Closes all of them; the next use opens them again."""
        while self._open:
            os.close(self._open.popitem()[1])

    def _descriptor(self, name: str) -> int:
        known = self._open.get(name)
        if known is None:
            path = self.directory / name
            known = os.open(path, (os.O_RDWR if os.access(path, os.W_OK) else os.O_RDONLY) | os.O_CLOEXEC)
            self._open[name] = known
        return known


def read_pids(file: Path) -> list[int]:
    """Returns the process ids in ``file``; none when its cgroup is gone."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            content = b"".join(iter(lambda: os.read(descriptor, _CHUNK), b""))
        finally:
            os.close(descriptor)
        return [int(pid) for pid in content.split()]
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENODEV):
            return []
        raise


def has_swap() -> bool:
    """Whether this machine swaps; true when nobody can tell."""
    try:
        return len(Path("/proc/swaps").read_text().splitlines()) > 1  # below the heading
    except OSError:
        return True


def make_directory(directory: Path) -> None:
    """Makes ``directory``; its parent may vanish meanwhile, when the last slot of another process goes."""
    for _ in range(100):
        with suppress(FileNotFoundError):
            directory.mkdir(parents=True, exist_ok=True)
            return
    raise SlotFault(f"cannot make {directory}: its parent keeps vanishing")


def remove_directory(directory: Path) -> None:
    """Removes ``directory``; a process that has just died may hold it for a moment."""
    deadline = time.monotonic_ns() + _PATIENCE_NS
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


def waited_ns(pids: list[int]) -> int:
    """Returns how long the threads of these processes have waited for a core while they could run; 0 for those gone.

    The second field of ``/proc/PID/task/TID/schedstat`` (Linux, Documentation/scheduler/sched-stats.rst).
    """
    total = 0
    for pid in pids:
        with suppress(OSError, IndexError, ValueError):
            for thread in os.listdir(f"/proc/{pid}/task"):
                total += int(Path(f"/proc/{pid}/task/{thread}/schedstat").read_text().split()[1])
    return total
