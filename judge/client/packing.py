"""A package's directory as the archive that ``ProblemService.Register`` takes: a tar file, compressed by gzip.

The same files give the same bytes: in the order of their paths, without owners, modes and times. Hidden directories
and what Python compiled stay out; hidden files do not, for ``.timelimit`` is one. A symbolic link is followed where it
stays in the package.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_FAMILY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*\Z")
_IN_MEMORY_BYTES = 16 << 20
_MAX_DEPTH = 32
_COMPILED = "__pycache__"


@dataclass(frozen=True, kw_only=True, slots=True)
class Packed:
    """An archive."""

    file: BinaryIO  # at its begin
    size_bytes: int
    sha256: str


@contextmanager
def packed(root: Path) -> Iterator[Packed]:
    """The archive of the package in ``root``. Raises ValueError for what cannot be in one, and OSError."""
    if not root.is_dir():
        raise ValueError(f"{root}: expected the directory of a package, found none")
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
        with (
            gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as compressed,
            tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as archive,
        ):
            for name, path in sorted(_files(root, root.resolve(), "", 0)):
                _add(archive, name, path)
        size = file.tell()
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        yield Packed(file=file, size_bytes=size, sha256=digest)  # type: ignore[arg-type]


def names_of(root: Path) -> tuple[str, str]:
    """Returns the slug and the family that a package has by its place; the family is empty when it has none."""
    place = root.resolve()
    return place.name, place.parent.name if _FAMILY.match(place.parent.name) else ""


def _files(directory: Path, root: Path, prefix: str, depth: int) -> Iterator[tuple[str, Path]]:
    """Yields the name in the archive and the path of each file."""
    if depth > _MAX_DEPTH:
        raise ValueError(f"{directory}: expected at most {_MAX_DEPTH} directories, found more")
    for path in directory.iterdir():
        name = f"{prefix}{path.name}"
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            raise ValueError(f"{path}: expected a file of the package, found a symbolic link that leads out of it")
        if path.is_dir():
            if path.name.startswith(".") or path.name == _COMPILED:
                continue
            yield from _files(path, root, f"{name}/", depth + 1)
        elif path.is_file():
            yield name, path
        else:
            raise ValueError(f"{path}: expected a regular file or a directory, found something else")


def _add(archive: tarfile.TarFile, name: str, path: Path) -> None:
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size = path.stat().st_size
        archive.addfile(entry, file)
