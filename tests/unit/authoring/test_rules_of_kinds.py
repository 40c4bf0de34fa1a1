"""Rules that hold for some kinds of problems only, on shipped packages of the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from judge.authoring.facts import FactStore
from judge.authoring.rules.rule import Level
from judge.authoring.verify import verify
from tests.unit.authoring.goods import Good
from tests.unit.authoring.workshop import Workshop

PROBLEMS = Path(__file__).parents[3] / "problems"


def found(root: Path, tmp_path: Path, rule: str) -> list[str]:
    """What one rule says, notes too."""
    findings = verify(root, Level.QUICK, Workshop(), FactStore(tmp_path / "facts"), only=[rule])
    return [finding.message for finding in findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("problem", "rule"),
    [
        ("exploration/threshold-with-few-labels", "varied-answers"),  # the interactor knows the answer from the input
        ("exploration/threshold-with-few-labels", "checker-mutations"),
        ("retrieval/ten-best-ids", "statement-limits"),  # nothing is run
        ("experiments/bootstrap-interval", "duplicate-tests"),  # the judge draws the data
    ],
)
def test_a_rule_says_nothing_of_a_kind_that_it_does_not_understand(tmp_path: Path, problem: str, rule: str) -> None:
    assert found(PROBLEMS / problem, tmp_path, rule) == []


def test_data_of_one_law_that_are_drawn_twice_are_a_duplicate(tmp_path: Path) -> None:
    copy = tmp_path / "experiments" / "bootstrap-interval"
    shutil.copytree(PROBLEMS / "experiments" / "bootstrap-interval", copy)
    (copy / "judge.lock").unlink()
    for kind in ("in", "ans"):
        shutil.copy(copy / f"data/secret/negative.{kind}", copy / f"data/secret/negative-again.{kind}")
    assert found(copy, tmp_path, "duplicate-tests") == ["secret/negative-again asks the same as secret/negative"]


def test_a_question_of_one_law_that_is_asked_twice_is_a_duplicate(tmp_path: Path) -> None:
    good = Good(tmp_path / "family" / "draw", "draw")
    sample = next(iter((good.root / "data/sample").glob("*.in")))
    good.write("data/secret/again.in", sample.read_text())
    assert found(good.root, tmp_path, "duplicate-tests") == [f"secret/again asks the same as sample/{sample.stem}"]
