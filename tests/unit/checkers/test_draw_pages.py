"""The examples on the pages of the checkers that draw are judged as they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.checkers.draw_cases import PAGES
from tests.unit.checkers.series_driver import play

FOLDER = Path(__file__).parents[3] / "docs" / "checkers"
TEXTS = {name: (FOLDER / f"{name}.md").read_text(encoding="utf-8") for name in PAGES}
EXAMPLE = re.compile(r"^```python (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [(name, outcome, source) for name, text in TEXTS.items() for outcome, source in EXAMPLE.findall(text)]


@pytest.mark.parametrize(("name", "outcome", "source"), EXAMPLES)
def test_an_example_is_judged_as_its_page_says(name: str, outcome: str, source: str) -> None:
    page = PAGES[name]

    def load() -> Any:
        names: dict[str, Any] = {}
        exec(source, names)
        return names[page.entry_point]

    judgement = play(page.checker, page.case, load).judgement
    assert (judgement.reason or "accepted") == outcome, judgement.message


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_accepted_and_rejected_programs_and_names_every_member(name: str) -> None:
    page = PAGES[name]
    outcomes = {outcome for shown, outcome, _ in EXAMPLES if shown == name}
    assert outcomes >= {"accepted", "wrong_distribution", "dependent_draws", "not_reproducible"}
    evidence = page.checker.subject(page.case).evidence({}, alpha=1e-6, calls=8, run=2)
    assert [member for member in evidence.members_at(0) if f"`{member}`" not in TEXTS[name]] == []
