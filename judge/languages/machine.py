"""What toolchains ask of the machine: to run a program of its, and which files that program needs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from judge.errors import EnvironmentFault


def run(command: Sequence[str], remedy: str) -> str:
    """Returns what a program of the machine's prints. Raises EnvironmentFault, with the remedy, when it fails."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode != 0:
        found = f"{' '.join(command[:2])} ended with status {done.returncode}: {done.stderr[-500:]}"
        raise EnvironmentFault(f"{found}; {remedy}")
    return done.stdout


def libraries(programs: Iterable[Path], remedy: str) -> list[str]:
    """The shared libraries that programs and libraries load, and their loader."""
    lines = run(["ldd", *map(str, programs)], remedy).splitlines()
    words = [line.partition("=>")[2] or line for line in lines]
    found = (word.split()[0] for word in words if word.strip().startswith("/"))
    return sorted({name for name in found if not name.endswith(":")})


def stamp(path: str) -> list[str | int]:
    """What tells a file from another that takes its place: size and time of change."""
    facts = os.stat(path)
    return [path, facts.st_size, facts.st_mtime_ns]
