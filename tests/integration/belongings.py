"""What slots hold on this machine: their processes and cgroups, told from those that come later under the same number.

Tests run in several processes, and each start of a sandbox sweeps what killed owners left: a slot that was just swept
may belong to the next test already. A process is known by its start time, a cgroup by its inode number.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from judge.sandbox.cgroup import CgroupTree
from judge.sandbox.slot import sweep

PATIENCE_NS = 20_000_000_000  # for another process that is sweeping the same slot


@dataclass(frozen=True, kw_only=True, slots=True)
class Belongings:
    """The processes and cgroups that slots have at one moment."""

    processes: frozenset[tuple[int, str]]  # process ids, with the start in ticks after the machine's
    cgroups: frozenset[tuple[Path, int]]  # directories, with the inode number

    @classmethod
    def of(cls, tree: CgroupTree, slots: Iterable[int]) -> Self:
        """What they have now."""
        numbers = list(slots)
        pids = [pid for number in numbers for pid in tree.slot(number).pids()]
        parents = [tree.parent, *Path("/sys/fs/cgroup").glob("*/judge")]  # of version 2, and of version 1's controllers
        places = {parent / f"slot-{number}" for parent in parents for number in numbers}
        return cls(
            processes=frozenset((pid, start) for pid in pids if (start := _start(pid))),
            cgroups=frozenset((path, inode) for path in places if (inode := _inode(path))),
        )

    def left(self) -> list[object]:
        """What of it is still there."""
        lives = [(pid, start) for pid, start in self.processes if _start(pid) == start]
        return [*lives, *((path, inode) for path, inode in self.cgroups if _inode(path) == inode)]

    def left_by_sweeps(self, tree: CgroupTree, run_dir: Path) -> list[object]:
        """What of it is still there after a sweep, by this process or another that came first."""
        end = time.monotonic_ns() + PATIENCE_NS
        sweep(tree, run_dir)
        while (left := self.left()) and time.monotonic_ns() < end:
            sweep(tree, run_dir)
        return left


def _start(pid: int) -> str:
    """When a process began; empty when it is gone, or dead and not yet waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] in ("Z", "X") else fields[19]


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0
