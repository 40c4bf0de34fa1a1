"""``judge batch`` on tiny files in the formats of the field's evaluators, in real boxes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from judge.config import Settings
from tests.unit.author.tasks import SCALED, TYPED, task, write

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.geteuid() != 0, reason="real boxes need root"),
    pytest.mark.skipif(
        not (Settings().runtime_root / "python3" / "runtime.json").exists(),
        reason="the Python runtime is not built (make runtime)",
    ),
]
RIGHT, WRONG = str(SCALED["canonical_solution"]), "    return None\n"


def run(tmp_path: Path, form: str, problems: Path, samples: Path, output: Path) -> subprocess.CompletedProcess[str]:
    settings = {
        "runtime_root": Settings().runtime_root,
        "store": "",
        "slots": 1,
        "uid_base": 67_000,
        "problems_dir": tmp_path,
    }
    command = [sys.executable, "-m", "judge.cli.main", "batch", str(samples), "--output", str(output)]
    command += ["--format", form, "--problems", str(problems)]
    command += [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@contextmanager
def served(tmp_path: Path, form: str, problems: Path) -> Iterator[str]:
    """The address of a service that has the data set."""
    (tmp_path / "problems").mkdir()
    settings = {
        "runtime_root": Settings().runtime_root,
        "dataset": f"{form}:{problems}",
        "listen_address": f"unix:{tmp_path}/s",
        "metrics_address": "",
        "store": "",
        "slots": 1,
        "uid_base": 67_000,
        "problems_dir": tmp_path / "problems",
    }
    sets = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    command = [sys.executable, "-m", "judge.cli.main", "serve", *sets]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["address"]
        finally:
            process.terminate()


def written(path: Path) -> dict[str, dict[str, Any]]:
    return {line["id"]: line for line in map(json.loads, path.read_text().splitlines()) if line["id"]}


def test_human_eval(tmp_path: Path) -> None:
    problems = write(
        tmp_path / "tasks.jsonl", SCALED, TYPED, task(task_id="Own/9", test="def check(candidate):\n    1 / 0\n")
    )
    samples = write(
        tmp_path / "samples.jsonl",
        {"task_id": "Own/0", "completion": RIGHT},
        {"task_id": "Own/0", "completion": WRONG},
        {"task_id": "Own/1", "completion": TYPED["canonical_solution"], "more": 1},
        {"task_id": "Own/7", "completion": ""},
    )
    output = tmp_path / "out.jsonl"
    done = run(tmp_path, "human-eval", problems, samples, output)
    assert done.returncode == 1, done.stderr
    lines = written(output)
    assert {name: (line["result"][:6], line["passed"]) for name, line in lines.items()} == {
        "Own/0#1": ("passed", True),
        "Own/0#2": ("failed", False),
        "Own/1#3": ("passed", True),
    }
    assert lines["Own/0#2"]["result"].startswith("failed: WRONG_ANSWER: secret/check: ")
    assert lines["Own/0#1"]["completion"] == RIGHT
    assert lines["Own/0#1"]["report"]["problem"] == "own/0"
    assert "no task 'Own/7'" in output.read_text()
    assert json.loads(done.stdout) == {"pass@1": 0.75}
    assert "1 of the data set's 3 tasks have no result" in done.stderr
    write(samples, {"task_id": "Own/9", "completion": RIGHT})  # its tests are wrong: a refusal, not a verdict
    again = run(tmp_path, "human-eval", problems, samples, tmp_path / "again.jsonl")
    assert again.returncode == 1
    assert "task 'Own/9'" in (tmp_path / "again.jsonl").read_text()
    assert "passed" not in (tmp_path / "again.jsonl").read_text()


PLUS = {
    "task_id": "HumanEval/900",
    "prompt": 'def halves(xs):\n    """Returns half of each."""\n',
    "entry_point": "halves",
    "canonical_solution": "    return [x / 2 for x in xs]\n",
    "contract": "",
    "base_input": [[[1, 2]], [[]]],
    "plus_input": [[[3]], [[-1, 10**20]]],
    "atol": 0,
}


def test_evalplus(tmp_path: Path) -> None:
    problems = write(tmp_path / "plus.jsonl", PLUS)
    completions = {
        "right": "    return [x * 0.5 for x in xs]\n",
        "near": "    return [x / 2 + 1e-9 for x in xs]\n",
        "far": "    return [x / 2 + 1e-5 for x in xs]\n",
        "whole": "    return [x // 2 for x in xs] if 3 in xs else [x / 2 for x in xs]\n",
        "none": "    return None\n",
    }
    samples = [{"task_id": "HumanEval/900", "solution": PLUS["prompt"] + text} for text in completions.values()]
    done = run(tmp_path, "evalplus", problems, write(tmp_path / "in.jsonl", *samples), tmp_path / "out.jsonl")
    assert done.returncode == 0, done.stderr
    found = [
        (line["base_status"], line["plus_status"], line["passed"]) for line in written(tmp_path / "out.jsonl").values()
    ]
    assert sorted(found, key=str) == sorted(
        [
            ("pass", "pass", True),
            ("pass", "pass", True),
            ("fail", None, False),
            ("pass", "fail", False),
            ("fail", None, False),
        ],
        key=str,
    )
    assert json.loads(done.stdout) == {
        "base": {"pass@1": pytest.approx(0.6)},
        "base + extra": {"pass@1": pytest.approx(0.4)},
    }


ROW = {
    "id": 2,
    "content": "Write a function to double a number.",
    "labels": {"test_setup_code": "import math", "test_imports": "[]"},
    "test": ["assert double(2) == 4", "assert math.isclose(double(0.5), 1.0)", "assert set(map(double, [1])) == {2}"],
}


def test_sandbox_fusion_and_parquet(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed (the extra judge[parquet])")
    import pyarrow

    problems = write(tmp_path / "rows.jsonl", ROW | {"test": ROW["test"][:2]})
    config = {"dataset_type": "MBPPDataset", "language": "python", "run_timeout": 20}
    completions = ["Here:\n```python\ndef double(x):\n    return 2 * x\n```\nDone.", "def double(x): return 4", "```"]
    rows = [{"dataset": "mbpp", "id": 2, "completion": text, "config": config} for text in completions]
    samples, output = tmp_path / "in.parquet", tmp_path / "out.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(rows), samples)
    done = run(tmp_path, "sandbox-fusion", problems, samples, output)
    assert done.returncode == 0, done.stderr
    table = {row["id"]: row for row in parquet.read_table(output).to_pylist()}
    assert {name: (row["verdict"], row["passed"]) for name, row in table.items()} == {
        "2#1": ("ACCEPTED", True),
        "2#2": ("WRONG_ANSWER", False),
        "2#3": ("COMPILE_ERROR", False),
    }
    assert json.loads(table["2#1"]["result"])["extracted_code"] == "def double(x):\n    return 2 * x\n"
    assert json.loads(table["2#1"]["report"])["verdict"] == "VERDICT_ACCEPTED"
    assert json.loads(done.stdout) == {"pass@1": pytest.approx(1 / 3)}


REQUESTS = {
    "human-eval": (
        SCALED,
        [{"task_id": "Own/0", "completion": text} for text in (RIGHT, WRONG)],
        {"pass@1": 0.5},
    ),
    "evalplus": (
        PLUS,
        [{"task_id": "HumanEval/900", "completion": text} for text in (PLUS["canonical_solution"], WRONG)],
        {"base": {"pass@1": 0.5}, "base + extra": {"pass@1": 0.5}},
    ),
    "sandbox-fusion": (
        ROW | {"test": ROW["test"][:2]},
        [
            {"dataset": "mbpp", "id": 2, "completion": f"def double(x): return {text}", "config": {}}
            for text in ("2 * x", "4")
        ],
        {"pass@1": 0.5},
    ),
}


@pytest.mark.parametrize("form", REQUESTS)
def test_by_a_service_that_has_the_data_set(tmp_path: Path, form: str) -> None:
    told, samples, passes = REQUESTS[form]
    problems = write(tmp_path / "tasks.jsonl", told)
    source, output = write(tmp_path / "in.jsonl", *samples), tmp_path / "out.jsonl"
    with served(tmp_path, form, problems) as address:
        command = [sys.executable, "-m", "judge.cli.main", "batch", str(source), "--output", str(output)]
        command += ["--format", form, "--problems", str(problems), "--server", address]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = written(output)
    assert [lines[name]["passed"] for name in sorted(lines)] == [True, False]
    assert json.loads(done.stdout) == passes
