"""The packages that clients have registered, as they are found: one directory, in which every state of a package has a
place of its own::

    slugs/<slug>                      a symbolic link to versions/<version>/<family>/<slug>, the only thing that changes
    versions/<version>/<family>/<slug>/...    a package; its files never change
    uploads/<upload>/                 what is on its way (``judge.spec.depot``)
    lock                              held by whoever changes links or removes versions

A link is changed by renaming another over it, so whoever follows it finds the package as it was or as it is. A version
that no link names is removed unless somebody holds it: readers hold a shared lock of a version while they read it, and
look at the link again once they have it. So nothing is ever read of two states. A version's name is never used again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path

from judge.model.problem import Problem
from judge.spec.catalogue import LoadedPackages, unknown
from judge.spec.loader import FAMILY, SLUG

SLUGS, VERSIONS, UPLOADS, LOCK = "slugs", "versions", "uploads", "lock"

_TARGET = re.compile(r"\.\./versions/([0-9a-f]{64}-[0-9a-f]{32})/([a-z0-9_]+)/([a-z0-9-]+)\Z")


class Registered:
    """The registered packages of one directory, which need not exist."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._loaded = LoadedPackages()
        self._paths: dict[str, Path] = {}  # of what was loaded, by slug
        self._held: list[int] = []  # descriptors

    def slugs(self) -> list[str]:
        """The slugs of all packages, sorted."""
        try:
            names = os.listdir(self.root / SLUGS)
        except FileNotFoundError:
            return []
        return sorted(name for name in names if self.current(name) is not None)

    def holds(self, name: str) -> bool:
        """Whether there is a package of that slug, or ``family/slug``."""
        return self.current(name) is not None

    def current(self, name: str) -> Path | None:
        """The directory of a package as it is now; None when there is none."""
        family, _, slug = name.rpartition("/")
        if not SLUG.match(slug) or not (family == "" or FAMILY.match(family)):
            return None
        try:
            link = os.readlink(self.root / SLUGS / slug)
        except OSError:
            return None
        match = _TARGET.match(link)
        if match is None or match[3] != slug or family not in ("", match[2]):
            return None
        return self.root / VERSIONS / match[1] / match[2] / slug

    def get(self, name: str) -> Problem:
        """The problem. Raises UnknownProblem or SpecError."""
        with self._reading(name) as path:
            known = self._paths.get(path.name)
            if known is not None and known != path:
                self._loaded.forget(known)
            self._paths[path.name] = path
            return self._loaded.get(path)

    def path_of(self, name: str) -> Path:
        """The package's directory as it is now, held for as long as this process lives. Raises UnknownProblem."""
        path, descriptor = self._hold(name)
        self._held.append(descriptor)
        return path

    @contextlib.contextmanager
    def _reading(self, name: str) -> Iterator[Path]:
        path, descriptor = self._hold(name)
        try:
            yield path
        finally:
            os.close(descriptor)

    def _hold(self, name: str) -> tuple[Path, int]:
        """The package's directory as it is now, and the descriptor that holds it."""
        while (path := self.current(name)) is not None:
            try:
                descriptor = os.open(version_of(path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            except FileNotFoundError:
                if self.current(name) == path:
                    break  # a link to nowhere: the package is gone
                continue
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if self.current(name) == path:
                return path, descriptor
            os.close(descriptor)
        raise unknown(name, self.slugs())


def version_of(path: Path) -> Path:
    """Returns the directory of the version that a package's directory belongs to."""
    return path.parent.parent
