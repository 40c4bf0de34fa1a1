"""A program: what a candidate or an author wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from judge.model.digest import digest_of

ANSWER = "answer"  # the language of submissions that are the answers themselves: a file for each test
ANSWER_ENDINGS = (".out", ".ans", ".json", ".txt")  # of the names of such files, after the name of the test


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
    def places(self) -> int:
        """How many files and directories a box makes for it."""
        directories = set()
        for file in self.files:
            above = file.path.rpartition("/")[0]
            while above and above not in directories:
                directories.add(above)
                above = above.rpartition("/")[0]
        return len(self.files) + len(directories)

    def with_files(self, files: Sequence[SourceFile]) -> Program:
        """The program with these files beside its own; one with a name that it has takes that one's place.

        A file called ``main`` becomes the main file: it is a driver.
        """
        if not files:
            return self
        given = {file.path: file for file in files}
        own = [given.pop(file.path, file) for file in self.files]
        suffix = self.main.path.rpartition(".")[2]
        driver = next((file for file in files if file.path.lower() == f"main.{suffix}".lower()), None)
        whole = [*own, *given.values()]
        if driver is not None:
            whole = [driver, *(file for file in whole if file is not driver)]
        return replace(self, files=tuple(whole))

    @property
    def digest(self) -> str:
        """A name for the content: SHA-256 in hexadecimal."""
        return digest_of(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorFunction:
    """A function of the author's in Python, or a whole program in any language, run in the sandbox."""

    program: Program  # the package's own Python files; the main file holds the function
    function: str  # empty: the whole program
    file: str  # relative to the package
    key: str = ""  # of judge.yaml, which names it: "reference", "generator", "checker" or "environment"
    line: int | None = None  # of that key, for messages
