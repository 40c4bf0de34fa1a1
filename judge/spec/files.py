"""The files of a package: read once, inside the package only, and remembered.

A package may come from anybody: a path that leaves it, by ``..`` or by a symbolic link, a device and a file too large
are refused before they are opened. ``PackageFiles`` remembers what was read for the plan; the digest of those files
names the compiled plan in a cache.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from judge.errors import SpecError
from judge.model.digest import digest_of, digest_of_bytes
from judge.units import format_bytes

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_FILES = 10_000
# A name that the package format admits; files with other names do not count as part of the package.
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}\Z")


class PackageFiles:
    """The files under a package's directory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._resolved = root.resolve()
        self._digests: dict[str, str] = {}

    def name(self, relative: str) -> str:
        """The path of a file for messages."""
        return str(self.root / relative)

    def exists(self, relative: str) -> bool:
        """Whether the package has that file or directory."""
        return self._inside(relative).exists()

    def is_directory(self, relative: str) -> bool:
        """Whether it is a directory."""
        return self._inside(relative).is_dir()

    def listing(self, relative: str) -> list[str]:
        """The names in a directory, sorted, that the format admits; none when there is no such directory."""
        return [name for name in self._names(relative) if FILE_NAME.match(name)]

    def refused(self, relative: str) -> list[str]:
        """The names in a directory, sorted, that the format does not admit, hidden files apart."""
        return [name for name in self._names(relative) if not FILE_NAME.match(name) and not name.startswith(".")]

    def _names(self, relative: str) -> list[str]:
        directory = self._inside(relative)
        names = [entry.name for entry in directory.iterdir()] if directory.is_dir() else []
        if len(names) > MAX_FILES:
            raise SpecError(f"expected at most {MAX_FILES} files, found {len(names)}", file=self.name(relative))
        return sorted(names)

    def read_bytes(self, relative: str, *, compiled: bool = True) -> bytes:
        """The content of a file. ``compiled`` tells that the plan depends on it. Raises SpecError."""
        path = self._inside(relative)
        if not path.is_file():
            found = "something that is not a regular file" if path.exists() else "none"
            raise SpecError(f"expected a file, found {found}", file=self.name(relative))
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            limit = format_bytes(MAX_FILE_BYTES)
            raise SpecError(f"expected at most {limit}, found {format_bytes(size)}", file=self.name(relative))
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SpecError(f"cannot be read: {error.strerror}", file=self.name(relative)) from None
        if compiled:
            self._digests[relative] = digest_of_bytes(content)
        return content

    def read_text(self, relative: str, *, compiled: bool = True) -> str:
        """The text of a file: UTF-8 without a byte-order mark. Raises SpecError."""
        content = self.read_bytes(relative, compiled=compiled)
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            message = f"expected UTF-8, found the byte 0x{content[error.start]:02x}"
            raise SpecError(message, file=self.name(relative), line=line) from None
        if text.startswith("\ufeff"):
            raise SpecError("expected UTF-8 without a byte-order mark, found one", file=self.name(relative), line=1)
        return text

    def digest(self) -> str:
        """The digest of everything that was read for the plan."""
        return digest_of(self._digests)

    def _inside(self, relative: str) -> Path:
        """Returns the path of a file, if it is inside the package. Raises SpecError."""
        pure = PurePosixPath(relative)
        if pure.is_absolute() or ".." in pure.parts or "\\" in relative or "\0" in relative:
            raise SpecError(f"expected a path inside the package, found {relative!r}", file=str(self.root))
        try:
            resolved = (self.root / pure).resolve()
        except (OSError, RuntimeError):
            raise SpecError(f"the path {relative!r} cannot be followed", file=str(self.root)) from None
        if not resolved.is_relative_to(self._resolved):
            raise SpecError("a symbolic link leads out of the package", file=self.name(relative))
        return resolved
