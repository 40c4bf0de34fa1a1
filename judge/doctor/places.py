"""Directories and runtimes: what is written, and what the slots' users must be able to reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from judge.doctor.check import Finding, Host, failed, passed, writable
from judge.languages import load_toolchains
from judge.model.toolchain import DEFAULT_RUNTIME, Toolchain

_OTHERS_SEARCH = 0o001
_OTHERS_READ = 0o004


def state_directory(host: Host) -> Finding:
    """Where runtimes and compiled plans are kept."""
    return _written(host.settings.state_dir, "state_dir")


def run_directory(host: Host) -> Finding:
    """Where the locks of slots are."""
    return _written(host.settings.run_dir, "run_dir")


def _written(directory: Path, setting: str) -> Finding:
    reason = writable(directory)
    if reason is None:
        return passed(f"{directory} can be written")
    return failed(f"{directory} cannot be written: {reason}", f"run as root, or name another one in {setting}")


def runtimes(host: Host) -> Finding:
    """The default runtime is there, and the harness is installed beside it."""
    toolchains = load_toolchains(host.settings.runtime_root, host.settings.state_dir)
    default = [toolchain for toolchain in toolchains.usable.values() if toolchain.runtime == DEFAULT_RUNTIME]
    return passed("; ".join(f"{toolchain.language}: {toolchain.versions}" for toolchain in default))


def reachable(host: Host) -> Finding:
    """A slot's user, who belongs to no group, must be able to search every directory down to what a jail binds."""
    for path in sorted({path for toolchain in _toolchains(host) for path in _on_the_way(toolchain)}):
        mode = path.stat().st_mode
        wanted, word = (_OTHERS_SEARCH, "searched") if path.is_dir() else (_OTHERS_READ, "read")
        if not mode & wanted:
            letter = "x" if path.is_dir() else "r"
            remedy = f"chmod o+{letter} {path}, or set state_dir to a place that others can reach"
            return failed(f"{path} cannot be {word} by others (mode {mode & 0o7777:o})", remedy)
    first = host.settings.uid_base
    return passed(f"users {first} and up can reach {host.settings.runtime_root} and {host.settings.state_dir}/harness")


def _on_the_way(toolchain: Toolchain) -> Iterator[Path]:
    for bind in toolchain.binds:
        path = Path(bind.source).resolve()
        yield from [path, *path.parents]


def _toolchains(host: Host) -> list[Toolchain]:
    return list(load_toolchains(host.settings.runtime_root, host.settings.state_dir).usable.values())
