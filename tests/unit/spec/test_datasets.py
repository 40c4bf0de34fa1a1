"""Files of tasks as problems: what is read, and what is refused with file, line and name."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from judge.errors import SpecError, UnknownProblem
from judge.spec.catalogue import Catalogue
from judge.spec.datasets import Dataset, Shelves
from tests.unit.author.tasks import RAISING, SCALED, task, write

PLUS = {
    "task_id": "HumanEval/900",
    "prompt": "def f(x):\n    ''\n",
    "entry_point": "f",
    "canonical_solution": "    return x\n",
    "base_input": [[1]],
    "plus_input": [],
    "atol": 0,
}
ROW = {"id": 2, "content": "Double it.", "labels": "{}", "test": ["assert double(2) == 4"]}


def test_tasks_are_problems_beside_packages(tmp_path: Path) -> None:
    path = write(tmp_path / "tasks.jsonl", SCALED, RAISING)
    shelves = Shelves(Catalogue(tmp_path), [Dataset(f"human-eval:{path}")])
    assert shelves.slugs() == ["own/0", "own/2"]
    problem = shelves.get("own/0")
    assert (problem.slug, problem.family, problem.kind, problem.entry_point) == ("own/0", "own", "assertions", "scaled")
    assert [parameter.name for parameter in problem.signature.parameters] == ["values", "factor"]
    assert shelves.get("own/0") is problem
    with pytest.raises(UnknownProblem):
        shelves.get("own/1")


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "tasks.jsonl", SCALED)
    dataset = Dataset(f"human-eval:{path}")
    before = dataset.get("own/0")
    write(path, task(test=SCALED["test"] + "    assert True\n"))
    os.utime(path, ns=(1, 1))
    assert dataset.get("own/0").source_digest != before.source_digest


def test_a_compressed_file(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(SCALED).encode()))
    assert list(Dataset(f"human-eval:{path}").tasks()) == ["own/0"]
    path.write_bytes(b"no gzip")
    with pytest.raises(SpecError, match="expected a file of tasks"):
        Dataset(f"human-eval:{path}").tasks()


@pytest.mark.parametrize("name", ["tasks.jsonl", "mbpp:tasks.jsonl", ":x"])
def test_a_data_set_is_named_with_its_format(name: str) -> None:
    with pytest.raises(SpecError, match="expected human-eval:PATH or evalplus:PATH or sandbox-fusion:PATH"):
        Dataset(name)


@pytest.mark.parametrize(
    ("form", "line", "expected"),
    [
        ("human-eval", task(prompt=None), "1: prompt: expected a text, found none"),
        ("human-eval", task(test=7), "1: test: expected a text, found int 7"),
        ("human-eval", task(task_id="../x"), "1: task_id: expected a name such as 'HumanEval/0'"),
        ("human-eval", task(entry_point="a b"), "1: task 'Own/0': entry_point: expected a function's name"),
        ("human-eval", task(test="def check(c)"), "1: task 'Own/0': expected Python in its tests"),
        ("human-eval", task(prompt="def f(:"), "1: task 'Own/0': expected Python in its prompt"),
        ("human-eval", task(test="assert True"), "1: task 'Own/0': expected tests that define a function 'check'"),
        ("evalplus", PLUS | {"task_id": "Mbpp/2"}, "1: task 'Mbpp/2': MBPP+ is not supported"),
        ("evalplus", PLUS | {"base_input": [1]}, "1: base_input: expected a list of lists of arguments"),
        ("evalplus", PLUS | {"atol": -1}, "1: atol: expected a number from 0 to 1"),
        ("sandbox-fusion", ROW | {"id": None}, "1: id: expected a number or a text"),
        ("sandbox-fusion", ROW | {"test": "def check"}, "1: test: expected JSON"),
        (
            "sandbox-fusion",
            ROW | {"test": {"inputs": []}},
            "1: test: row 2: expected a list of assert statements as of",
        ),
        (
            "sandbox-fusion",
            ROW | {"test": ["assert f(g(1))"]},
            "1: row 2: expected assertions about one function, found f, g",
        ),
        (
            "sandbox-fusion",
            ROW | {"test": ["assert 1"]},
            "1: row 2: expected assertions about one function, found none",
        ),
    ],
)
def test_a_line_that_is_wrong_is_told_with_its_number(
    tmp_path: Path, form: str, line: dict[str, Any], expected: str
) -> None:
    path = write(tmp_path / "tasks.jsonl", line)
    dataset = Dataset(f"{form}:{path}")
    with pytest.raises(SpecError) as caught:
        [dataset.get(slug) for slug in dataset.tasks()]
    assert f"{path}:{expected}" in str(caught.value)


def test_a_task_is_there_once(tmp_path: Path) -> None:
    path = write(tmp_path / "tasks.jsonl", SCALED, SCALED)
    with pytest.raises(SpecError, match=r"tasks\.jsonl:2: task 'Own/0' is there twice"):
        Dataset(f"human-eval:{path}").tasks()


def test_the_function_of_a_row_is_the_one_that_is_neither_built_in_nor_set_up(tmp_path: Path) -> None:
    labels = {"test_setup_code": "import math\ndef near(a, b): return math.isclose(a, b)\nroot = math.sqrt"}
    row = ROW | {"labels": labels, "test": ["assert near(root(double(2)), 2)", "assert set(map(double, [1])) == {2}"]}
    problem = Dataset(f"sandbox-fusion:{write(tmp_path / 'rows.jsonl', row)}").get("mbpp/2")
    assert problem.entry_point == "double"
    assert problem.statement == "Double it."


def test_each_assertion_is_counted_and_the_future_comes_first(tmp_path: Path) -> None:
    prompt = "from __future__ import annotations\n" + str(SCALED["prompt"])
    problem = Dataset(f"human-eval:{write(tmp_path / 'tasks.jsonl', task(prompt=prompt))}").get("own/0")
    assert problem.examiner is not None
    source = problem.examiner.author.program.main.content.decode()
    assert source.startswith("from __future__ import annotations\nfrom harness.examiner")
    assert source.count("judge_note()") == str(SCALED["test"]).count("assert")
    assert "[offset(value) * factor" not in source  # the solution is in the rehearsal alone
    assert problem.rehearsal is not None
    assert any(b"[offset(value) * factor" in file.content for file in problem.rehearsal.files)
