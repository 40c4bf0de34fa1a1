"""``judge rejudge`` against a service whose problem has changed since the batch was graded."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from judge.cli.main import run
from judge.client import BatchResult, JudgeClient, NewItem, program_of

SERVED = Path(__file__).parent / "served.py"


@contextmanager
def service(directory: Path, state: str) -> Iterator[str]:
    address = f"unix:{directory}/s"
    command = [sys.executable, str(SERVED), address, str(directory / "judge.db"), "2", state]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            yield address
        finally:
            process.terminate()
            process.wait(60)


async def graded(address: str, verdict: Path) -> str:
    """A batch of three items whose verdict is in a file, and of one that is always accepted."""
    sources = [f"verdict_in:{verdict}#{number}" for number in range(3)] + ["accept"]
    async with JudgeClient(address) as client:
        items = [
            NewItem(item_id=f"i{n}", problem="add", program=program_of(source)) for n, source in enumerate(sources)
        ]
        batch = await client.batches.create(items)
        async for _ in client.batches.watch(batch.batch_id):
            pass
        return batch.batch_id


async def verdicts(address: str, batch_id: str) -> dict[str, str]:
    async with JudgeClient(address) as client:
        found: list[BatchResult] = [result async for result in client.batches.results(batch_id)]
    return {result.item_id: result.outcome.verdict for result in found}  # type: ignore[union-attr]


def rejudge(capsys: pytest.CaptureFixture[str], address: str, *arguments: str) -> tuple[int, str, str]:
    """Runs the command in this process; returns its exit code and what it printed."""
    before, sys.argv = sys.argv, ["judge", "rejudge", *arguments, "--server", address]
    try:
        with pytest.raises(SystemExit) as ended:
            run()
    finally:
        sys.argv = before
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


@pytest.fixture
def changed() -> Iterator[tuple[str, str]]:
    """A service with a batch whose problem has changed, and the batch."""
    with tempfile.TemporaryDirectory(prefix="judge-") as name:
        directory, verdict = Path(name), Path(name) / "verdict"
        verdict.write_text("ACCEPTED")
        with service(directory, "1") as address:
            batch_id = asyncio.run(graded(address, verdict))
        verdict.write_text("WRONG_ANSWER")
        with service(directory, "2") as address:
            yield address, batch_id


def test_shown_then_applied_or_dropped(changed: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    address, batch_id = changed
    code, out, err = rejudge(capsys, address, batch_id, "--item", "i1", "--drop")
    assert (code, "ACCEPTED" in out, "i1" in out) == (0, True, True), err
    code, _, err = rejudge(capsys, address, batch_id, "--item", "i3")
    assert (code, "nothing changes" in err) == (0, True), err
    code, out, err = rejudge(capsys, address, batch_id, "--format", "json")
    found = json.loads(out)
    assert (code, found["batch_id"], found["changed_count"]) == (1, batch_id, 3), err
    assert found["transitions"] == [
        {"before": "ACCEPTED", "after": "ACCEPTED", "count": 1},
        {"before": "ACCEPTED", "after": "WRONG_ANSWER", "count": 3},
    ]
    assert [change["id"] for change in found["changes"]] == ["i0", "i1", "i2"]
    assert found["changes"][0]["after"] == {"verdict": "WRONG_ANSWER", "score": "0"}
    assert set(asyncio.run(verdicts(address, batch_id)).values()) == {"ACCEPTED"}
    code, _, err = rejudge(capsys, address, found["rejudging_id"], "--apply")
    assert (code, f"applied: 3 results of batch {batch_id}" in err) == (0, True), err
    after = asyncio.run(verdicts(address, batch_id))
    assert after == {"i0": "WRONG_ANSWER", "i1": "WRONG_ANSWER", "i2": "WRONG_ANSWER", "i3": "ACCEPTED"}
    assert rejudge(capsys, address, found["rejudging_id"])[0] == 0
    for arguments in (("x",), (batch_id, "--apply", "--drop"), (batch_id, "--verdict", "x"), (batch_id, "--item", "x")):
        assert rejudge(capsys, address, *arguments)[0] == 2, arguments
