"""A driver in a process of its own: ``python drive.py ADDRESS SOURCE OUTPUT``; grades a file on a cluster that sleeps.

It prints when the first and the last result were there, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path

from judge.batch.ledger import Ledger
from judge.batch.lines import Submission, read_lines
from judge.batch.pump import Outcome, Pump
from judge.cli.clustered import own_output
from judge.cluster import opening

ENGINE = "tests.integration.cluster.sleeping:opened"


async def main(address: str, source: str, output: str) -> None:
    told = own_output()
    with Ledger(Path(output)) as ledger:
        async with opening.opened(address, ENGINE, {}, lambda _: 1.0) as (grade, window):
            times: list[float] = []

            async def timed(line: Submission) -> Outcome:
                outcome = await grade(line)
                times.append(time.monotonic())
                return outcome

            pump = Pump(ledger=ledger, grade=timed, parallel=window, warn=lambda text: print(text, file=sys.stderr))
            await pump.run(read_lines(Path(source)))
    print(json.dumps({"faults": pump.faults, "first": min(times), "last": max(times)}), file=told, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
    os._exit(0)  # as the command does: Ray's own way out ends with 1 when its node is gone
