"""``judge problem verify`` as it is run, in real boxes: exit statuses, formats, and programs that solve nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.authoring.conftest import RUNTIMES
from tests.unit.authoring.goods import Good

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).parents[3]


def verify(tmp_path: Path, state: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return of_problem(tmp_path, state, "verify", *arguments)


def of_problem(tmp_path: Path, state: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {"JUDGE_STATE_DIR": state, "JUDGE_RUNTIME_ROOT": str(RUNTIMES)}
    settings |= {"JUDGE_PROBLEMS_DIR": str(tmp_path), "JUDGE_UID_BASE": "64000"}
    command = [sys.executable, "-m", "judge.cli.main", "problem", *arguments]
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)


def test_a_good_package_passes_and_a_spoiled_one_does_not(tmp_path: Path, state: str) -> None:
    good = Good(tmp_path / "family" / "totals", "totals")
    done = verify(tmp_path, state, "totals")
    assert (done.returncode, done.stdout.splitlines()[-1].count("passes at level quick")) == (0, 1), done.stdout
    good.replace("judge.yaml", "checker: exact", "checker: {name: unordered}")
    # a set's order depends on the hash seed, which the twin in this process does not change
    good.replace("author/numbers_of.py", "rng.randint(1, 9)", "int(''.join({*'0123456789'}))")
    spoiled = verify(tmp_path, state, str(good.root), "--format", "json", "--workers", "1")
    assert spoiled.returncode == 1, spoiled.stderr
    told = json.loads(spoiled.stdout)
    rules = {finding["rule"] for finding in told["problems"][0]["findings"] if finding["severity"] == "error"}
    assert rules == {"checker-order", "generator-deterministic"}
    assert told["passes"] is False


def test_what_is_not_there_is_a_mistake_of_the_callers(tmp_path: Path, state: str) -> None:
    for arguments in (["nothing"], ["./nothing"], [".", "--level", "slow"], [".", "--only", "idle"]):
        done = verify(tmp_path, state, *arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert "expected" in done.stderr or "there is no problem" in done.stderr


def test_a_program_that_solves_nothing_is_not_accepted(tmp_path: Path, state: str) -> None:
    good = Good(tmp_path / "family" / "larger", "larger")
    rule = ("--level", "full", "--only", "adversary-accepted", "--format", "github")
    done = verify(tmp_path, state, "larger", *rule)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    good.write("author/check.py", "def check(arguments, expected, answer):\n    return True\n")
    done = verify(tmp_path, state, "larger", *rule)
    assert done.returncode == 1
    assert "::error file=" in done.stdout
    assert "a program that returns a zero is accepted" in done.stdout


PLAIN = {
    "problem.yaml": "name: Sum\nlimits: {time_limit: 5}\n",
    "data/secret/1.in": "1 2\n",
    "data/secret/1.ans": "3\n",
    "submissions/accepted/right.py": "print(sum(map(int, input().split())))\n",
    "submissions/accepted/right.kt": "fun main() {}\n",
    "submissions/wrong_answer/right.py": "print(3)\n",
}


def test_a_package_s_own_submissions_are_compared_with_what_it_declares(tmp_path: Path, state: str) -> None:
    root = tmp_path / "sum"
    for name, content in PLAIN.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    other = tmp_path / "least"
    other.mkdir()
    (other / "problem.yaml").write_text("name: Least\ngrading: {objective: least}\n")
    done = of_problem(tmp_path, state, "examples", str(root), str(other), "--workers", "1")
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines() == [
        f"{root}/submissions/accepted/right.py: ACCEPTED",
        f"{root}/submissions/wrong_answer/right.py: ACCEPTED: DIFFERENT",
        "    expected WRONG_ANSWER, found ACCEPTED: all 1 tests passed",
        f"{root}/submissions/accepted/right.kt: left out: its language is not here: kotlin",
        f"{root}: 1 submissions as declared, 1 different, 1 left out; 1 tests",
        f"{other}: refused: {other}/problem.yaml:2: unknown grading.objective 'least': expected one of max, min",
    ]
    (root / "submissions/wrong_answer/right.py").write_text("print(4)\n")
    assert of_problem(tmp_path, state, "examples", str(root), "--different", "--workers", "1").returncode == 0
