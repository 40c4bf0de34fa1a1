"""Two services, one PostgreSQL: they share its batches, and one finishes what the other leaves when it is killed."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

from judge.client import BatchResult, BatchState, JudgeClient, NewItem, program_of
from judge.model.report import Report
from judge.model.verdict import Verdict
from tests.integration.batch.postgres_server import PostgresServer
from tests.integration.batch.test_kills import ASKED_FOR, fake_service

pytestmark = ASKED_FOR

ITEMS = 6000  # so many that the second service, which looks once a second, finds some


def items(sources: list[str]) -> list[NewItem]:
    return [NewItem(item_id=f"item-{n}", problem="add", program=program_of(s)) for n, s in enumerate(sources)]


async def results(client: JudgeClient, batch_id: str) -> AsyncIterator[BatchResult]:
    last = None
    async for change in client.batches.watch(batch_id):
        if isinstance(change, BatchResult):
            yield change
        else:
            last = change
    assert last is not None
    assert last.state is BatchState.SUCCEEDED


def test_one_of_two_services_is_killed_and_the_other_finishes_its_chunks(postgres: PostgresServer) -> None:
    store = postgres.new_database()
    with ExitStack() as stack:
        directories = [Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="judge-"))) for _ in range(2)]
        services = [stack.enter_context(fake_service(directory, store, slots=1)) for directory in directories]

        async def run() -> list[BatchResult]:
            async with JudgeClient(f"unix:{directories[0]}/s") as client:
                batch = await client.batches.create(items([f"accept:{n}" for n in range(ITEMS)]))
                seen: list[BatchResult] = []
                graders: set[str] = set()
                async for result in results(client, batch.batch_id):
                    seen.append(result)
                    if len(graders) < 2 and isinstance(result.outcome, Report):
                        graders.add(result.outcome.message)  # the process that graded
                        if len(graders) == 2:
                            services[1].kill()
                return seen

        seen = asyncio.run(run())
    assert Counter(result.item_id for result in seen) == {f"item-{n}": 1 for n in range(ITEMS)}
    reports = [result.outcome for result in seen if isinstance(result.outcome, Report)]
    assert {report.verdict for report in reports} == {Verdict.ACCEPTED}
    graders = Counter(report.message for report in reports)  # the message is the process that graded
    assert len(graders) == 2, graders  # the workers of both services
