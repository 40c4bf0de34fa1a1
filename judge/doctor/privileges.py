"""What the kernel lets this process do: capabilities, user namespaces, resource limits."""

from __future__ import annotations

from judge.doctor.check import Finding, Host, failed, passed, warned
from judge.units import format_bytes

_CAPABILITIES = {"CAP_KILL": 5, "CAP_SETGID": 6, "CAP_SETUID": 7}
_SYS_ADMIN = 21
_LIMITS = {  # the row of /proc/self/limits: what a jail or a slot needs of the hard limit
    "Max stack size": 256 << 20,
    "Max open files": 64,
    "Max processes": 64,
    "Max file size": 64 << 20,
}
_SERVICE_FILES = 1024  # below it a service with many slots and clients runs out


def capabilities(host: Host) -> Finding:
    """Root, with the capabilities that jails are built with."""
    user, effective = int(host.status("Uid").split()[1]), _effective(host)
    lacking = [name for name, number in _CAPABILITIES.items() if not effective >> number & 1]
    if user != 0:
        return failed(f"user id {user}, expected 0", "run as root; in a container, as its root")
    if lacking:
        return failed(f"root without {', '.join(lacking)}", "grant them: CapabilityBoundingSet=, or --cap-add")
    return passed(f"root with {', '.join(_CAPABILITIES)}")


def user_namespaces(host: Host) -> Finding:
    """Jails are user namespaces."""
    most = host.number("/proc/sys/user/max_user_namespaces")
    if not most:
        return failed(f"user.max_user_namespaces is {most}", "sysctl -w user.max_user_namespaces=16384")
    if not _effective(host) >> _SYS_ADMIN & 1:
        for name, open_value in _RESTRICTIONS.items():
            value = host.number(f"/proc/sys/kernel/{name}")
            if value is not None and value != open_value:
                remedy = f"sysctl -w kernel.{name}={open_value}, or give the service CAP_SYS_ADMIN"
                return failed(f"kernel.{name} is {value}, and the service has no CAP_SYS_ADMIN", remedy)
    return passed(f"at most {most}")


_RESTRICTIONS = {"unprivileged_userns_clone": 1, "apparmor_restrict_unprivileged_userns": 0}


def resource_limits(host: Host) -> Finding:
    """A jail cannot raise hard limits, so the service's must be high enough."""
    hard = _hard_limits(host)
    low = [
        f"{name.removeprefix('Max ')} {_shown(name, hard[name])}, expected {_shown(name, needed)}"
        for name, needed in _LIMITS.items()
        if hard[name] < needed
    ]
    remedy = "raise the hard limits: LimitSTACK=, LimitNOFILE=, LimitNPROC=, LimitFSIZE= of the unit, or ulimit -H"
    if low:
        return failed("; ".join(low), remedy)
    files = hard["Max open files"]
    if files < _SERVICE_FILES:
        return warned(f"open files {files}, expected {_SERVICE_FILES} for many slots and clients", remedy)
    return passed(", ".join(f"{name.removeprefix('Max ')} {_shown(name, hard[name])}" for name in _LIMITS))


def _hard_limits(host: Host) -> dict[str, float]:
    found = {}
    for line in (host.read("/proc/self/limits") or "").splitlines()[1:]:
        hard = line[26:].split()[1]
        found[line[:26].strip()] = float("inf") if hard == "unlimited" else float(hard)
    return found


def _shown(name: str, value: float) -> str:
    if value == float("inf"):
        return "unlimited"
    return format_bytes(int(value)) if name.endswith("size") else str(int(value))


def _effective(host: Host) -> int:
    return int(host.status("CapEff"), 16)
