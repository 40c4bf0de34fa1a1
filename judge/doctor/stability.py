"""What makes times vary, and what a kernel offers to programs that no solution needs: warnings, never failures.

The values are those that a slot's measurements were checked with; most cannot be seen from inside a virtual machine,
whose host decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from judge.doctor.check import Finding, Host, passed, warned

_HIDDEN = "not visible here (a virtual machine's host decides)"
_CPU = "/sys/devices/system/cpu"


def core_pattern(host: Host) -> Finding:
    """A pipe starts a program of the host for every crash, whatever the limit on core files."""
    pattern = host.read("/proc/sys/kernel/core_pattern") or ""
    if pattern.startswith("|"):
        return warned(f"crashes are piped into {pattern[1:].split()[0]}", "sysctl -w kernel.core_pattern=core")
    return passed(f"{pattern or 'empty'}, not a pipe")


def address_randomisation(host: Host) -> Finding:
    """A protection of a host that runs strangers' code; it moves times by a few per cent."""
    value = host.number("/proc/sys/kernel/randomize_va_space")
    if value != 2:
        return warned(f"kernel.randomize_va_space is {value}", "sysctl -w kernel.randomize_va_space=2")
    return passed("on, as it should be where strangers' code runs; times vary a little by it")


def huge_pages(host: Host) -> Finding:
    """Transparent huge pages for everybody make memory and times depend on what ran before."""
    text = host.read("/sys/kernel/mm/transparent_hugepage/enabled")
    chosen = re.search(r"\[(\w+)\]", text or "")
    if text is None or chosen is None:
        return passed("the kernel has none")
    if chosen[1] == "always":
        remedy = "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"
        return warned("always: memory and times depend on what ran before", remedy)
    return passed(chosen[1])


def turbo(host: Host) -> Finding:
    """A clock that depends on temperature and on the neighbours."""
    no_turbo, boost = host.read(f"{_CPU}/intel_pstate/no_turbo"), host.read(f"{_CPU}/cpufreq/boost")
    if no_turbo is None and boost is None:
        return passed(_HIDDEN)
    if no_turbo == "1" or boost == "0":
        return passed("off")
    switch = "1 > " + f"{_CPU}/intel_pstate/no_turbo" if no_turbo is not None else f"0 > {_CPU}/cpufreq/boost"
    return warned("on: the clock depends on temperature and neighbours", f"echo {switch}")


def hyper_threads(host: Host) -> Finding:
    """Two slots on one core's threads slow each other down, and can observe each other."""
    if host.read(f"{_CPU}/smt/active") == "1":
        return warned("on: slots share cores, and can observe each other", f"echo off > {_CPU}/smt/control")
    return passed(f"off ({host.read(f'{_CPU}/smt/control') or 'not known to the kernel'})")


def governor(host: Host) -> Finding:
    """The clock follows the load under any governor but performance."""
    names = {text for path in _cores(host) if (text := host.read(f"{path}/cpufreq/scaling_governor")) is not None}
    if not names:
        return passed(_HIDDEN)
    if names != {"performance"}:
        remedy = "cpupower frequency-set -g performance"
        return warned(f"{', '.join(sorted(names))}: the clock follows the load", remedy)
    return passed("performance")


def equal_cores(host: Host) -> Finding:
    """A program's time must not depend on the core it happens to get."""
    speeds = {text for path in _cores(host) if (text := host.read(f"{path}/cpufreq/cpuinfo_max_freq")) is not None}
    if len(speeds) > 1:
        return warned(
            f"cores of {len(speeds)} speeds, {min(speeds, key=int)} to {max(speeds, key=int)} kHz",
            "start the service on cores of one kind: taskset, or AllowedCPUs= of the unit",
        )
    return passed("of one kind" if speeds else _HIDDEN)


def _cores(host: Host) -> list[str]:
    directory = host.root / _CPU.lstrip("/")
    return [f"{_CPU}/{path.name}" for path in directory.glob("cpu[0-9]*")] if directory.is_dir() else []


@dataclass(frozen=True, kw_only=True, slots=True)
class Switch:
    """A kernel parameter that closes something; the seccomp policy of jails closes it as well."""

    path: str  # under /proc/sys
    closed: Callable[[int], bool]
    advice: int  # the value to set
    meaning: str  # what is open when it is not closed
    absent: str  # what its absence means


SWITCHES: Mapping[str, Switch] = {
    "io_uring": Switch(
        path="kernel/io_uring_disabled",
        closed=lambda value: value == 2,
        advice=2,
        meaning="programs may use io_uring",
        absent="the kernel has no switch for it (before 6.6)",
    ),
    "bpf": Switch(
        path="kernel/unprivileged_bpf_disabled",
        closed=lambda value: value > 0,
        advice=1,
        meaning="programs may load bpf",
        absent="the kernel has no bpf",
    ),
    "userfaultfd": Switch(
        path="vm/unprivileged_userfaultfd",
        closed=lambda value: value == 0,
        advice=0,
        meaning="programs may handle page faults",
        absent="the kernel has no userfaultfd",
    ),
    "perf events": Switch(
        path="kernel/perf_event_paranoid",
        closed=lambda value: value >= 2,
        advice=2,
        meaning="programs may measure the kernel",
        absent="the kernel has no performance events",
    ),
    "ptrace": Switch(
        path="kernel/yama/ptrace_scope",
        closed=lambda value: value >= 1,
        advice=1,
        meaning="processes of one user may trace each other",
        absent="the kernel has no Yama; jails cannot trace",
    ),
    "kernel log": Switch(
        path="kernel/dmesg_restrict",
        closed=lambda value: value == 1,
        advice=1,
        meaning="everybody may read the kernel's log",
        absent="the kernel has no switch for it",
    ),
}


def examine_switch(host: Host, switch: Switch) -> Finding:
    """Whether a parameter closes what it can; a second lock behind the jails' own filter."""
    value, name = host.number(f"/proc/sys/{switch.path}"), switch.path.replace("/", ".")
    if value is None:
        return passed(switch.absent)
    if switch.closed(value):
        return passed(f"{name} is {value}")
    return warned(
        f"{name} is {value}: {switch.meaning}; jails are stopped by their own filter",
        f"sysctl -w {name}={switch.advice}",
    )
