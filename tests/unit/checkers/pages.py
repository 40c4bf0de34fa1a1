"""The examples on a checker's page: blocks of Python, each after the outcome that it has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from judge.checkers.contract import CaseFacts, SeriesChecker
from tests.unit.checkers.series_driver import play

PAGES = Path(__file__).parents[3] / "docs" / "checkers"
EXAMPLE = re.compile(r"^```python (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(page: str) -> list[tuple[str, str]]:
    """Returns the pairs (outcome, source) of ``docs/checkers/<page>.md``."""
    return EXAMPLE.findall((PAGES / f"{page}.md").read_text(encoding="utf-8"))


def outcome(checker: SeriesChecker, case: CaseFacts, source: str, entry_point: str) -> str:
    """Returns the reason of the judgement on ``source``, or ``accepted``."""

    def load() -> Any:
        names: dict[str, Any] = {}
        exec(source, names)
        return names[entry_point]

    return play(checker, case, load).judgement.reason or "accepted"
