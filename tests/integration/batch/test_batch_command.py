"""``judge batch --server`` in a process of its own: killed in the middle, run again, one line for each id."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVED = Path(__file__).parent / "served.py"
ITEMS = 400


@contextmanager
def served() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="judge-") as directory:
        command = [sys.executable, str(SERVED), f"unix:{directory}/s", "", "2"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                assert process.stdout.readline() == "ready\n"
                yield f"unix:{directory}/s"
            finally:
                process.terminate()
                process.wait(60)


def submissions(path: Path, count: int, *more: str) -> Path:
    lines = [
        json.dumps({"id": f"s{number}", "problem": "add", "source": f"accept:{number}", "language": "python3"})
        for number in range(count)
    ]
    path.write_text("\n".join([*lines, *more]) + "\n")
    return path


def command(source: Path, output: Path, address: str) -> list[str]:
    return [sys.executable, "-m", "judge.cli.main", "batch", str(source), "--output", str(output), "--server", address]


def written(output: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.read_bytes().split(b"\n")[:-1]]


def test_killed_in_the_middle_and_run_again(tmp_path: Path) -> None:
    source, output = submissions(tmp_path / "in.jsonl", ITEMS), tmp_path / "out.jsonl"
    with served() as address:
        with subprocess.Popen(command(source, output, address), stderr=subprocess.DEVNULL) as first:
            while not output.exists() or output.read_bytes().count(b"\n") < 5:
                assert first.poll() is None
            first.send_signal(signal.SIGKILL)
        before = len(written(output))
        second = subprocess.run(command(source, output, address), capture_output=True, text=True, check=True)
        third = subprocess.run(command(source, output, address), capture_output=True, text=True, check=True)
    assert 5 <= before < ITEMS
    lines = written(output)
    assert sorted(str(line["id"]) for line in lines) == sorted(f"s{number}" for number in range(ITEMS))
    assert all(line["report"]["verdict"] == "VERDICT_ACCEPTED" for line in lines)  # type: ignore[index]
    assert f"{ITEMS} lines in {output}, {ITEMS - before} of them new" in second.stderr
    assert ", 0 of them new" in third.stderr


def test_exit_codes(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    with served() as address:
        bad = submissions(tmp_path / "in", 3, '{"id": "x", "problem": "none", "source": ""}', "{")
        assert subprocess.run(command(bad, output, address), capture_output=True).returncode == 1
        faulty = submissions(tmp_path / "faulty", 1, '{"id": "x", "problem": "add", "source": "die"}')
        assert subprocess.run(command(faulty, tmp_path / "o", address), capture_output=True).returncode == 70
        assert [line["id"] for line in written(tmp_path / "o")] == ["s0"]
    errors = {str(line["id"]): line["error"] for line in written(output) if "error" in line}
    assert {name: error["reason"] for name, error in errors.items()} == {  # type: ignore[index]
        "x": "UNKNOWN_PROBLEM",
        "None": "INVALID_LINE",
    }
    assert subprocess.run(command(tmp_path / "none", output, address), capture_output=True).returncode == 2
    assert subprocess.run(command(bad, bad, address), capture_output=True).returncode == 2
