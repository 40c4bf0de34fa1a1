"""Facts on disk: kept, read, and removed when nobody has needed them for long or there are too many."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from judge.authoring.facts import FactStore
from judge.units import NANOSECONDS

DAY_NS = 86_400 * NANOSECONDS


@pytest.fixture
def facts(tmp_path: Path) -> FactStore:
    """Four facts of about 1000 bytes, needed 0, 1, 2 and 40 days ago."""
    facts = FactStore(tmp_path / "facts")
    for days in (0, 1, 2, 40):
        facts.put(str(days), "x" * 1000)
        age(tmp_path / "facts" / f"{days}.fact", days)
    return facts


def age(path: Path, days: float) -> None:
    then_ns = time.time_ns() - round(days * DAY_NS)
    os.utime(path, ns=(then_ns, then_ns))


def names(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "facts").iterdir()}


@pytest.mark.parametrize(
    ("age_ns", "size_bytes", "left"),
    [
        (0, 0, {"0", "1", "2", "40"}),
        (30 * DAY_NS, 0, {"0", "1", "2"}),
        (DAY_NS // 2, 0, {"0"}),
        (0, 2500, {"0", "1"}),
        (0, 1, set()),
        (30 * DAY_NS, 1500, {"0"}),
    ],
)
def test_what_is_too_old_or_too_much_goes_the_oldest_first(
    facts: FactStore, tmp_path: Path, age_ns: int, size_bytes: int, left: set[str]
) -> None:
    assert facts.prune(age_ns=age_ns, size_bytes=size_bytes) == 4 - len(left)
    assert names(tmp_path) == {f"{name}.fact" for name in left}


def test_a_fact_that_is_read_is_as_new(facts: FactStore, tmp_path: Path) -> None:
    assert facts.get("40", str) == "x" * 1000
    facts.prune(age_ns=30 * DAY_NS, size_bytes=2500)
    assert names(tmp_path) == {"40.fact", "0.fact"}


def test_a_file_of_a_writer_that_died_goes_and_one_that_is_being_written_stays(
    facts: FactStore, tmp_path: Path
) -> None:
    for name, days in (("dead.1.tmp", 0.5), ("alive.2.tmp", 0.0)):
        (tmp_path / "facts" / name).write_bytes(b"half")
        age(tmp_path / "facts" / name, days)
    assert facts.prune(age_ns=0, size_bytes=0) == 1
    assert names(tmp_path) >= {"alive.2.tmp", "40.fact"}
    assert "dead.1.tmp" not in names(tmp_path)


def test_without_a_directory_there_is_nothing_to_remove(tmp_path: Path) -> None:
    assert FactStore(None).prune(age_ns=1, size_bytes=1) == 0
    assert FactStore(tmp_path / "none").prune(age_ns=1, size_bytes=1) == 0
