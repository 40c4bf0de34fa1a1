"""The driver over nodes in this process: what is lost, broken or of another kind, and what becomes of submissions."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from judge.batch.lines import Submission
from judge.batch.pump import Fault, Graded, Outcome
from judge.cluster import driver as module
from judge.cluster import wire
from judge.cluster.dispatch import LOST_AFTER
from judge.cluster.driver import Driver
from judge.cluster.node import Grade, JudgeNode
from judge.model.verdict import Verdict

OPENED: list[bool] = []  # one for each engine that was asked for
ENGINE = f"{__name__}:opened"


@asynccontextmanager
async def opened(settings: dict[str, str]) -> AsyncIterator[tuple[Grade, int]]:
    OPENED.append(True)
    if "broken" in settings or ("first" in settings and len(OPENED) == 1):
        raise OSError("expected a machine that works, found none")
    yield grade, 2


async def grade(line: Submission) -> Outcome:
    return Graded(verdict=Verdict.ACCEPTED, json=b"{}")


@dataclass(slots=True)
class Nodes:
    """The driver's Cluster, of actors in this process; ``loses`` says which chunks are lost, by node and ids."""

    settings: dict[str, dict[str, str]]  # by node
    loses: Callable[[str, list[str]], bool] = lambda node, ids: False
    asked: dict[str, str] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)  # how often an id was sent
    ended: list[str] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    lost: tuple[type[Exception], ...] = (ConnectionError,)
    actors: dict[str, Any] = field(default_factory=dict)

    def nodes(self) -> list[str]:
        return list(self.settings)

    def actor(self, node: str) -> Any:
        if node not in self.actors:
            actor = JudgeNode(ENGINE, self.settings[node])
            methods = {"hello": actor.hello, "grade": lambda chunk: self._graded(node, actor, chunk)}
            remote = {name: SimpleNamespace(remote=self._remote(call)) for name, call in methods.items()}
            self.actors[node] = SimpleNamespace(node=node, **remote)
        return self.actors[node]

    def end(self, actor: Any) -> None:
        self.ended.append(actor.node)
        self.settings[actor.node] = dict(self.asked)  # the next one is made as the driver asks
        del self.actors[actor.node]

    def wait(self, calls: Sequence[Any], timeout_s: float) -> list[Any]:
        return list(concurrent.futures.wait(calls, timeout_s, concurrent.futures.FIRST_COMPLETED).done)

    def result(self, call: Any) -> bytes:
        data: bytes = call.result()
        return data

    def _remote(self, call: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments: asyncio.run_coroutine_threadsafe(call(*arguments), self.loop)

    async def _graded(self, node: str, actor: JudgeNode, chunk: bytes) -> bytes:
        ids = [item.item_id for item in wire.decode_items(chunk)]
        self.seen.update(ids)
        if self.loses(node, ids):
            raise ConnectionError("the actor died")
        return await actor.grade(chunk)


@contextmanager
def thread(target: Callable[[], None], stop: Callable[[], object]) -> Iterator[None]:
    running = threading.Thread(target=target)
    running.start()
    try:
        yield
    finally:
        stop()
        running.join()


def outcomes(nodes: Nodes, count: int, patience_s: float = 60.0) -> list[Outcome]:
    hello = wire.Hello(revision=wire.REVISION, engine=ENGINE, settings=nodes.asked, parallel=0, busy=0, pid=0, fault="")
    driver = Driver(nodes, lambda _: 0.1, hello, patience_s)  # type: ignore[arg-type]
    lines = [
        Submission(line=number, size_bytes=1, item_id=f"s{number}", problem=f"p{number % 3}", source="", language="c")
        for number in range(count)
    ]

    async def all_of() -> list[Outcome]:
        return await asyncio.gather(*map(driver.grade, lines))

    with (
        thread(nodes.loop.run_forever, lambda: nodes.loop.call_soon_threadsafe(nodes.loop.stop)),
        thread(driver.run, driver.stop),
    ):
        found = asyncio.run(all_of())
    nodes.loop.close()
    return found


@pytest.fixture(autouse=True)
def look_at_every_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_S", 0.0)


def test_every_submission_is_sent_once_and_has_its_outcome() -> None:
    nodes = Nodes({"a": {}, "b": {}})
    assert all(isinstance(found, Graded) for found in outcomes(nodes, 100))
    assert nodes.seen == Counter({f"s{number}": 1 for number in range(100)})


def test_a_lost_chunk_is_graded_again() -> None:
    left = iter([True, True])
    nodes = Nodes({"a": {}, "b": {}}, loses=lambda node, ids: "s7" in ids and next(left, False))
    assert all(isinstance(found, Graded) for found in outcomes(nodes, 40))
    assert nodes.seen["s7"] == 3


def test_a_submission_that_kills_its_actors_is_a_fault_and_takes_no_other_with_it() -> None:
    alone: list[int] = []

    def loses(node: str, ids: list[str]) -> bool:
        if "s7" in ids:
            alone.append(len(ids))
        return "s7" in ids

    found = outcomes(Nodes({"a": {}, "b": {}}, loses=loses), 40)
    assert [number for number, outcome in enumerate(found) if not isinstance(outcome, Graded)] == [7]
    assert found[7] == Fault(
        message=f"its node was lost {LOST_AFTER} times while it was graded: the actor died", fatal=False
    )
    assert alone[-2:] == [1, 1]


def test_a_node_without_a_working_engine_is_left_out() -> None:
    OPENED.clear()
    nodes = Nodes({"a": {"first": "fails"}, "b": {"first": "fails"}}, asked={"first": "fails"})
    assert all(isinstance(found, Graded) for found in outcomes(nodes, 20))
    assert len(nodes.ended) == 1


def test_without_a_working_node_the_reason_is_told() -> None:
    broken = {"broken": "yes"}
    found = outcomes(Nodes({"a": dict(broken)}, asked=broken), 3)
    assert {(outcome.fatal, outcome.message) for outcome in found if isinstance(outcome, Fault)} == {
        (True, "no node works: node a: OSError: expected a machine that works, found none")
    }
    assert len(found) == 3


def test_without_any_node_it_ends_after_a_while() -> None:
    (found,) = outcomes(Nodes({}), 1, patience_s=0.01)
    assert found == Fault(message="no node of the cluster has worked for 0.01 s", fatal=True)


def test_an_actor_of_other_settings_is_replaced_when_it_is_idle() -> None:
    nodes = Nodes({"a": {"salt": "old"}}, asked={"salt": "new"})
    assert all(isinstance(found, Graded) for found in outcomes(nodes, 5))
    assert nodes.ended == ["a"]
