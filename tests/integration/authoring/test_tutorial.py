"""The tutorial does what it says: its commands are run and its files written, in their order, in real boxes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.authoring.conftest import RUNTIMES

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).parents[3]
BLOCKS = re.findall(
    r"^```(\w+)(?: (\S+))?\n(.*?)^```$", (ROOT / "docs/tutorial.md").read_text(), re.MULTILINE | re.DOTALL
)


def test_the_commands_and_files_of_the_tutorial_make_a_verified_problem(tmp_path: Path, state: str) -> None:
    settings = {"JUDGE_STATE_DIR": state, "JUDGE_RUNTIME_ROOT": str(RUNTIMES), "JUDGE_UID_BASE": "64000"}
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
    script = ["set -e", f'judge() {{ {sys.executable} -m judge.cli.main "$@"; }}']
    for at, (language, name, text) in enumerate(BLOCKS):
        if name:
            (tmp_path / f"block-{at}").write_text(text)
            script.append(f"cp {tmp_path}/block-{at} {name}")
        elif language == "sh":
            script.append(text)
    command = ["bash", "-c", "\n".join(script)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    verified = re.search(r"^\.: (.*)$", done.stdout, re.MULTILINE)
    assert verified is not None, done.stdout
    assert verified[1] == "passes at level quick: 0 errors, 0 warnings, 0 notes, 0 waived"
    assert "ACCEPTED" in done.stdout
    package = tmp_path / "feeds" / "pick-ads"
    assert (package / "judge.lock").is_file()
    assert "Draws against their law" in (package / "pick-ads.html").read_text()


def test_every_file_of_the_tutorial_is_part_of_the_package() -> None:
    names = [name for _, name, _ in BLOCKS if name]
    assert {"judge.yaml", "problem.yaml", "statement/problem.en.md"} <= set(names)
    assert len(names) == len(set(names)) >= 10
