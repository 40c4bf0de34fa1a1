"""The page on oracles: its package compiles, and its examples are judged as it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from judge.model.plan import TestPlan
from judge.spec.compiler import compile_plan
from judge.spec.loader import load_problem
from judge.spec.schema import EnvironmentKeys, OracleKeys
from judge.testing import InProcessSandbox
from tests.unit.author.conftest import grade

PAGE = (Path(__file__).parents[3] / "docs" / "oracles.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```\w+ ([\w./]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(PAGE)
FILES = {name: text for name, text in BLOCKS if "." in name}
EXAMPLES = [(name, text) for name, text in BLOCKS if "." not in name]
PROBLEM = """\
problem_format_version: 2025-09
name: The k-th smallest
uuid: 5b2b0f6e-0000-4000-8000-000000000002
license: public domain
limits: {time_limit: 2}
"""


@pytest.fixture
def plan(tmp_path: Path) -> TestPlan:
    root = tmp_path / "oracles" / "kth-smallest"
    rows = {"sample/01": [30, 10, 20], "secret/02": [5, 3, 8, 1, 9, 2, 7]}
    cases = {
        f"data/{name}.in": json.dumps({"n": len(values), "k": 1, "values": values, "limit": 60})
        for name, values in rows.items()
    }
    judge = "judge: 1\nkind: function\nreference: {file: reference/order.py}\n" + FILES["judge.yaml"]
    files = {**FILES, **cases, "problem.yaml": PROBLEM, "judge.yaml": judge, "statement/problem.en.md": "Which?\n"}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return compile_plan(load_problem(root), InProcessSandbox())


@pytest.mark.parametrize(("outcome", "source"), EXAMPLES)
def test_an_example_is_judged_as_the_page_says(plan: TestPlan, outcome: str, source: str) -> None:
    report = grade(plan, source)
    assert (report.reason or "accepted") == outcome, report.message


def test_every_key_is_on_the_page() -> None:
    for keys in (OracleKeys, EnvironmentKeys):
        assert [name for name in keys.__struct_fields__ if f".{name}`" not in PAGE] == []


def test_there_is_an_example_of_each_kind() -> None:
    assert [name for name, _ in EXAMPLES] == ["accepted", "budget_exceeded", "wrong_value", "exception"]
