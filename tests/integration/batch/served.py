"""A service in a process of its own, over workers that obey the source: ``python served.py ADDRESS STORE SLOTS``.

A fourth argument is the state of the problems, by default always the same one.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from judge.config import Settings
from judge.engine.local import LocalEngine
from judge.logs import configure
from judge.metrics import PrometheusObserver
from judge.rpc import server
from judge.store.sql import open_store
from judge.twins import MemoryCatalogue, problem_of

WORKER = Path(__file__).parents[2] / "unit" / "engine" / "fake_worker.py"


class Fixed:
    """The toolchain that the workers' reports name."""

    async def describe(self, language: str, runtime: str) -> str:
        return "none"

    def renew(self) -> None:
        pass


def announce(address: str) -> None:
    """Says that it listens, and in a second line where."""
    print(f"ready\n{address}", flush=True)


async def main(address: str, store_path: str, slots: int, state: str = "1") -> None:
    configure("json", "warning")
    settings = Settings(listen_address=address, slots=slots)
    observer = PrometheusObserver()
    store = await open_store(store_path)
    async with LocalEngine((sys.executable, str(WORKER), "ok"), slots=slots, observer=observer) as engine:
        catalogue = MemoryCatalogue([replace(problem_of("add"), source_digest=state)])
        await server.serve(engine, catalogue, settings, observer, store, Fixed(), announce)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:]))
