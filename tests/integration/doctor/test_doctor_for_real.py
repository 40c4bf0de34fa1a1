"""``judge doctor`` on this machine: every check is really made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from judge.config import Settings
from judge.doctor.check import Host, Status, examine
from judge.doctor.checks import CHECKS, checks
from judge.languages import load_toolchains
from judge.sandbox.cgroup import find_tree

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.geteuid() != 0, reason="real boxes need root"),
    pytest.mark.skipif(
        not (Settings().runtime_root / "python3" / "runtime.json").exists(),
        reason="the Python runtime is not built (make runtime)",
    ),
]


def doctor(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command."""
    command = [sys.executable, "-m", "judge.cli.main", "doctor", *arguments]
    env = {**os.environ, "COLUMNS": "200", **environment}
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def test_json_tells_every_check_and_the_exit_status_agrees():
    done = doctor("--format", "json")
    rows = json.loads(done.stdout)
    assert [row["name"] for row in rows] == [check.name for check in checks(Settings())]
    assert all(list(row) == ["name", "status", "found", "remedy"] for row in rows)
    failures = [row for row in rows if row["status"] == "FAIL"]
    assert failures == []
    assert done.returncode == 0


def test_a_failure_is_told_with_its_remedy_and_exit_status_1(tmp_path):
    done = doctor("--format", "json", JUDGE_RUNTIME_ROOT=str(tmp_path))
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert done.returncode == 1
    assert "make runtime" in rows["runtimes"]["found"]
    assert {name for name, row in rows.items() if row["status"] == "FAIL"} >= {
        "runtimes",
        "slot, cold",
        "python3, warm",
    }
    assert rows["cgroup controls"]["status"] == "PASS"


def test_an_unknown_format_is_a_usage_error():
    assert doctor("--format", "xml").returncode == 2


def copy_what_is_built(settings: Settings, state_dir: Path) -> None:
    """Copies what toolchains have in the state directory, which they would build for ten seconds."""
    harness = settings.state_dir / "harness"
    toolchains = load_toolchains(settings.runtime_root, settings.state_dir).usable.values()
    paths = [Path(bind.source) for toolchain in toolchains for bind in toolchain.binds]
    for name in {path.relative_to(harness).parts[0] for path in paths if path.is_relative_to(harness)}:
        shutil.copytree(harness / name, state_dir / "harness" / name)


def test_a_place_that_slots_cannot_reach_fails(tmp_path):
    """Temporary directories of tests are closed to others; the harness is installed into one."""
    known = Settings()
    settings = Settings(state_dir=tmp_path, runtime_root=known.runtime_root)
    copy_what_is_built(known, tmp_path)
    check = next(check for check in CHECKS if check.name == "runtimes reachable")
    (result,) = examine([check], Host(settings=settings))
    assert result.finding.status is Status.FAIL
    assert "chmod o+x" in result.finding.remedy


def test_nothing_is_left_behind():
    settings = Settings()
    tree = find_tree(settings.cgroup_root)
    parents = [tree.parent] if tree.version == 2 else list(Path("/sys/fs/cgroup").glob("*/judge"))
    checks = [check for check in CHECKS if check.name.startswith(("cgroup", "slot", "state", "run "))]
    statuses = {result.name: result.finding.status for result in examine(checks, Host(settings=settings))}
    assert Status.FAIL not in statuses.values()
    assert not [path for parent in parents for path in parent.glob(f"doctor-{os.getpid()}")]
    left = [*settings.state_dir.glob(".doctor-*"), *settings.run_dir.glob(".doctor-*")]
    assert left == []
