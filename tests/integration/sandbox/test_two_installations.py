"""Two services of one machine that do not share a ``run_dir`` leave each other's slots alone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from judge.config import Settings
from judge.sandbox.cgroup import find_tree
from judge.sandbox.slot import Slot, sweep

pytestmark = pytest.mark.sandbox


def slot_of(settings: Settings, run_dir: Path) -> Slot:
    return Slot(find_tree(settings.cgroup_root), run_dir, settings.uid_base, cpu_of=lambda _: None)


def test_they_never_have_the_same_slot(settings: Settings, tmp_path: Path) -> None:
    with closing(slot_of(settings, tmp_path / "one")) as one, closing(slot_of(settings, tmp_path / "two")) as two:
        assert one.number != two.number
        assert one.outside_id != two.outside_id


def test_one_does_not_sweep_the_others(settings: Settings, tmp_path: Path) -> None:
    with closing(slot_of(settings, tmp_path / "one")) as one:
        launcher = one.launcher.pid
        assert one.number not in sweep(find_tree(settings.cgroup_root), tmp_path / "two")
        assert launcher in one.cgroup.pids()
