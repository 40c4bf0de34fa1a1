"""The examples on the page of the checker ``sampler`` are judged as it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from judge.checkers.contract import CaseFacts
from judge.checkers.sampler import Sampler
from judge.stats.law import RowLaw
from judge.stats.suite import rows_suite
from tests.unit.checkers import sampler_subjects as subjects
from tests.unit.checkers.series_driver import play

PAGE = (Path(__file__).parents[3] / "docs" / "checkers" / "sampler.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python (\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def hard_negatives() -> CaseFacts:
    rng = np.random.default_rng(3)
    queries, candidates = (
        rows / np.linalg.norm(rows, axis=2, keepdims=True) for rows in rng.normal(size=(2, 1, 16, 4))
    )
    arguments = {"queries": queries[0].tolist(), "candidates": candidates[0].tolist(), "tau": 4.0}
    return CaseFacts(name="page", arguments=arguments, expected=subjects.law(queries[0] @ candidates[0].T, 4.0))


@pytest.mark.parametrize(("outcome", "source"), EXAMPLES)
def test_an_example_is_judged_as_the_page_says(outcome: str, source: str) -> None:
    def load() -> Any:
        names: dict[str, Any] = {}
        exec(source, names)
        return names["sample_hard_negatives"]

    judgement = play(Sampler(), hard_negatives(), load).judgement
    assert (judgement.reason or "accepted") == outcome


def test_the_page_shows_accepted_and_rejected_samplers_and_names_every_member() -> None:
    assert {outcome for outcome, _ in EXAMPLES} >= {"accepted", "wrong_distribution", "dependent_draws"}
    process = rows_suite(RowLaw.of(hard_negatives().expected), alpha=1e-6, calls=1, run=2)
    assert [name for name in process.members_at(0) if f"`{name}`" not in PAGE] == []
