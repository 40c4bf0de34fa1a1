"""What has been found out about packages, on disk: nothing is run again unless something it depends on has changed.

A fact is named by the digest of everything that can change it; it is packed as frames between processes are. One that
cannot be read is made again. Files are written under a temporary name and renamed, so two processes can share a
directory.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import msgspec
import structlog

from judge import ENGINE_REVISION, __version__
from judge.model.digest import digest_of
from judge.model.packing import pack, unpacker

_LOG = structlog.get_logger(__name__)


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
            return unpacker(kind).decode(self._path(self._directory, key).read_bytes())
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
            self._directory.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(pack(fact))
            temporary.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink()
            _LOG.warning("fact_not_kept", path=str(path), reason=str(error))

    @staticmethod
    def _path(directory: Path, key: str) -> Path:
        return directory / f"{key}.fact"
