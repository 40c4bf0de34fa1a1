"""Ray Data on a cluster of this machine: ``python dataset.py DIRECTORY``; prints what the rows of a data set got.

It runs as the first process of its own namespaces, as scenario.py does. The engine sleeps; one row is a fault of the
judge. The data set is written as Parquet and read again, graded in batches by ``Scores``, and told as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from judge.cluster import opening
from judge.cluster.reward import Reward
from judge.cluster.training import Scores
from tests.integration.cluster.drive import ENGINE
from tests.integration.cluster.scenario import raise_lo

ROWS, FAULT = 300, 137


class SleepingScores(Scores):
    """``Scores`` over the engine that sleeps."""

    def __init__(self) -> None:
        super().__init__(reward=Reward(opening.opened("auto", ENGINE, {}, lambda _: 1.0)).__enter__())


def main(directory: Path) -> None:
    raise_lo()
    import pyarrow as pa
    import pyarrow.parquet as pq
    import ray

    ray.init(num_cpus=2, include_dashboard=False, _temp_dir=str(directory / "ray"), _node_ip_address="127.0.0.1")
    rows = [
        {"number": n, "problem": f"p{n % 8}", "source": "fault" if n == FAULT else "sleep 0.01"} for n in range(ROWS)
    ]
    pq.write_table(pa.Table.from_pylist(rows), directory / "rows.parquet")
    read = ray.data.read_parquet(str(directory / "rows.parquet"))
    for row in read.map_batches(SleepingScores, concurrency=1, batch_size=64).take_all():
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    os._exit(0)  # the namespace's end kills what is left
