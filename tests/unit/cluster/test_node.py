"""The actor's class without Ray, over an engine of the test's own: order, joining, and faults as data."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from judge.batch.lines import Submission
from judge.batch.pump import Fault, Graded, Outcome
from judge.cluster import wire
from judge.cluster.node import Grade, JudgeNode
from judge.model.batch import ItemFailure
from judge.model.verdict import Verdict

GRADED: Counter[str] = Counter()
GATE: dict[str, asyncio.Event] = {}


@asynccontextmanager
async def opened(settings: dict[str, str]) -> AsyncIterator[tuple[Grade, int]]:
    if settings:
        raise OSError("expected no settings, found some")
    yield grade, 2


async def grade(line: Submission) -> Outcome:
    GRADED[line.item_id] += 1
    if line.source == "wait":
        GATE["begun"].set()
        await GATE["open"].wait()
    if line.source == "raise":
        raise KeyError("unforeseen")
    if line.source == "refuse":
        return ItemFailure(reason="UNKNOWN_PROBLEM", message="none", field="problem")
    return Graded(verdict=Verdict.ACCEPTED, json=line.source.encode("utf-8", "surrogatepass"), message="m", calls=3)


def line_of(name: str, source: str) -> Submission:
    return Submission(line=1, size_bytes=1, item_id=name, problem="p", source=source, language="python3")


def node(**settings: str) -> JudgeNode:
    return JudgeNode(f"{__name__}:opened", settings)


async def asked(actor: JudgeNode, *lines: Submission) -> list[Outcome]:
    chunk = wire.encode([wire.item_of(line) for line in lines])
    return [answer.outcome for answer in wire.decode_answers(await actor.grade(chunk))]


def test_answers_are_in_the_order_of_the_chunk_and_faults_are_data() -> None:
    found = asyncio.run(asked(node(), line_of("a", "1"), line_of("b", "raise"), line_of("c", "refuse")))
    assert found[0] == Graded(verdict=Verdict.ACCEPTED, json=b"1", message="m", calls=3)
    assert found[1] == Fault(message="KeyError: 'unforeseen'", fatal=False)
    assert found[2] == ItemFailure(reason="UNKNOWN_PROBLEM", message="none", field="problem")


def test_an_item_that_comes_again_while_it_runs_is_graded_once() -> None:
    async def twice() -> list[list[Outcome]]:
        GATE.update(open=asyncio.Event(), begun=asyncio.Event())
        actor = node()
        first = asyncio.create_task(asked(actor, line_of("again", "wait")))
        second = asyncio.create_task(asked(actor, line_of("again", "wait"), line_of("again", "other")))
        await GATE["begun"].wait()
        first.cancel()  # its driver was killed: the grading goes on
        await asyncio.sleep(0)
        GATE["open"].set()
        return [await second]

    ((same, other),) = asyncio.run(twice())
    assert isinstance(same, Graded)
    assert isinstance(other, Graded)
    assert (same.json, other.json) == (b"wait", b"other")
    assert GRADED["again"] == 2  # the same id with other content is another grading


def test_an_engine_that_does_not_open_is_told() -> None:
    async def told() -> tuple[wire.Hello, list[Outcome]]:
        actor = node(path="warm")
        return wire.decode_hello(await actor.hello()), await asked(actor, line_of("x", "1"))

    hello, outcomes = asyncio.run(told())
    assert (hello.parallel, hello.fault) == (0, "OSError: expected no settings, found some")
    assert outcomes == [Fault(message=hello.fault, fatal=True)]


def test_a_node_says_how_much_it_does() -> None:
    hello = wire.decode_hello(asyncio.run(node().hello()))
    assert (hello.parallel, hello.busy, hello.fault, hello.settings) == (2, 0, "", {})


def test_a_source_crosses_as_it_is() -> None:
    (found,) = asyncio.run(asked(node(), line_of("s", "\ud800é")))
    assert isinstance(found, Graded)
    assert found.json == "\ud800é".encode("utf-8", "surrogatepass")
