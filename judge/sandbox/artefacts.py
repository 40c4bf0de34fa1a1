"""Compiled programs on disk, by the digest of everything that can change them.

One file for each, its content followed by the SHA-256 of that content; it is written under another name and renamed, so
that a file that is there is whole, and one that does not match its sum is thrown away. Whoever wants to compile holds
the lock of that digest meanwhile: another worker that wants the same program waits and then finds it. The sum of all
files is bounded; the least recently used go first. A program that is thrown away while it runs is not missed: boxes get
a descriptor, never a path. Failures are not kept.

A lock is a file that only its holder removes, before it lets go of it. Whoever has waited for a file that is no longer
at its path holds nothing, and begins again with the file that is; so two never hold the lock of one digest. What a
process left that was killed is taken, and removed, when the next program is kept.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import select
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from judge.errors import EnvironmentFault
from judge.ports import Interrupt

_SUM_BYTES = 32
_POLL_MS = 10
_KEPT, _KEPT_BYTES = 3, 16 << 20  # programs in memory: how many, and how large each


class ArtefactCache:
    """The compiled programs of a machine, shared by all its workers."""

    def __init__(self, directory: Path, size_bytes: int) -> None:
        self._directory = directory
        self._size_bytes = size_bytes
        self._kept: dict[str, int] = {}  # descriptors of the programs that this process used last, by digest

    def kept(self, digest: str) -> int | None:
        """Returns a descriptor of a program that this process used just before, which the caller closes, or None.

        A program of many runs is read, and its sum looked at, once.
        """
        descriptor = self._kept.get(digest)
        return None if descriptor is None else os.dup(descriptor)

    def keep(self, digest: str, descriptor: int) -> None:
        """Remembers a program in memory; the one that came first goes when there are too many, or it is large."""
        if os.fstat(descriptor).st_size > _KEPT_BYTES or digest in self._kept:
            return
        while len(self._kept) >= _KEPT:
            os.close(self._kept.pop(next(iter(self._kept))))
        self._kept[digest] = os.dup(descriptor)

    @contextmanager
    def claimed(self, digest: str, interrupt: Interrupt | None) -> Iterator[None]:
        """Holds the lock of one program; it is waited for until the grading is interrupted."""
        path = self._directory / f"{digest}.lock"
        descriptor, held = self._open_lock(path), False
        try:
            while not held and _lock(descriptor, interrupt):
                held = _is_at(path, descriptor)
                if not held:
                    os.close(descriptor)
                    descriptor = self._open_lock(path)
            yield
        finally:
            if held:
                path.unlink(missing_ok=True)
            os.close(descriptor)

    def get(self, digest: str) -> int | None:
        """Returns a descriptor of the program, which the caller closes; None when there is none."""
        path = self._path(digest)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(content[:-_SUM_BYTES]).digest() != content[-_SUM_BYTES:]:
            path.unlink(missing_ok=True)
            return None
        with suppress(FileNotFoundError):  # thrown away since
            os.utime(path)
        return executable(content[:-_SUM_BYTES])

    def put(self, digest: str, content: bytes) -> None:
        """Keeps a program, and throws away what no longer fits."""
        path = self._path(digest)
        temporary = path.with_suffix(f".{os.getpid()}")
        try:
            temporary.write_bytes(content + hashlib.sha256(content).digest())
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise EnvironmentFault(f"{path}: cannot be written: {error.strerror}") from None
        self._shrink()
        self._remove_dead_locks()

    def _shrink(self) -> None:
        found = sorted(self._entries(), reverse=True)
        used = 0
        for _, size, path in found:
            used += size
            if used > self._size_bytes:
                path.unlink(missing_ok=True)

    def _remove_dead_locks(self) -> None:
        for path in self._directory.glob("*.lock"):
            descriptor = self._open_lock(path)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(path, descriptor):
                    path.unlink(missing_ok=True)
            except BlockingIOError:
                continue  # somebody compiles
            finally:
                os.close(descriptor)

    def _entries(self) -> Iterator[tuple[int, int, Path]]:
        """Last use, size and path of each program."""
        for path in self._directory.glob("*.program"):
            with suppress(FileNotFoundError):
                facts = path.stat()
                yield facts.st_mtime_ns, facts.st_size, path

    def _path(self, digest: str) -> Path:
        return self._directory / f"{digest}.program"

    def _open_lock(self, path: Path) -> int:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise EnvironmentFault(f"{path}: cannot be opened: {error.strerror}: see the setting state_dir") from None


def executable(content: bytes) -> int:
    """Returns a descriptor of a sealed memory file with that content, for reading and executing."""
    descriptor = os.memfd_create("program", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether that open file is the one at the path."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _lock(descriptor: int, interrupt: Interrupt | None) -> bool:
    """Waits for a lock; returns whether it is held, which it is not when the grading is interrupted."""
    poller = select.poll()
    if interrupt is not None and interrupt.fileno() >= 0:
        poller.register(interrupt.fileno(), select.POLLIN)
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            poller.poll(_POLL_MS)
        if interrupt is not None and interrupt.cancelled():
            return False  # the jail that is started next ends at once
