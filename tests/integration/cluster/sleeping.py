"""An engine for nodes of a test cluster: a submission's source says what its grading does.

``sleep SECONDS`` is accepted after so long; ``fault`` is a fault of the judge; ``die PATH`` kills the actor's process.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from judge.batch.lines import Submission
from judge.batch.pump import Fault, Graded, Outcome
from judge.cluster.node import Grade
from judge.errors import EnvironmentFault
from judge.model.verdict import Verdict

PARALLEL = 4


@asynccontextmanager
async def opened(settings: dict[str, str]) -> AsyncIterator[tuple[Grade, int]]:
    if "broken" in settings:
        raise EnvironmentFault("expected a machine that works, found none")
    yield grade, PARALLEL


async def grade(line: Submission) -> Outcome:
    word, _, rest = line.source.partition(" ")
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "fault":
        return Fault(message="a worker was lost twice", fatal=False)
    await asyncio.sleep(float(rest))
    score = b'{"verdict":"VERDICT_ACCEPTED","score":{"numerator":"1","denominator":"1"}}'
    return Graded(verdict=Verdict.ACCEPTED, json=score)
