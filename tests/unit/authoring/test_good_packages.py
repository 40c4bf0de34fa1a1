"""Packages without a mistake: no rule of any level that runs in this process finds one."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge.authoring.facts import FactStore
from judge.authoring.rules import NAMES
from judge.authoring.rules.rule import Level
from judge.authoring.verify import verify
from tests.unit.authoring.goods import GOODS, Good
from tests.unit.authoring.workshop import Workshop

NOT_HERE = ("adversary-accepted",)  # its programs exit the process that runs them


@pytest.mark.parametrize("name", GOODS)
def test_nothing_is_found_in_a_good_package(tmp_path: Path, name: str) -> None:
    root = Good(tmp_path / "family" / name, name).root
    rules = [rule for rule in NAMES if rule not in NOT_HERE]
    level = Level.EXHAUSTIVE if name in ("totals", "mean") else Level.QUICK
    found = verify(root, level, Workshop(), FactStore(tmp_path / "facts"), only=rules, inputs=40)
    assert [f"{one.place}: {one.message} [{one.rule}]" for one in found if one.failing] == []
