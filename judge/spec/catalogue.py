"""The packages under a directory: ``<root>/<family>/<slug>/problem.yaml``, by slug.

A package is loaded when it is asked for, and again when one of its files has changed since. One that is wrong does
not hide the others: its error is kept under its slug and raised when it is asked for.

Whether a package has changed is seen by the times and sizes of its files and directories: a directory's time changes
with what is added to it or removed, so a package that has not changed is never listed again, only looked at. Times are
coarse (a tick of the kernel), so what was written just before it was looked at is not believed: it is listed once more.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from judge.errors import SpecError, UnknownProblem
from judge.model.problem import Problem
from judge.spec.files import FILE_NAME
from judge.spec.loader import load_problem
from judge.spec.metadata import FILE

_COARSE_NS = 50_000_000  # several ticks

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Loaded:
    """A package as it was found."""

    stamp: Stamp
    settled: bool  # whether nothing had been written just before
    content: Problem | SpecError


class LoadedPackages:
    """Packages by their directories, each loaded again when one of its files has changed."""

    def __init__(self) -> None:
        self._loaded: dict[Path, _Loaded] = {}

    def get(self, path: Path) -> Problem:
        """The package in a directory. Raises SpecError."""
        known = self._loaded.get(path)
        if known is None or not known.settled or not _is_unchanged(known.stamp):
            self._loaded[path] = known = _look(path, known)
        if isinstance(known.content, SpecError):
            raise known.content
        return known.content

    def forget(self, path: Path) -> None:
        """Forgets the package of a directory that is not needed any more."""
        self._loaded.pop(path, None)


class Catalogue:
    """The problems of one directory."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._loaded = LoadedPackages()

    def holds(self, name: str) -> bool:
        """Whether there is a package of that slug, or ``family/slug``."""
        return bool(self._paths(name))

    def slugs(self) -> list[str]:
        """The slugs of all packages, sorted, also of those that are wrong."""
        return sorted(self._packages())

    def get(self, name: str) -> Problem:
        """The problem with the slug ``name``, or ``family/slug``. Raises UnknownProblem or SpecError."""
        return self._loaded.get(self.path_of(name))

    def path_of(self, name: str) -> Path:
        """The directory of the package of that slug, or ``family/slug``, whether it loads or not.

        Raises UnknownProblem, or SpecError when two packages have that name.
        """
        paths = self._paths(name)
        if not paths:
            raise unknown(name, list(self._packages()))
        if len(paths) > 1:
            families = " and ".join(path.parent.name for path in paths)
            raise SpecError(f"two packages have the slug {paths[0].name!r}, in {families}", file=str(self._root))
        return paths[0]

    def find(self, text: str) -> Problem:
        """The problem in the directory ``text``, or named ``text``: for command lines, not for clients' requests."""
        return self._loaded.get(self.locate(text))

    def locate(self, text: str) -> Path:
        """The directory ``text``, or that of the problem named ``text``; whether it loads is not looked at.

        Raises UnknownProblem, or SpecError when two packages have that name.
        """
        path = Path(text)
        if (path / FILE).is_file() or text.startswith((".", "/")) or text.endswith("/"):
            return path
        try:
            return self.path_of(text)
        except UnknownProblem:
            if path.is_dir():
                return path  # loading says what is missing
            raise

    def errors(self) -> dict[str, SpecError]:
        """What is wrong with the packages that do not load, by slug."""
        errors = {}
        for slug in self.slugs():
            try:
                self.get(slug)
            except SpecError as error:
                errors[slug] = error
        return errors

    def _paths(self, name: str) -> list[Path]:
        family, _, slug = name.rpartition("/")
        return [path for path in self._called(slug) if family in ("", path.parent.name)]

    def _called(self, slug: str) -> list[Path]:
        """The packages of that slug: one look into each family."""
        if not FILE_NAME.match(slug):
            return []
        names = [os.path.join(family, slug) for family in _folders(self._root)]
        return [Path(name) for name in names if os.path.isfile(os.path.join(name, FILE))]

    def _packages(self) -> dict[str, list[Path]]:
        packages: dict[str, list[Path]] = {}
        for family in _directories(self._root):
            for path in _directories(family):
                if (path / FILE).is_file():
                    packages.setdefault(path.name, []).append(path)
        return packages


def _look(path: Path, known: _Loaded | None) -> _Loaded:
    """Lists a package, and loads it unless it is as it was known."""
    now_ns = time.time_ns()
    stamp = _stamp(path)
    settled = all(changed_ns < now_ns - _COARSE_NS for _, changed_ns, _ in stamp)
    content = known.content if known is not None and known.stamp == stamp else _load_or_error(path)
    return _Loaded(stamp=stamp, settled=settled, content=content)


def _load_or_error(path: Path) -> Problem | SpecError:
    try:
        return load_problem(path)
    except SpecError as error:
        return error


def _directories(parent: Path) -> Iterator[Path]:
    return map(Path, _folders(parent))


def _folders(parent: str | Path) -> list[str]:
    try:
        with os.scandir(parent) as entries:
            return sorted(entry.path for entry in entries if FILE_NAME.match(entry.name) and entry.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _stamp(path: Path) -> Stamp:
    """Returns the name, time of change and size of a package's directories and files."""
    names = [str(path)]
    for directory, directories, files in os.walk(path):
        names += (os.path.join(directory, name) for name in (*directories, *files))
    found = []
    for name in sorted(names):
        with contextlib.suppress(FileNotFoundError):  # removed meanwhile
            status = os.lstat(name)
            found.append((name, status.st_mtime_ns, status.st_size))
    return tuple(found)


def _is_unchanged(stamp: Stamp) -> bool:
    try:
        for name, changed_ns, size in stamp:
            status = os.lstat(name)
            if status.st_mtime_ns != changed_ns or status.st_size != size:
                return False
    except OSError:
        return False
    return True


def unknown(name: str, slugs: list[str]) -> UnknownProblem:
    """Returns the error for a problem that is not among ``slugs``, with those that are called alike."""
    close = difflib.get_close_matches(name.rpartition("/")[2], slugs, n=3)
    known = f"expected one of {', '.join(sorted(slugs)[:20])}" if slugs else "the catalogue is empty"
    hint = f"did you mean {' or '.join(map(repr, close))}?" if close else known
    return UnknownProblem("problem", f"there is no problem {name!r}: {hint}")
