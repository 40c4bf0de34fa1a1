"""What is said without Ray, and when two graders are asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from judge.cluster.connection import connected
from judge.errors import SubmissionError


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)  # an import of it fails
    with pytest.raises(SubmissionError, match=r"install the extra judge\[ray\]"), connected("auto", "m:n", {}):
        pass


def test_a_service_or_a_cluster_but_not_both(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("")
    command = [sys.executable, "-m", "judge.cli.main", "batch", str(tmp_path / "in.jsonl")]
    command += ["--output", str(tmp_path / "out.jsonl"), "--server", "h:1", "--ray", "auto"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "expected --server or --ray, found 'h:1' and 'auto'" in done.stderr
