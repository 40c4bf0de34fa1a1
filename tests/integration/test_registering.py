"""Registering and compiling packages over gRPC with a service as an operator runs it: real slots, real files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest

from judge.api.v1 import problem_pb2, problem_pb2_grpc
from judge.cli.problem import compile_problem
from judge.cli.register import register_problem
from judge.client import CallFailed, NotFound, SyncJudgeClient, program_of
from judge.config import Settings
from judge.model.verdict import Verdict

ROOT = Path(__file__).parents[2]
SETTINGS = Settings(uid_base=80_000 + 4096 * (os.getpid() % 256))  # users of no other service, or run of these tests
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

LOOKING = """
import os

def total(values):
    for place in {places}:
        try:
            os.listdir(place)
        except OSError:
            continue
        return "it can be read"
    return sum(values)
"""
WRONG = [
    ("judge.yaml", PACKAGE["judge.yaml"].replace("exact", "exakt"), r"judge\.yaml:9: .*'exakt'"),
    ("reference/total.py", "def total(values):\n    return None\n", r"data/secret/one\.in: test 'secret/one': "),
]

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


def listed_by(user: int, place: Path) -> bool:
    """Whether that user of the machine can list a directory."""
    look = f"import os, sys; os.setgroups([]); os.setgid({user}); os.setuid({user}); os.listdir(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", look, str(place)], check=False, capture_output=True)
    assert done.returncode == 0 or b"PermissionError" in done.stderr
    return done.returncode == 0


@contextmanager
def half_an_upload(address: str, depot: Path) -> Iterator[None]:
    """While the context lasts, half an archive has arrived."""
    go_on = threading.Event()
    waiting = len(list(depot.glob("uploads/*")))

    def messages() -> Iterator[problem_pb2.RegisterProblemRequest]:
        header = problem_pb2.PackageHeader(slug="half", size_bytes=2000)
        yield problem_pb2.RegisterProblemRequest(header=header)
        yield problem_pb2.RegisterProblemRequest(chunk=bytes(1000))
        go_on.wait()

    with grpc.insecure_channel(address) as channel:
        call = problem_pb2_grpc.ProblemServiceStub(channel).Register.future(messages())
        while len(list(depot.glob("uploads/*"))) == waiting:
            assert not call.done(), call.exception()
        try:
            yield
        finally:
            go_on.set()
            call.cancel()


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that every user of the machine can reach."""
    with tempfile.TemporaryDirectory(prefix="judge-registering-") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


def test_from_an_upload_to_a_verdict_and_to_another(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    depot, root = place / "depot", write(place / "arrays" / "list-sum")
    looking = program_of(LOOKING.format(places=[str(depot), str(SETTINGS.state_dir / "plans")]))
    with service(depot) as (process, address), SyncJudgeClient(address) as client:
        register_problem(root, server=address, output="json")
        registered = json.loads(capsys.readouterr().out)
        assert (registered["problem"], registered["cases"], registered["unchanged"]) == ("list-sum", 2, False)
        (problem,) = client.list_problems("arrays")
        assert (problem.slug, problem.name, problem.error) == ("list-sum", "Sum of a list", "")
        report = client.grade("list-sum", SUM)
        assert (report.verdict, report.plan_digest) == (Verdict.ACCEPTED, registered["digest"])
        assert client.grade("list-sum", TWICE).verdict is Verdict.WRONG_ANSWER
        assert client.grade("list-sum", looking).verdict is Verdict.ACCEPTED
        assert not listed_by(SETTINGS.uid_base, depot)
        assert not listed_by(SETTINGS.uid_base, SETTINGS.state_dir / "plans")
        assert listed_by(SETTINGS.uid_base, place)

        for name, text, message in WRONG:
            with pytest.raises(CallFailed, match=message) as caught:
                client.register_problem(write(root, **{name: text}))
            assert caught.value.reason == "INVALID_PACKAGE"
            assert str(depot) not in str(caught.value)
            write(root)
        compile_problem("list-sum", server=address)
        assert capsys.readouterr().out == f"list-sum: 2 cases, plan {registered['digest']}\n"

        write(root, **{"reference/total.py": "def total(values):\n    return 2 * sum(values)\n"})
        changed = client.register_problem(root)
        assert client.grade("list-sum", SUM).verdict is Verdict.WRONG_ANSWER
        report = client.grade("list-sum", TWICE)
        assert (report.verdict, report.plan_digest) == (Verdict.ACCEPTED, changed.plan_digest)
        with half_an_upload(address, depot):
            process.kill()
            process.wait()
        assert list(depot.glob("uploads/*"))
    with service(depot) as (_, address), SyncJudgeClient(address) as client:  # it outlives the service
        assert not list(depot.glob("uploads/*"))
        assert client.grade("list-sum", TWICE).verdict is Verdict.ACCEPTED
        with pytest.raises(NotFound):
            client.get_problem("half")
