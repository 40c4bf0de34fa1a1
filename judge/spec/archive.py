"""A package's archive, read block by block: a tar file, plain or compressed by gzip.

Whoever sent it may have made it by hand, so nothing is believed. Each header is read alone and decides what may follow:
a regular file or a directory, with a path that stays inside, in names that the package format admits, that no other
path equals when case is ignored. Links, devices, sparse files and everything else that the format knows are refused,
and so are set-user-id and set-group-id bits; other modes, owners and times are dropped. Long names may come in GNU or
pax headers, which are small. What is unpacked is counted while it is made: no header's promise is paid in advance, and
a file that would be too large is refused at its header.

The target is a new directory that only this process writes to. All refusals are ``SubmissionError`` of one field.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from judge.spec.counted import Counted, Source, wrong
from judge.spec.files import MAX_FILE_BYTES, MAX_FILES
from judge.units import format_bytes

MAX_ENTRIES = MAX_FILES
MAX_PATH_BYTES = 1024
MAX_DEPTH = 32
MAX_EXTENSION_BYTES = 64 * 1024  # of a pax header or a long name

_BLOCK = tarfile.BLOCKSIZE
_PIECE = 64 * 1024
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_NAME = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]{0,254}\Z")
_SET_ID = 0o6000
_LONG_NAME, _PAX, _GLOBAL_PAX = tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE
_CHANGES_MEANING = ("size", "linkpath", "hdrcharset", "GNU.sparse.")  # keys of pax headers that are refused
_KINDS = {
    tarfile.LNKTYPE: "a hard link",
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.CHRTYPE: "a character device",
    tarfile.BLKTYPE: "a block device",
    tarfile.FIFOTYPE: "a named pipe",
    tarfile.GNUTYPE_SPARSE: "a sparse file",
    tarfile.GNUTYPE_LONGLINK: "a link with a long name",
}


@dataclass(slots=True)
class _Unpacking:
    """One archive on its way to a directory."""

    source: Counted
    target: Path
    headers: int = 0
    entries: int = 0
    digests: dict[str, str] = field(default_factory=dict)  # of files, by path
    directories: set[str] = field(default_factory=set)
    spelled: dict[str, str] = field(default_factory=dict)  # path in lower case to the path

    def run(self) -> dict[str, str]:
        """Unpacks everything; returns the files' digests by path."""
        path = ""  # that an extension gives to the next entry
        while (header := self._header()) is not None:
            if header.type in (_LONG_NAME, _PAX, _GLOBAL_PAX):
                path = self._extension(header) or path
                continue
            self._entry(header, path or header.name)
            path = ""
        self._end()
        return self.digests

    def _header(self) -> tarfile.TarInfo | None:
        """The next header; None at the end of the archive."""
        block = self.source.whole(_BLOCK, "the archive")
        if not any(block):
            return None
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.HeaderError, ValueError) as error:
            raise wrong(
                f"expected a tar file's header at byte {self.source.count_bytes - _BLOCK}, found: {error}"
            ) from None
        self.headers += 1
        self.entries += header.type not in (_LONG_NAME, _PAX, _GLOBAL_PAX)
        if self.entries > MAX_ENTRIES or self.headers > 3 * MAX_ENTRIES:
            raise wrong(f"expected at most {MAX_ENTRIES} files and directories, found more")
        if header.size < 0:
            raise wrong(f"{header.name!r}: expected a size, found {header.size}")
        return header

    def _end(self) -> None:
        """Checks that only padding follows."""
        while piece := self.source.read(_PIECE):
            if any(piece):
                raise wrong("expected nothing after the archive's end, found more data")

    def _extension(self, header: tarfile.TarInfo) -> str:
        """The path that an extension gives to the next entry; empty when it gives none."""
        if header.size > MAX_EXTENSION_BYTES:
            raise wrong(f"expected a name of at most {MAX_EXTENSION_BYTES} bytes, found {header.size}")
        data = self._padded(header.size, "a long name")
        try:
            if header.type == _LONG_NAME:
                return data.rstrip(b"\0").decode()
            return _pax_path(data, local=header.type == _PAX)
        except ValueError as error:
            raise wrong(f"expected a pax header, found: {error}") from None

    def _entry(self, header: tarfile.TarInfo, given: str) -> None:
        path = _inside(given)
        if header.type == tarfile.DIRTYPE:
            if header.size:
                raise wrong(f"{given!r}: expected a directory, found one with content")
            self._make_directories(path)
        elif header.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
            found = _KINDS.get(header.type, f"an entry of type {header.type!r}")
            raise wrong(f"{given!r}: expected a regular file or a directory, found {found}")
        else:
            self._file(header, path, given)

    def _file(self, header: tarfile.TarInfo, path: str, given: str) -> None:
        if not path:
            raise wrong(f"{given!r}: expected a file's name, found none")
        if header.mode & _SET_ID:
            raise wrong(f"{given!r}: expected no set-user-id and set-group-id bits, found mode {header.mode:o}")
        if header.size > MAX_FILE_BYTES:
            expected = f"expected at most {format_bytes(MAX_FILE_BYTES)}"
            raise wrong(f"{given!r}: {expected}, found {format_bytes(header.size)}")
        self._make_directories(path.rpartition("/")[0])
        if path in self.digests or path in self.directories:
            raise wrong(f"{given!r}: expected every path once, found it again")
        self._spell(path)
        self._write(path, header.size)

    def _make_directories(self, path: str) -> None:
        """Makes a directory and those around it, where they are missing."""
        parts = path.split("/") if path else []
        for count in range(1, len(parts) + 1):
            directory = "/".join(parts[:count])
            if directory in self.digests:
                raise wrong(f"{directory!r}: expected a file or a directory, found both")
            if directory not in self.directories:
                self._spell(directory)
                self.directories.add(directory)
                (self.target / directory).mkdir(mode=0o700)

    def _spell(self, path: str) -> None:
        other = self.spelled.setdefault(path.lower(), path)
        if other != path:
            raise wrong(f"{path!r}: expected paths that differ in more than case, found {other!r}")

    def _write(self, path: str, size: int) -> None:
        """Writes a file's content, and skips its padding."""
        digest = hashlib.sha256()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(self.target / path, flags, 0o600), "wb") as file:
            left = size
            while left:
                piece = self.source.whole(min(left, _PIECE), repr(path))
                digest.update(piece)
                file.write(piece)
                left -= len(piece)
        self.source.whole(-size % _BLOCK, repr(path))
        self.digests[path] = digest.hexdigest()

    def _padded(self, size: int, what: str) -> bytes:
        data = self.source.whole(size, what)
        self.source.whole(-size % _BLOCK, what)
        return data


