"""The cgroups: which version, whether each control can be used, what it costs to enter one."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from judge.doctor.check import Finding, Host, failed, passed, warned
from judge.sandbox.cgroup import Cgroup, find_tree
from judge.sandbox.cgroup_v1 import CgroupV1
from judge.sandbox.cgroup_v2 import CgroupV2
from judge.units import format_ns

_MIB = 1 << 20
_ATTACHES = 9
_QUIET_S = 0.05  # between attaches: the kernel is quick when it has just done the same
_SLOW_NS = 5_000_000


def version(host: Host) -> Finding:
    """Which version slots use, and where."""
    tree = find_tree(host.settings.cgroup_root)
    return passed(f"version {tree.version}, slots under {tree.parent}")


def controls(host: Host) -> Finding:
    """Every control is really used once, in a cgroup that is made for it and removed."""
    with _trial(host) as cgroup:
        cgroup.set_memory_limit(64 * _MIB)
        cgroup.set_pids_limit(16)
        cgroup.reset_memory_peak()
        counters = [cgroup.cpu_ns(), cgroup.memory_bytes(), cgroup.memory_peak_bytes(), cgroup.oom_kills()]
    if cgroup.pids() or any(path.exists() for path in _directories(cgroup)):
        return failed("a cgroup that was made for the check cannot be removed", "remove it by hand, as root")
    names = "memory, pids and cpuacct" if isinstance(cgroup, CgroupV1) else "memory, pids and cpu"
    return passed(f"{names}: directories made and removed, limits written, {len(counters)} counters read")


def swap(host: Host) -> Finding:
    """Memory that is swapped out must count against the limit."""
    devices = (host.read("/proc/swaps") or "").splitlines()[1:]
    if not devices:
        return passed("off")
    with _trial(host) as cgroup:
        cgroup.set_memory_limit(64 * _MIB)
        accounted = any((path / name).exists() for path in _directories(cgroup) for name in _SWAP_FILES)
    if not accounted:
        return failed("on, and not counted by cgroups: memory limits do not hold", "swapoff -a, or boot swapaccount=1")
    return warned("on, and counted; times vary when the machine swaps", "swapoff -a")


_SWAP_FILES = ("memory.memsw.limit_in_bytes", "memory.swap.max")


def attach_latency(host: Host) -> Finding:
    """What moving a process into a cgroup costs: a slot's launcher does it once, never a run."""
    times = []
    with _trial(host) as cgroup:
        for _ in range(_ATTACHES):
            time.sleep(_QUIET_S)
            with subprocess.Popen(["/bin/sleep", "60"], env={}) as process:
                begin = time.monotonic_ns()
                for entrance in cgroup.entrances():
                    Path(entrance).write_text(str(process.pid))
                times.append(time.monotonic_ns() - begin)
                process.kill()
    median, longest = int(statistics.median(times)), max(times)
    found = f"median {format_ns(median)}, longest {format_ns(longest)}"
    if median <= _SLOW_NS:
        return passed(found)
    if find_tree(host.settings.cgroup_root).version == 2:
        return warned(found, "mount -o remount,favordynmods /sys/fs/cgroup")
    return warned(found, "nothing is needed, slots pay it once; version 2 with favordynmods is quicker")


@contextmanager
def _trial(host: Host) -> Iterator[Cgroup]:
    """A cgroup beside those of the slots."""
    tree = find_tree(host.settings.cgroup_root)
    name = f"doctor-{os.getpid()}"
    cgroup: Cgroup = CgroupV1(name) if tree.version == 1 else CgroupV2(name, tree.parent)
    cgroup.create()
    try:
        yield cgroup
    finally:
        cgroup.remove()


def _directories(cgroup: Cgroup) -> list[Path]:
    return [Path(entrance).parent for entrance in cgroup.entrances()]
