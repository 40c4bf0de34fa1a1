"""A slot's cgroup on version 1: one directory in each of the controllers memory, pids and cpuacct."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from judge.sandbox.cgroup_files import NEAR_BYTES, Files, has_swap, make_directory, remove_directory, waited_ns

ROOT = Path("/sys/fs/cgroup")
CONTROLLERS = ("memory", "pids", "cpuacct")


class CgroupV1:
    """One directory in each controller."""

    def __init__(self, name: str, root: Path = ROOT) -> None:
        self.directories = {controller: root / controller / "judge" / name for controller in CONTROLLERS}
        self._memory, self._pids, self._cpu = (Files(self.directories[name]) for name in CONTROLLERS)
        self._limit = -1  # of memory, as written last
        self._swaps = True  # what is swapped counts for the limit and not for the peak

    def create(self) -> None:
        """Makes the directories."""
        for directory in self.directories.values():
            make_directory(directory)
        self._swaps = has_swap()

    def entrances(self) -> list[str]:
        """The files to write a pid to."""
        return [str(directory / "cgroup.procs") for directory in self.directories.values()]

    def set_memory_limit(self, limit: int) -> None:
        """Limits memory and, where swap is accounted, memory and swap together."""
        names = ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"]
        if not self._memory.exists(names[1]):
            names.pop()
        rising = limit > (self._limit if self._limit >= 0 else self._memory.read_int(names[0]))
        for name in reversed(names) if rising else names:  # memsw may never be below the memory limit
            self._limit = -1  # unknown, if this fails
            self._memory.write(name, limit)
        self._limit = limit

    def set_pids_limit(self, limit: int) -> None:
        """Limits processes and threads."""
        self._pids.write("pids.max", limit)

    def cpu_ns(self) -> int:
        """CPU time so far."""
        return self._cpu.read_int("cpuacct.usage")

    def memory_bytes(self) -> int:
        """Memory in use."""
        return self._memory.read_int("memory.usage_in_bytes")

    def reset_memory_peak(self) -> None:
        """Begins a new measurement of the peak."""
        self._memory.write("memory.max_usage_in_bytes", 0)

    def memory_peak_bytes(self) -> int:
        """The largest memory in use since the reset."""
        return self._memory.read_int("memory.max_usage_in_bytes")

    def is_near_limit(self, peak: int) -> bool:
        """Whether the limit may have been reached."""
        return self._swaps or peak > self._limit - NEAR_BYTES

    def oom_kills(self) -> int:
        """The kernel's counter."""
        return self._memory.read_field("memory.oom_control", "oom_kill")

    def pids(self) -> list[int]:
        """Its processes now."""
        return self._pids.pids()

    def waited_ns(self) -> int:
        """As its threads tell."""
        return waited_ns(self.pids())

    def tasks(self) -> int:
        """Its processes and threads now."""
        return self._pids.read_int("pids.current")

    def remove(self) -> None:
        """Closes the files; removes the directories, and the one that holds all slots when this was the last."""
        self._limit = -1
        for files in (self._memory, self._pids, self._cpu):
            files.close()
        for directory in self.directories.values():
            remove_directory(directory)
            with suppress(OSError):
                directory.parent.rmdir()
