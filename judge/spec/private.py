"""Directories and files that hold expected outputs: their owner's alone, whatever the umask says."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OWNER_ALONE = 0o700


def make_private(directory: Path) -> None:
    """Makes a directory where there is none, and takes it from others where there is one. Raises OSError."""
    directory.mkdir(mode=_OWNER_ALONE, parents=True, exist_ok=True)
    if stat.S_IMODE(directory.stat().st_mode) & ~_OWNER_ALONE:
        directory.chmod(_OWNER_ALONE)


def write_private(path: Path, content: bytes) -> None:
    """Writes a file that is new or its owner's alone. Raises OSError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
        file.write(content)
