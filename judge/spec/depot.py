"""Where registered packages are put: ``judge.spec.registered`` says how the directory looks.

An upload has a directory of its own, which is locked as long as its process lives. It becomes a version by one rename,
and the slug's link is changed by another; whatever happens in between, the slug names the old package or the new one.
What a process leaves behind that was killed is found by its lock being free, and removed at the next start, or by the
next upload. Everything is made for its owner alone (directories 0700, files 0600): a package holds expected outputs.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from judge.errors import ConfigError, StoreFault, SubmissionError
from judge.model.digest import digest_of
from judge.spec import archive
from judge.spec.counted import wrong
from judge.spec.loader import FAMILY, SLUG
from judge.spec.metadata import FILE
from judge.spec.private import make_private
from judge.spec.registered import LOCK, SLUGS, UPLOADS, VERSIONS, Registered, version_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacked:
    """A package that came in an archive, on its way."""

    root: Path  # its directory, <family>/<slug>
    digest: str  # of its family, slug, and all files' paths and contents


class Upload:
    """An archive on its way: what is received is written, then unpacked. Close it."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700)
        self.directory = directory
        self._lock = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._archive: BinaryIO = open(directory / "archive", "x+b", opener=_private)  # noqa: SIM115

    def write(self, piece: bytes) -> None:
        """Adds the archive's next bytes. Raises StoreFault."""
        with _told():
            self._archive.write(piece)

    def unpack(self, slug: str, family: str, limit_bytes: int, stopped: Callable[[], bool]) -> Unpacked:
        """Unpacks the archive, which must hold one package. Raises SubmissionError, Cancelled, StoreFault."""
        with _told():
            return self._unpack(slug, family, limit_bytes, stopped)

    def _unpack(self, slug: str, family: str, limit_bytes: int, stopped: Callable[[], bool]) -> Unpacked:
        raw = self.directory / "raw"
        raw.mkdir(mode=0o700)
        self._archive.seek(0)
        digests = archive.unpack(self._archive, raw, limit_bytes=limit_bytes, stopped=stopped)
        top = _top_of(sorted(digests))
        root = self.version / family / slug
        root.parent.mkdir(mode=0o700, parents=True)
        self.version.chmod(0o700)
        (raw / top).rename(root)
        files = {path.removeprefix(f"{top}/"): digest for path, digest in digests.items()}
        return Unpacked(root=root, digest=digest_of([family, slug, files]))

    @property
    def version(self) -> Path:
        """What becomes a version."""
        return self.directory / "version"

    def close(self) -> None:
        """Removes what is left."""
        self._archive.close()
        shutil.rmtree(self.directory, ignore_errors=True)
        os.close(self._lock)


class Depot:
    """Registers packages in a directory."""

    def __init__(self, root: Path) -> None:
        """Makes the directory, and removes what others left behind. Raises ConfigError."""
        self._root = root
        self._registered = Registered(root)
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in (SLUGS, VERSIONS, UPLOADS):
                make_private(root / name)
            self._sweep()
        except OSError as error:
            message = f"expected a directory that can be written, found {root}: {error.strerror}"
            raise ConfigError(f"setting 'registered_dir': {message}") from None

    def begin(self) -> Upload:
        """An upload that has received nothing yet. Raises StoreFault."""
        with _told(), self._locked():
            return Upload(self._root / UPLOADS / uuid.uuid4().hex)

    def digest_of(self, slug: str) -> str | None:
        """The digest of the package that a slug names; None when it names none."""
        path = self._registered.current(slug)
        return version_of(path).name.partition("-")[0] if path is not None and path.is_dir() else None

    def install(self, upload: Upload, package: Unpacked) -> None:
        """Makes a package the one that its slug names: afterwards it is on the disk, and the one before it may go.

        Raises StoreFault.
        """
        slug, family = package.root.name, package.root.parent.name
        version = f"{package.digest}-{uuid.uuid4().hex}"
        with _told(), self._locked():
            _write_out(self._root)
            upload.version.rename(self._root / VERSIONS / version)
            new = upload.directory / "link"
            new.symlink_to(f"../{VERSIONS}/{version}/{family}/{slug}")
            new.rename(self._root / SLUGS / slug)
            _write_out(self._root)
        self._sweep()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self._root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _sweep(self) -> None:
        """Removes versions that no link names and uploads without an owner, but for those that somebody holds."""
        with self._locked():
            paths = [self._registered.current(slug) for slug in self._registered.slugs()]
            named = {version_of(path).name for path in paths if path is not None}
            left = [path for path in (self._root / VERSIONS).iterdir() if path.name not in named]
            for path in (*left, *(self._root / UPLOADS).iterdir()):
                _remove_unless_held(path)


def check_names(slug: str, family: str) -> None:
    """Checks the names under which a package is to be registered. Raises SubmissionError."""
    if not SLUG.match(slug):
        raise SubmissionError("header.slug", f"expected a-z and 0-9, joined by hyphens, found {slug!r}")
    if not FAMILY.match(family):
        raise SubmissionError("header.family", f"expected a-z and 0-9, joined by underscores, found {family!r}")


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Says whose fault it is when nothing can be written."""
    try:
        yield
    except OSError as error:
        raise StoreFault(f"the directory of registered packages: {error.strerror or error}") from error


def _top_of(paths: list[str]) -> str:
    """Returns the directory of the only package among files: the top (".") or a folder in it."""
    found = [path for path in paths if path.rpartition("/")[2] == FILE]
    if len(found) != 1 or found[0].count("/") > 1:
        named = ", ".join(found[:3]) + (", ..." if len(found) > 3 else "") if found else "none"
        expected = f"one {FILE}, at the top of the archive or in the only folder there"
        raise wrong(f"expected {expected}, found {named}")
    top = found[0].rpartition("/")[0]
    others = [path for path in paths if top and not path.startswith(f"{top}/")]
    if others:
        raise wrong(f"expected nothing beside the folder {top!r}, found {others[0]!r}")
    return top or "."


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _write_out(root: Path) -> None:
    """Waits until everything is on the disk: a link must never outlive a loss of power that its package does not."""
    libc: Any = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if libc.syncfs(descriptor) != 0:
            code = ctypes.get_errno()
            raise OSError(code, f"syncfs: {os.strerror(code)}")
    finally:
        os.close(descriptor)


def _remove_unless_held(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    except BlockingIOError:
        return  # it is read, or received
    finally:
        os.close(descriptor)
