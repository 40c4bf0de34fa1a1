"""A batch whose service is killed in the middle: the next service goes on, and every item has exactly one report."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest

from judge.api.v1 import batch_pb2, batch_pb2_grpc, program_pb2

SERVED = Path(__file__).parent / "served.py"
ITEMS = 300


@contextmanager
def service(directory: Path) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """A service over the store in ``directory``, and a stub of its batches."""
    address = f"unix:{directory}/s"
    command = [sys.executable, str(SERVED), address, str(directory / "judge.db"), "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            with grpc.insecure_channel(address) as channel:
                yield process, batch_pb2_grpc.BatchServiceStub(channel)  # type: ignore[no-untyped-call]
        finally:
            process.terminate()
            process.wait(60)


def parts(count: int, request_id: str = "r") -> Iterator[batch_pb2.CreateBatchRequest]:
    yield batch_pb2.CreateBatchRequest(header=batch_pb2.BatchHeader(request_id=request_id))
    for number in range(count):
        file = program_pb2.SourceFile(path="main.py", content=f"accept:{number}".encode())
        program = program_pb2.Program(language="python3", files=[file])
        item = batch_pb2.BatchItem(item_id=f"item-{number}", problem="add", program=program)
        yield batch_pb2.CreateBatchRequest(item=item)


def killed_in_the_middle(directory: Path, after: int) -> str:
    """Creates a batch, kills the service after so many results, and returns the batch's id."""
    with service(directory) as (process, batches):
        batch_id = batches.Create(parts(ITEMS)).batch.batch_id
        watch = batches.Watch(batch_pb2.WatchBatchRequest(batch_id=batch_id, include_results=True))
        results = (answer for answer in watch if answer.WhichOneof("event") == "result")
        for _ in range(after):
            next(results)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
    return str(batch_id)


def finished(directory: Path, batch_id: str) -> list[batch_pb2.WatchBatchResponse]:
    """The results of a batch, from the service that goes on with it."""
    with service(directory) as (_, batches):
        watch = batches.Watch(batch_pb2.WatchBatchRequest(batch_id=batch_id, include_results=True))
        answers = list(watch)
        assert answers[-1].batch.state == batch_pb2.BATCH_STATE_SUCCEEDED
        assert answers[-1].batch.progress.finished_count == ITEMS
    return [answer for answer in answers if answer.WhichOneof("event") == "result"]


@pytest.mark.parametrize("after", [1, 40])
def test_a_killed_service_s_batch_is_finished_by_the_next(after: int) -> None:
    with tempfile.TemporaryDirectory(prefix="judge-") as name:
        directory = Path(name)
        results = finished(directory, killed_in_the_middle(directory, after))
        assert [result.position for result in results] == list(range(1, ITEMS + 1))
        assert Counter(result.result.item_id for result in results) == {f"item-{n}": 1 for n in range(ITEMS)}
        digests = {result.result.report.program_digest for result in results}
        assert len(digests) == ITEMS  # each its own program's report


def test_a_service_that_is_started_again_grades_nothing_of_the_same_batch_again() -> None:
    with tempfile.TemporaryDirectory(prefix="judge-") as name:
        directory = Path(name)
        with service(directory) as (_, batches):
            batch_id = batches.Create(parts(20, "first")).batch.batch_id
            list(batches.Watch(batch_pb2.WatchBatchRequest(batch_id=batch_id)))
        with service(directory) as (_, batches):
            again = batches.Create(parts(20, "second")).batch.batch_id
            list(batches.Watch(batch_pb2.WatchBatchRequest(batch_id=again)))
            pages = [
                batches.ListResults(batch_pb2.ListBatchResultsRequest(batch_id=one)).results
                for one in (batch_id, again)
            ]
        messages = [{r.item_id: r.report.message for r in page} for page in pages]
        assert messages[0] == messages[1]  # the message is the process that graded
        assert len({r.report.submission_id for page in pages for r in page}) == 40
