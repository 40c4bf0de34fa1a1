"""The packages under a directory: ``<root>/<family>/<slug>/problem.yaml``, by slug.

A package is loaded when it is asked for, and again when one of its files has changed since. One that is wrong does
not hide the others: its error is kept under its slug and raised when it is asked for.
"""

from __future__ import annotations

import contextlib
import difflib
import os
from collections.abc import Iterator
from pathlib import Path

from judge.errors import SpecError, UnknownProblem
from judge.model.problem import Problem
from judge.spec.files import FILE_NAME
from judge.spec.loader import load_problem
from judge.spec.metadata import FILE

Stamp = tuple[tuple[str, int, int], ...]


class Catalogue:
    """The problems of one directory."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._loaded: dict[Path, tuple[Stamp, Problem | SpecError]] = {}

    def slugs(self) -> list[str]:
        """The slugs of all packages, sorted, also of those that are wrong."""
        return sorted(self._packages())

    def get(self, name: str) -> Problem:
        """The problem with the slug ``name``, or ``family/slug``. Raises UnknownProblem or SpecError."""
        packages = self._packages()
        family, _, slug = name.rpartition("/")
        paths = [path for path in packages.get(slug, []) if family in ("", path.parent.name)]
        if not paths:
            raise _unknown(name, list(packages))
        if len(paths) > 1:
            families = " and ".join(path.parent.name for path in paths)
            raise SpecError(f"two packages have the slug {slug!r}, in {families}", file=str(self._root))
        return self._load(paths[0])

    def find(self, text: str) -> Problem:
        """The problem in the directory ``text``, or named ``text``: for command lines, not for clients' requests."""
        path = Path(text)
        if (path / FILE).is_file() or text.startswith((".", "/")) or text.endswith("/"):
            return self._load(path)
        return self.get(text)

    def errors(self) -> dict[str, SpecError]:
        """What is wrong with the packages that do not load, by slug."""
        errors = {}
        for slug in self.slugs():
            try:
                self.get(slug)
            except SpecError as error:
                errors[slug] = error
        return errors

    def _packages(self) -> dict[str, list[Path]]:
        packages: dict[str, list[Path]] = {}
        for family in _directories(self._root):
            for path in _directories(family):
                if (path / FILE).is_file():
                    packages.setdefault(path.name, []).append(path)
        return packages

    def _load(self, path: Path) -> Problem:
        stamp = _stamp(path)
        known = self._loaded.get(path)
        if known is None or known[0] != stamp:
            known = (stamp, _load_or_error(path))
            self._loaded[path] = known
        if isinstance(known[1], SpecError):
            raise known[1]
        return known[1]


def _load_or_error(path: Path) -> Problem | SpecError:
    try:
        return load_problem(path)
    except SpecError as error:
        return error


def _directories(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from sorted(path for path in parent.iterdir() if FILE_NAME.match(path.name) and path.is_dir())


def _stamp(path: Path) -> Stamp:
    """Returns the name, time of change and size of every file of a package."""
    found = []
    for directory, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(FileNotFoundError):  # removed meanwhile
                status = os.stat(os.path.join(directory, name), follow_symlinks=False)
                found.append((os.path.join(directory, name), status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))


def _unknown(name: str, slugs: list[str]) -> UnknownProblem:
    close = difflib.get_close_matches(name.rpartition("/")[2], slugs, n=3)
    known = ", ".join(sorted(slugs)[:20]) or "no problems"
    hint = f"did you mean {' or '.join(map(repr, close))}?" if close else f"expected one of {known}"
    return UnknownProblem("problem", f"there is no problem {name!r}: {hint}")
