"""Compiled programs on disk: one compiles at a time, and nothing is left but programs."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

import pytest

from judge.sandbox.artefacts import ArtefactCache

WAIT_S = 60


class Cancelled:
    """An Interrupt that has come."""

    deadline_ns = None

    def fileno(self) -> int:
        return -1

    def cancelled(self) -> bool:
        return True


@pytest.fixture
def cache(tmp_path: Path) -> ArtefactCache:
    return ArtefactCache(tmp_path / "programs", 1000)


def names(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "programs").iterdir())


def is_held(tmp_path: Path, digest: str) -> bool:
    """Whether the lock at that path is held."""
    descriptor = os.open(tmp_path / "programs" / f"{digest}.lock", os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def content(cache: ArtefactCache, digest: str) -> bytes | None:
    descriptor = cache.get(digest)
    if descriptor is None:
        return None
    try:
        return os.pread(descriptor, 1000, 0)
    finally:
        os.close(descriptor)


def test_a_program_is_found_again_and_its_lock_is_gone(cache: ArtefactCache, tmp_path: Path) -> None:
    with cache.claimed("a", None):
        assert is_held(tmp_path, "a")
        cache.put("a", b"program")
        assert is_held(tmp_path, "a")
    assert names(tmp_path) == ["a.program"]
    assert content(cache, "a") == b"program"


def test_a_compilation_that_fails_leaves_nothing(cache: ArtefactCache, tmp_path: Path) -> None:
    with cache.claimed("a", None):
        pass
    with pytest.raises(ValueError, match="no"), cache.claimed("b", None):
        raise ValueError("no")
    assert names(tmp_path) == []


def test_who_waited_for_a_lock_that_is_gone_holds_the_one_that_others_find(
    cache: ArtefactCache, tmp_path: Path
) -> None:
    """The waiter has the removed file open: its lock would keep nobody out."""
    has_it, may_go = threading.Event(), threading.Event()

    def wait() -> None:
        with cache.claimed("a", None):
            has_it.set()
            assert may_go.wait(WAIT_S)

    waiter = threading.Thread(target=wait)
    with cache.claimed("a", None):
        waiter.start()
        while len(list(opened(tmp_path / "programs/a.lock"))) < 2:
            assert waiter.is_alive()
    assert has_it.wait(WAIT_S)
    assert is_held(tmp_path, "a")
    may_go.set()
    waiter.join()
    assert names(tmp_path) == []


def opened(path: Path) -> list[str]:
    """The descriptors of this process that have that file open."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(entry)
        except FileNotFoundError:  # closed since
            continue
        found += [target] if target == str(path) else []
    return found


def test_only_one_is_inside_at_a_time_however_they_come_and_go(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def come_and_go() -> None:
        cache = ArtefactCache(tmp_path / "programs", 1000)
        for _ in range(25):
            with cache.claimed("a", None):
                inside.append(1)
                most.append(len(inside))
                cache.put("b", b"x")
                inside.pop()

    threads = [threading.Thread(target=come_and_go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 100
    assert names(tmp_path) == ["b.program"]


def test_who_was_interrupted_leaves_the_lock_to_its_holder(cache: ArtefactCache, tmp_path: Path) -> None:
    with cache.claimed("a", None):
        with cache.claimed("a", Cancelled()):
            pass
        assert is_held(tmp_path, "a")


def test_locks_of_the_dead_go_with_the_next_program_and_those_of_the_living_stay(
    cache: ArtefactCache, tmp_path: Path
) -> None:
    with cache.claimed("living", None):
        (tmp_path / "programs" / "dead.lock").touch()
        cache.put("a", b"program")
        assert names(tmp_path) == ["a.program", "living.lock"]
        assert is_held(tmp_path, "living")


def test_the_programs_that_were_not_used_for_the_longest_go_first(cache: ArtefactCache, tmp_path: Path) -> None:
    for at, digest in enumerate("abc"):
        with cache.claimed(digest, None):
            cache.put(digest, bytes(400))
        os.utime(tmp_path / "programs" / f"{digest}.program", ns=(at, at))
    with cache.claimed("d", None):
        cache.put("d", bytes(400))
    assert names(tmp_path) == ["c.program", "d.program"]
