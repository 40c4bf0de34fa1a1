"""Completions in the field's formats: what a line says, what its result adds, and pass@k."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any

import pytest

from judge.batch.completions import FORMATS, Ask, extracted, read_completions, result_of
from judge.batch.lines import BadLine, Submission
from judge.batch.passes import pass_at_k, read_passes
from judge.batch.pump import Graded
from judge.model.verdict import Verdict

TASKS = {"Own/0": Ask(slug="own/0", prompt="def f():\n", base_calls=2), "7": Ask(slug="mbpp/7", prompt="")}


def read(tmp_path: Path, form: str, *lines: Any) -> list[Submission | BadLine]:
    path = tmp_path / "in"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return list(read_completions(path, FORMATS[form], TASKS))


def of(verdict: Verdict, message: str = "", calls: int = 0) -> Graded:
    return Graded(verdict=verdict, json=b"{}", message=message, calls=calls)


def test_a_completion_continues_its_prompt(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "human-eval", {"task_id": "Own/0", "completion": "    pass\n", "temperature": 0.2})
    assert isinstance(found, Submission)
    assert (found.item_id, found.problem, found.source) == ("Own/0#1", "own/0", "def f():\n    pass\n")
    (whole,) = read(tmp_path, "evalplus", {"task_id": "Own/0", "solution": "f = 1"})
    assert isinstance(whole, Submission)
    assert whole.source == "f = 1"


@pytest.mark.parametrize(
    ("form", "line", "expected"),
    [
        ("human-eval", "{", "truncated"),
        ("human-eval", "[1]", "task_id: expected a text, found none"),
        ("human-eval", {"task_id": "Own/0"}, "completion: expected a text, found none"),
        ("human-eval", {"task_id": 0, "completion": ""}, "task_id: expected a text, found int"),
        ("human-eval", {"task_id": "Own/1", "completion": ""}, "the data set has no task 'Own/1'"),
        ("evalplus", {"task_id": "Own/1", "solution": ""}, "the data set has no task 'Own/1'"),
        ("sandbox-fusion", {"id": 8, "completion": ""}, "the data set has no task '8'"),
        (
            "sandbox-fusion",
            {"id": 7, "completion": "", "config": {"language": "cpp"}},
            "config.language: not supported",
        ),
        (
            "sandbox-fusion",
            {"id": 7, "completion": "", "config": {"custom_extract_logic": "x"}},
            "config.custom_extract_logic: not supported",
        ),
        ("sandbox-fusion", {"id": 7, "completion": "", "config": {"extra": {"a": 1}}}, "config.extra: not supported"),
        ("sandbox-fusion", {"id": 7, "completion": "", "config": {"provided_data": [1]}}, "config.provided_data: not"),
    ],
)
def test_a_line_that_is_not_in_the_format_is_refused_by_name(
    tmp_path: Path, form: str, line: Any, expected: str
) -> None:
    (found,) = read(tmp_path, form, line)
    assert isinstance(found, BadLine)
    assert expected in found.message


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.ACCEPTED, "passed"),
        (Verdict.TIME_LIMIT_EXCEEDED, "timed out"),
        (Verdict.WRONG_ANSWER, "failed: WRONG_ANSWER: why"),
        (Verdict.COMPILE_ERROR, "failed: COMPILE_ERROR: why"),
    ],
)
def test_the_fields_word_for_a_verdict(verdict: Verdict, expected: str) -> None:
    assert result_of(of(verdict, "why")) == expected


@pytest.mark.parametrize(
    ("graded", "expected"),
    [
        (of(Verdict.ACCEPTED, calls=4), ("pass", "pass", True)),
        (of(Verdict.WRONG_ANSWER, calls=3), ("pass", "fail", False)),  # the third call is beyond the base inputs
        (of(Verdict.WRONG_ANSWER, calls=2), ("fail", None, False)),
        (of(Verdict.COMPILE_ERROR), ("fail", None, False)),
    ],
)
def test_evalplus_tells_of_both_parts(tmp_path: Path, graded: Graded, expected: tuple[Any, ...]) -> None:
    (line,) = read(tmp_path, "evalplus", {"task_id": "Own/0", "completion": ""})
    assert isinstance(line, Submission)
    told = FORMATS["evalplus"].also(line, graded, TASKS)
    assert (told["base_status"], told["plus_status"], told["passed"]) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a = 1", "a = 1"),
        ("So:\n```python\na = 1\n```\nand\n```\nb\n```", "a = 1\n"),
        ("```\nb = 2\n```\n```py\na = 1\n```", "a = 1\n"),
        ("```bash\nls\n```\n```\nb = 2\n```", "b = 2\n"),
        ("```python\na = 1\n", "a = 1\n"),
        ("```cpp\nint a;\n```", "```cpp\nint a;\n```"),
    ],
)
def test_the_code_of_an_answer_in_words(text: str, code: str) -> None:
    assert extracted(text) == code


@pytest.mark.parametrize(("n", "c", "k"), [(10, 3, 1), (10, 3, 5), (10, 0, 3), (10, 10, 10), (200, 7, 100), (5, 3, 3)])
def test_pass_at_k_is_the_product_form_of_the_paper(n: int, c: int, k: int) -> None:
    product = 1.0 if n - c < k else 1 - prod(1 - k / i for i in range(n - c + 1, n + 1))
    assert pass_at_k(n, c, k) == pytest.approx(product, abs=1e-12)


def test_pass_at_k_of_a_file(tmp_path: Path) -> None:
    lines = [{"id": f"{n}", "task_id": "a", "passed": n == 0} for n in range(10)]
    lines += [{"id": f"b{n}", "task_id": "b", "passed": True} for n in range(12)]
    lines += [{"id": None, "line": 3, "error": {}}]
    path = tmp_path / "out"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert read_passes(path).at() == {"pass@1": pytest.approx(0.55), "pass@10": 1.0}
    path.write_text("")
    assert read_passes(path).at() == {}
