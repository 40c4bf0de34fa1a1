"""Registering and compiling packages over gRPC with a service as an operator runs it: real slots, real files."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from judge.client import NotFound, SyncJudgeClient, program_of
from judge.config import Settings
from judge.model.verdict import Verdict

ROOT = Path(__file__).parents[2]
SETTINGS = Settings(uid_base=80_000 + 4096 * (os.getpid() % 256))  # users of no other service, or run of these tests
GIVEN = "shortest-cover-all-distinct"  # a problem of the operator's
PACKAGE = {
    "problem.yaml": """\
problem_format_version: 2025-09
name: Sum of a list
uuid: 5b2b0f6e-0000-4000-8000-000000000002
license: cc by
credits: An Author
limits: {time_limit: 2, memory: 64}
""",
    "judge.yaml": """\
judge: 1
kind: function
entry_point: total
signature:
  parameters:
    values: list[int]
  returns: int
checker:
  name: exact
reference: {file: reference/total.py}
""",
    "statement/problem.en.md": "Return the sum.\n",
    "data/secret/one.in": '{"values": [1, 2, 3]}\n',
    "data/secret/two.in": '{"values": []}\n',
    "reference/total.py": "def total(values):\n    return sum(values)\n",
}
SUM = program_of("def total(values):\n    return sum(values)\n")
TWICE = program_of("def total(values):\n    return 2 * sum(values)\n")

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(os.geteuid() != 0, reason="real slots need root"),
    pytest.mark.skipif(
        not (SETTINGS.runtime_root / "python3" / "runtime.json").exists(),
        reason=f"the Python runtime is not built in {SETTINGS.runtime_root} (make runtime)",
    ),
]


@contextmanager
def service(depot: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running service of one slot that keeps packages in ``depot``, and its address."""
    settings = {
        "listen_address": "127.0.0.1:0",
        "metrics_address": "",
        "store": "",
        "slots": "1",
        "problems_dir": str(ROOT / "problems"),
        "uid_base": str(SETTINGS.uid_base),
        "registered_dir": str(depot),
        "log_level": "warning",
    }
    command = [sys.executable, "-m", "judge.cli.main", "serve", *(f"--set={k}={v}" for k, v in settings.items())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())["address"]
        finally:
            process.terminate()
            process.wait(60)


def write(root: Path, **changes: str) -> Path:
    for name, text in (PACKAGE | changes).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def files_in(depot: Path) -> list[Path]:
    return sorted(path for path in depot.rglob("*") if path.is_file() and path.name != "lock")


def test_from_an_upload_to_a_verdict_and_to_another(tmp_path: Path) -> None:
    depot, root = tmp_path / "depot", write(tmp_path / "arrays" / "list-sum")
    with service(depot) as (_, address), SyncJudgeClient(address) as client:
        registered = client.register_problem(root)
        assert (registered.problem.slug, registered.problem.family, registered.problem.name) == (
            "list-sum",
            "arrays",
            "Sum of a list",
        )
        assert (registered.case_count, registered.unchanged, registered.problem.error) == (2, False, "")
        report = client.grade("list-sum", SUM)
        assert (report.verdict, report.plan_digest) == (Verdict.ACCEPTED, registered.plan_digest)
        assert client.grade("list-sum", TWICE).verdict is Verdict.WRONG_ANSWER
        assert client.get_problem("list-sum").statement.startswith("Return the sum")
        assert "list-sum" in [problem.slug for problem in client.list_problems()]

        again = client.register_problem(root)
        assert (again.unchanged, again.source_digest) == (True, registered.source_digest)
        compiled = client.compile_problem("list-sum")
        assert (compiled.plan_digest, compiled.case_count) == (registered.plan_digest, 2)

        write(root, **{"reference/total.py": "def total(values):\n    return 2 * sum(values)\n"})
        changed = client.register_problem(root)
        assert not changed.unchanged
        assert client.grade("list-sum", SUM).verdict is Verdict.WRONG_ANSWER
        report = client.grade("list-sum", TWICE)
        assert (report.verdict, report.plan_digest) == (Verdict.ACCEPTED, changed.plan_digest)
        assert changed.plan_digest != registered.plan_digest
        with pytest.raises(NotFound):
            client.compile_problem("list-product")
        assert not any(stat.S_IMODE(path.lstat().st_mode) & 0o077 for path in files_in(depot))
    with service(depot) as (_, address), SyncJudgeClient(address) as client:  # it outlives the service
        assert client.grade("list-sum", TWICE).verdict is Verdict.ACCEPTED
