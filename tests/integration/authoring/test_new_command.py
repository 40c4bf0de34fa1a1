"""A new package of the kind that no twin can run: in real boxes, the rules on its submissions find
nothing but what is left to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.authoring.conftest import RUNTIMES

pytestmark = pytest.mark.sandbox

RULES = (
    "unfinished",
    "submission-verdict",
    "submission-variety",
    "single-killer",
    "varied-answers",
    "statement-limits",
)
ROOT = Path(__file__).parents[3]


def test_a_new_interactive_package_has_nothing_wrong_but_what_is_left_to_do(tmp_path: Path, state: str) -> None:
    settings = {"JUDGE_STATE_DIR": state, "JUDGE_RUNTIME_ROOT": str(RUNTIMES), "JUDGE_UID_BASE": "64000"}
    environment = {**os.environ, **settings, "JUDGE_PROBLEMS_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}

    def problem(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "judge.cli.main", "problem", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    made = problem("new", "interactive", "find-it")
    assert made.returncode == 0, made.stderr
    done = problem("verify", "find-it", "--format", "json", *(f"--only={rule}" for rule in RULES))
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)["problems"][0]["findings"]
    assert {one["rule"] for one in found if one["severity"] != "info"} == {"unfinished"}