def unpack(
    archive: BinaryIO, target: Path, *, limit_bytes: int, stopped: Callable[[], bool] = lambda: False
) -> dict[str, str]:
    """Unpacks ``archive`` into the empty directory ``target``; returns the SHA-256 of each file by its path.

    ``limit_bytes`` bounds the tar file, uncompressed. Raises SubmissionError, and Cancelled once ``stopped`` says so.
    What was unpacked until then stays.
    """
    magic = archive.read(4)
    archive.seek(0)
    if magic == _ZIP:
        raise wrong("expected a tar file, plain or compressed by gzip, found a zip file")
    source: Source = gzip.GzipFile(fileobj=archive, mode="rb") if magic[:2] == _GZIP else archive
    return _Unpacking(Counted(source, limit_bytes, stopped), target).run()


def _inside(given: str) -> str:
    """Returns the path of an entry without ``./`` before and ``/`` after it; empty for the top."""
    if len(given.encode(errors="replace")) > MAX_PATH_BYTES:
        raise wrong(f"expected paths of at most {MAX_PATH_BYTES} bytes, found {given[:80]!r}...")
    if given.startswith("/"):
        raise wrong(f"{given!r}: expected a relative path, found an absolute one")
    parts = [part for part in given.removesuffix("/").split("/") if part != "."]
    for part in parts:
        if part == ".." or not _NAME.match(part):
            expected = "names of A-Z a-z 0-9 . _ - that do not begin with -"
            raise wrong(f"{given!r}: expected {expected}, without '..', found {part!r}")
    if len(parts) > MAX_DEPTH:
        raise wrong(f"{given[:80]!r}: expected at most {MAX_DEPTH} directories, found {len(parts)}")
    return "/".join(parts)


def _pax_path(data: bytes, *, local: bool) -> str:
    """Returns the path in the records ``length key=value`` of a pax header, if there is one. Raises ValueError."""
    path = ""
    while data:
        digits, _, _ = data.partition(b" ")
        length = int(digits) if digits.isdigit() and len(digits) < 8 else 0
        record = data[len(digits) + 1 : length]
        key, equals, value = record.removesuffix(b"\n").decode().partition("=")
        if not record.endswith(b"\n") or not equals:
            raise ValueError("a record without length, key and value")
        if key.startswith(_CHANGES_MEANING) or (key == "path" and not local):
            raise ValueError(f"the key {key!r}")
        path = value if key == "path" else path
        data = data[length:]
    return path
