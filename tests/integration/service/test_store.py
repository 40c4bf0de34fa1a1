"""Reports of a service that was started again, over a real connection and a real file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from judge.store.sql import open_store

Requests = Callable[..., Any]
Opened = Callable[..., Any]


class Fixed:
    """One toolchain, the twin engine's by default."""

    def __init__(self, name: str = "none") -> None:
        self.name = name

    async def describe(self, language: str, runtime: str) -> str:
        return self.name

    def renew(self) -> None:
        pass


async def grade(house: Opened, request: Any, path: Path, toolchain: str = "none", **settings: Any) -> tuple[str, int]:
    """The last phase of the report, and how often the engine graded, of a service that is started for it alone."""
    store = await open_store(str(path))
    async with house(cached_reports=8, with_store=store, with_toolchains=Fixed(toolchain), **settings) as h:
        report = (await h.gradings.Grade(request)).report
        await h.server.stop()
        graded = len(h.engine.requests)
    await store.close()
    return report.phases[-1].name, graded


async def test_a_service_that_was_started_again_repeats_nothing(
    house: Opened, request_to_grade: Requests, tmp_path: Path
) -> None:
    path = tmp_path / "judge.db"
    assert await grade(house, request_to_grade(), path) == ("test", 1)
    assert await grade(house, request_to_grade(), path) == ("cached", 0)
    assert await grade(house, request_to_grade(no_cache=True), path) == ("test", 1)
    assert await grade(house, request_to_grade(b"2"), path) == ("test", 1)
    assert await grade(house, request_to_grade(problem="subtract"), path) == ("test", 1)


async def test_what_can_change_the_answer_is_in_the_name(
    house: Opened, request_to_grade: Requests, tmp_path: Path
) -> None:
    path = tmp_path / "judge.db"
    await grade(house, request_to_grade(), path)
    assert await grade(house, request_to_grade(), path, salt="other") == ("test", 1)
    assert await grade(house, request_to_grade(), path, close_percent=9) == ("test", 1)
    assert await grade(house, request_to_grade(), path, toolchain="another") == ("test", 1)
    assert await grade(house, request_to_grade(), path) == ("cached", 0)
