"""Waiting until a package changes: its files and directories are looked at, by time of change and size."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

Look = tuple[tuple[str, int, int], ...]


def look(paths: Sequence[Path]) -> Look:
    """What the files and directories under these paths look like now."""
    seen = []
    for path in paths:
        for directory, _, names in os.walk(path):
            for name in (directory, *(os.path.join(directory, name) for name in names)):
                try:
                    status = os.lstat(name)
                except FileNotFoundError:
                    continue  # removed meanwhile
                seen.append((name, status.st_mtime_ns, status.st_size))
    return tuple(sorted(seen))


def wait_for_change(paths: Sequence[Path], before: Look, pause: Callable[[], None]) -> None:
    """Returns when something under these paths is no longer as it was ``before``, and two looks are the same.

    ``pause`` passes the time between two looks.
    """
    last = before
    while True:
        pause()
        now = look(paths)
        if now == last != before:
            return
        last = now
