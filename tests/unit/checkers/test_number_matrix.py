"""The table in ``docs/checkers/comparing-numbers.md``: this judge's columns are computed here from the first two."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from judge.model.conform import Mismatch

PAGE = Path(__file__).parents[3] / "docs" / "checkers" / "comparing-numbers.md"
TOLERANCE = {"rtol": 1e-6, "atol": 1e-6}
TEXT = {"name": "tokens", "float_tolerance": 1e-6}
COLUMNS = ("tokens", "exact integers", "float", "array")
CELL = re.compile(r"`([^`]*)`")
TYPED = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf", re.ASCII)  # texts whose number a type can have


def _rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _typed(text: str) -> float | None:
    return float(text) if TYPED.fullmatch(text) else None


def _decided(judged: Any, checker: dict[str, Any], returns: str, expected: Any, answer: Any) -> str:
    try:
        return "AC" if judged(checker, returns, expected, answer).accepted else "WA"
    except Mismatch:
        raise
    except ValueError:
        return "key"


def decide(judged: Any, expected: str, answer: str) -> list[str]:
    """Returns what this judge says of a row, column by column."""
    words = [
        _decided(judged, TEXT, "str", expected, answer),
        _decided(judged, {**TEXT, "exact_integers": True}, "str", expected, answer),
    ]
    wanted, found = _typed(expected), _typed(answer)
    if wanted is None or found is None:
        return [*words, "–", "–"]
    return [
        *words,
        _decided(judged, {"name": "float", **TOLERANCE}, "float", wanted, found),
        _decided(judged, {"name": "array", **TOLERANCE}, "array[float64, (n,)]", [wanted], [found]),
    ]


def test_the_table_has_this_judges_columns() -> None:
    assert tuple(_rows()[0][-4:]) == COLUMNS
    assert len(_rows()) > 20
    assert {len(row) for row in _rows()} == {14}


@pytest.mark.parametrize("row", _rows()[1:], ids=lambda row: f"{row[0]} {row[1]}")
def test_a_row_says_what_this_judge_decides(judged: Any, row: list[str]) -> None:
    expected, answer = (CELL.fullmatch(cell)[1].replace("⏎", "\n") for cell in row[:2])  # type: ignore[index]
    assert row[-4:] == decide(judged, expected.strip(), answer.strip())


def test_a_boundary_is_decided_by_the_text_where_there_is_one(judged: Any) -> None:
    assert decide(judged, "0.1", "0.100001") == ["AC", "AC", "WA", "WA"]
    assert decide(judged, "0.1", "0.1000010000000000000001") == ["WA", "WA", "WA", "WA"]
