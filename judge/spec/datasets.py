"""Files of tasks as problems: one JSON object a line, plain or compressed by gzip, in a format that the setting names.

``FORMAT:PATH`` makes the tasks of a file problems beside those of the packages. A task becomes a problem when it is
first asked for; a file that has changed is read again.
"""

from __future__ import annotations

import difflib
import gzip
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from judge.errors import SpecError, UnknownProblem
from judge.model.problem import Problem
from judge.spec import evalplus, humaneval, sandboxfusion
from judge.spec.catalogue import Catalogue
from judge.spec.examined import Task, problem_of
from judge.spec.registered import Registered

MAX_BYTES = 1 << 30  # uncompressed

ReadTask = Callable[[dict[str, Any], str, int], Task]
FORMATS: dict[str, ReadTask] = {
    "human-eval": humaneval.read_task,
    "evalplus": evalplus.read_task,
    "sandbox-fusion": sandboxfusion.read_task,
}


@dataclass(slots=True)
class _Content:
    """A file as it was found."""

    stamp: tuple[int, int]
    tasks: dict[str, Task]  # by slug
    problems: dict[str, Problem] = field(default_factory=dict)


class Dataset:
    """The tasks of one file."""

    def __init__(self, name: str) -> None:
        """Reads nothing yet. Raises SpecError for a name that is not ``FORMAT:PATH``."""
        kind, colon, path = name.partition(":")
        if not colon or kind not in FORMATS:
            known = " or ".join(f"{kind}:PATH" for kind in FORMATS)
            raise SpecError(f"a data set: expected {known}, found {name!r}")
        self._read = FORMATS[kind]
        self._path = Path(path)
        self._found: _Content | None = None

    def tasks(self) -> dict[str, Task]:
        """The tasks by slug. Raises SpecError."""
        return self._content().tasks

    def get(self, slug: str) -> Problem:
        """The problem of a task. Raises UnknownProblem or SpecError."""
        content = self._content()
        if slug not in content.problems:
            if slug not in content.tasks:
                raise _unknown(slug, list(content.tasks))
            content.problems[slug] = problem_of(content.tasks[slug])
        return content.problems[slug]

    def _content(self) -> _Content:
        try:
            status = os.stat(self._path)
            stamp = (status.st_mtime_ns, status.st_size)
            if self._found is None or self._found.stamp != stamp:
                self._found = _Content(stamp=stamp, tasks=self._tasks())
        except (OSError, EOFError) as error:
            raise SpecError(f"expected a file of tasks, found {error}", file=str(self._path)) from None
        return self._found

    def _tasks(self) -> dict[str, Task]:
        tasks: dict[str, Task] = {}
        for number, raw in _lines(self._path):
            try:
                value = msgspec.json.decode(raw)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise SpecError(f"expected a JSON object, found {error}", file=str(self._path), line=number) from None
            if not isinstance(value, dict):
                raise SpecError("expected a JSON object, found another value", file=str(self._path), line=number)
            task = self._read(value, str(self._path), number)
            if task.slug in tasks:
                raise SpecError(f"task {task.task_id!r} is there twice", file=str(self._path), line=number)
            tasks[task.slug] = task
        return tasks


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yields the lines that are not blank, with their numbers."""
    size = 0
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            size += len(raw)
            if size > MAX_BYTES:
                raise SpecError(f"expected at most {MAX_BYTES} bytes, found more", file=str(path), line=number)
            if raw.strip():
                yield number, raw


class Shelves:
    """The packages of a directory, the tasks of files and what clients have registered, as one catalogue.

    What the operator gives goes first: a registered package with the slug of another is not seen.
    """

    def __init__(self, packages: Catalogue, datasets: list[Dataset], registered: Registered | None = None) -> None:
        self._packages = packages
        self._datasets = datasets
        self._registered = registered

    def slugs(self) -> list[str]:
        """The slugs of all problems, sorted."""
        slugs = [*self._packages.slugs(), *(slug for dataset in self._datasets for slug in dataset.tasks())]
        given = set(slugs)
        return sorted([*slugs, *(slug for slug in self._registered_slugs() if slug not in given)])

    def get(self, name: str) -> Problem:
        """The problem of that name. Raises UnknownProblem or SpecError."""
        for dataset in self._datasets:
            if name in dataset.tasks():
                return dataset.get(name)
        if (registered := self._registered_with(name)) is not None:
            return registered.get(name)
        return self._packages.get(name)

    def path_of(self, name: str) -> Path:
        """The directory of the package of that name, which stays for as long as this process lives.

        Raises UnknownProblem, or SpecError when it is a task.
        """
        if any(name in dataset.tasks() for dataset in self._datasets):
            raise SpecError(f"expected a problem with a package of its own, found {name!r}, a task of a data set")
        if (registered := self._registered_with(name)) is not None:
            return registered.path_of(name)
        return self._packages.path_of(name)

    def is_given(self, slug: str) -> bool:
        """Whether the operator gives a problem of that slug."""
        return any(slug in dataset.tasks() for dataset in self._datasets) or self._packages.holds(slug)

    def hidden(self) -> list[str]:
        """The slugs of registered packages that are not seen, since the operator gives problems of these slugs."""
        return [slug for slug in self._registered_slugs() if self.is_given(slug)]

    def errors(self) -> dict[str, SpecError]:
        """What is wrong with the packages of the directory that do not load, by slug."""
        return self._packages.errors()

    def _registered_slugs(self) -> list[str]:
        return [] if self._registered is None else self._registered.slugs()

    def _registered_with(self, name: str) -> Registered | None:
        """What has the registered package of that name, if it is the one that is seen."""
        registered = self._registered
        if registered is None or not registered.holds(name) or self.is_given(name.rpartition("/")[2]):
            return None
        return registered


def _unknown(slug: str, slugs: list[str]) -> UnknownProblem:
    close = difflib.get_close_matches(slug, slugs, n=3)
    hint = f"did you mean {' or '.join(map(repr, close))}?" if close else f"the file has {len(slugs)} others"
    return UnknownProblem("problem", f"there is no task {slug!r}: {hint}")
