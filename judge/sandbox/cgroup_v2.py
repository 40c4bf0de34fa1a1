"""A slot's cgroup on version 2: one directory below a cgroup that was delegated to us."""

from __future__ import annotations

import os
from pathlib import Path

from judge.sandbox.cgroup_files import NEAR_BYTES, Files, remove_directory, waited_ns

CONTROLLERS = ("memory", "pids", "cpu")


class CgroupV2:
    """One directory below ``parent``, a delegated cgroup whose controllers are enabled for its children."""

    def __init__(self, name: str, parent: Path) -> None:
        self.directory = parent / name
        self._files = Files(self.directory)
        self._limit = -1  # of memory, as written last
        self._peak_floor = 0
        self._peak_file: int | None = None

    def create(self) -> None:
        """Makes the directory."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self._files.write("memory.oom.group", 0)
        if self._files.exists("memory.swap.max"):
            self._files.write("memory.swap.max", 0)

    def entrances(self) -> list[str]:
        """The file to write a pid to."""
        return [str(self.directory / "cgroup.procs")]

    def set_memory_limit(self, limit: int) -> None:
        """Limits memory; swap is off."""
        self._limit = -1  # unknown, if this fails
        self._files.write("memory.max", limit)
        self._limit = limit

    def set_pids_limit(self, limit: int) -> None:
        """Limits processes and threads."""
        self._files.write("pids.max", limit)

    def cpu_ns(self) -> int:
        """CPU time so far, in steps of a microsecond."""
        return self._files.read_field("cpu.stat", "usage_usec") * 1000

    def memory_bytes(self) -> int:
        """Memory in use."""
        return self._files.read_int("memory.current")

    def reset_memory_peak(self) -> None:
        """Begins a new measurement; before Linux 6.12 the peak cannot be reset, and the old one becomes a floor."""
        self._close_peak()
        descriptor = os.open(self.directory / "memory.peak", os.O_RDWR | os.O_CLOEXEC)
        try:
            os.write(descriptor, b"0")
        except OSError:
            os.close(descriptor)
            self._peak_floor = self._files.read_int("memory.peak")
        else:
            self._peak_file = descriptor  # the reset holds for readers of this open file only

    def memory_peak_bytes(self) -> int:
        """The peak since the reset; where it cannot be reset and did not rise, the memory in use now (a lower
        bound)."""
        if self._peak_file is not None:
            return int(os.pread(self._peak_file, 64, 0))
        peak = self._files.read_int("memory.peak")
        return peak if peak > self._peak_floor else self.memory_bytes()

    def is_near_limit(self, peak: int) -> bool:
        """Whether the limit may have been reached; where the peak cannot be reset it may be any, as far as is known."""
        return self._peak_file is None or peak > self._limit - NEAR_BYTES

    def oom_kills(self) -> int:
        """The kernel's counter."""
        return self._files.read_field("memory.events", "oom_kill")

    def pids(self) -> list[int]:
        """Its processes now."""
        return self._files.pids()

    def waited_ns(self) -> int:
        """As its threads tell."""
        return waited_ns(self.pids())

    def tasks(self) -> int:
        """Its processes and threads now."""
        return self._files.read_int("pids.current")

    def remove(self) -> None:
        """Closes the files and removes the directory."""
        self._files.close()
        self._close_peak()
        remove_directory(self.directory)

    def _close_peak(self) -> None:
        if self._peak_file is not None:
            os.close(self._peak_file)
            self._peak_file = None
