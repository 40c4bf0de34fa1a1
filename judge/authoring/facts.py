"""What has been found out about packages, on disk: nothing is run again unless something it depends on has changed.

A fact is named by the digest of everything that can change it; it is packed as frames between processes are. One that
cannot be read is made again. Files are written under a temporary name and renamed, so two processes can share a
directory.

A fact that is read counts as new. ``prune`` removes those that nobody has read for long, then those read longest ago
until the others fit; whoever reads one meanwhile makes it again.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import structlog

from judge import ENGINE_REVISION, __version__
from judge.model.digest import digest_of
from judge.model.packing import pack, unpacker
from judge.spec.private import make_private, write_private
from judge.units import NANOSECONDS

_LOG = structlog.get_logger(__name__)
_WRITING_NS = 3600 * NANOSECONDS  # after which a temporary file has no writer any more


class FactStore:
    """Facts in a directory, by key; without a directory nothing is kept."""

    def __init__(self, directory: Path | None, scope: str = "") -> None:
        """``scope`` stands for whatever every fact depends on: settings, say."""
        self._directory = directory
        self._scope = scope

    def key(self, kind: str, *depends: Any) -> str:
        """The name of a fact: 64 hexadecimal digits. ``depends`` are plain values, all else that can change it."""
        return digest_of([kind, self._scope, ENGINE_REVISION, __version__, *depends])

    def get[T](self, key: str, kind: type[T]) -> T | None:
        """The fact of that type under ``key``; None when there is none that can be read."""
        if self._directory is None:
            return None
        try:
            path = self._path(self._directory, key)
            fact = unpacker(kind).decode(path.read_bytes())
            with contextlib.suppress(OSError):
                os.utime(path)
            return fact
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, ValueError, RecursionError) as error:
            _LOG.warning("fact_ignored", key=key, reason=str(error))
            return None

    def put(self, key: str, fact: Any) -> None:
        """Keeps a fact, whole or not at all; a directory that cannot be written is logged, not an error."""
        if self._directory is None:
            return
        path = self._path(self._directory, key)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            make_private(self._directory)
            write_private(temporary, pack(fact))
            temporary.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink()
            _LOG.warning("fact_not_kept", path=str(path), reason=str(error))

    def prune(self, *, age_ns: int, size_bytes: int) -> int:
        """Removes facts not read for ``age_ns``, and those read longest ago while all are above ``size_bytes``.

        What a writer that died left behind goes too. 0 is no bound. Returns how many files were removed.
        """
        if self._directory is None:
            return 0
        now_ns, kept_bytes, removed = time.time_ns(), 0, 0
        for read_ns, size, path in sorted(_files(self._directory), reverse=True):
            old = bool(age_ns) and read_ns < now_ns - age_ns
            left = path.endswith(".tmp") and read_ns < now_ns - _WRITING_NS
            if old or left or (size_bytes and kept_bytes + size > size_bytes):
                with contextlib.suppress(OSError):
                    os.unlink(path)
                    removed += 1
            else:
                kept_bytes += size
        if removed:
            _LOG.info("facts_removed", removed=removed, kept_bytes=kept_bytes)
        return removed

    @staticmethod
    def _path(directory: Path, key: str) -> Path:
        return directory / f"{key}.fact"


def _files(directory: Path) -> Iterator[tuple[int, int, str]]:
    """Yields when a file was read or written last, its size and its path; nothing without a directory."""
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):
                    status = entry.stat(follow_symlinks=False)
                    yield status.st_mtime_ns, status.st_size, entry.path
    except FileNotFoundError:
        return
