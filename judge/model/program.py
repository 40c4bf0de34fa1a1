"""A program: what a candidate or an author wrote."""

from __future__ import annotations

from dataclasses import dataclass

from judge.model.digest import digest_of


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceFile:
    """One file of a program."""

    path: str  # relative, forward slashes
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """Source, language and entry point."""

    language: str  # a key of judge.languages.TOOLCHAINS, "python3"
    files: tuple[SourceFile, ...]  # the first is the main file
    entry_point: str = ""  # empty: the problem's own

    @property
    def main(self) -> SourceFile:
        """The main file."""
        return self.files[0]

    @property
    def size_bytes(self) -> int:
        """The size of all files together."""
        return sum(len(file.content) for file in self.files)

    @property
    def digest(self) -> str:
        """A name for the content: SHA-256 in hexadecimal."""
        return digest_of(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorFunction:
    """A Python function of the author's, run in the sandbox."""

    program: Program  # the package's own Python files; the main file holds the function
    function: str
    file: str  # relative to the package
    key: str = ""  # of judge.yaml, which names it: "reference", "generator", "checker" or "environment"
    line: int | None = None  # of that key, for messages
