"""The driver: it feeds the nodes of a cluster, two chunks in flight for each.

It runs in a thread of its own, since Ray's calls block: it takes submissions that have come, looks for nodes, fills
those that have room and waits for answers (``ray.wait``). A chunk whose actor or node was lost waits again; a node
whose engine does not work has no more chunks, and what it had waits again. A node that joins gets work at the next
look.

Nothing of a batch is kept here: a submission ends when its outcome is told, once, whatever is lost. When no node has
worked for ``patience_s``, all that waits ends with a fault.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from judge.batch.lines import Submission
from judge.batch.pump import Fault, Outcome
from judge.cluster import wire
from judge.cluster.connection import Cluster
from judge.cluster.dispatch import Dispatch, Waiting

log = structlog.get_logger()

IN_FLIGHT = 2  # chunks for each node
_TURN_S = 0.05  # the longest wait for an answer before new submissions are looked for
_LOOK_S = 1.0  # between two looks for nodes
_HELLO_S = 120.0  # for an actor to start and open its engine


@dataclass(slots=True)
class _Node:
    """A node as the driver knows it."""

    node_id: str
    actor: Any
    parallel: int = 0  # items at a time; 0 until it has said hello
    flights: int = 0  # chunks that it has
    alone: bool = False  # whether its chunk must have no other beside it
    begun: float = field(default_factory=time.monotonic)  # when it was asked for a hello


@dataclass(frozen=True, slots=True)
class _Flight:
    """A call that has not ended: a chunk, or a hello when it has no items."""

    node: _Node
    items: tuple[Waiting, ...] = ()


class Driver:
    """Grades submissions on a cluster; ``run`` is its thread."""

    def __init__(self, cluster: Cluster, limit_s: Callable[[str], float], expected: wire.Hello, patience_s: float):
        self._cluster = cluster
        self._expected = expected
        self._patience_s = patience_s
        self._dispatch = Dispatch(limit_s)
        self._inbox: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        self._nodes: dict[str, _Node] = {}
        self._broken: dict[str, str] = {}  # why a node's engine does not work
        self._flights: dict[Any, _Flight] = {}  # by call
        self._looked = self._worked = 0.0  # when, on the monotonic clock
        self._stopping = threading.Event()

    async def grade(self, line: Submission) -> Outcome:
        """Returns what became of a submission; never raises for what happens on the cluster."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()

        def land(outcome: Outcome) -> None:
            if not future.done():
                future.set_result(outcome)

        def settle(outcome: Outcome) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(land, outcome)

        self._inbox.put(Waiting(line, settle))
        return await future

    def stop(self) -> None:
        """Ends the thread; what is in flight is left to the nodes."""
        self._stopping.set()

    def run(self) -> None:
        """Feeds the nodes until ``stop``."""
        self._worked = time.monotonic()
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception as error:
                log.exception("the driver of a cluster failed")
                self._give_up(f"{type(error).__name__}: {error}")
                time.sleep(_TURN_S)

    def _turn(self) -> None:
        self._take_inbox()
        if time.monotonic() - self._looked >= _LOOK_S:
            self._look_for_nodes()
        self._fill()
        if not self._flights:
            self._stopping.wait(_TURN_S)
            return
        for call in self._cluster.wait(list(self._flights), _TURN_S):
            self._land(call)

    def _take_inbox(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._dispatch.add(self._inbox.get_nowait())

    # --- nodes ---

    def _look_for_nodes(self) -> None:
        self._looked = now = time.monotonic()
        alive = set(self._cluster.nodes())
        for node_id in alive - self._nodes.keys() - self._broken.keys():
            self._meet(node_id)
        for node in list(self._nodes.values()):
            if not node.parallel and (node.node_id not in alive or now - node.begun > _HELLO_S):
                self._drop(node)
        if any(node.parallel for node in self._nodes.values()):
            self._worked = now
        elif self._broken.keys() >= alive and self._broken:
            self._give_up(f"no node works: {'; '.join(sorted(set(self._broken.values())))}")
        elif now - self._worked > self._patience_s:
            self._give_up(f"no node of the cluster has worked for {self._patience_s:g} s")

    def _meet(self, node_id: str) -> None:
        try:
            node = _Node(node_id, self._cluster.actor(node_id))
            self._nodes[node_id] = node
            self._flights[node.actor.hello.remote()] = _Flight(node)
        except self._cluster.lost as error:
            log.warning("a node has no actor yet", node=node_id, reason=str(error))
            self._nodes.pop(node_id, None)

    def _drop(self, node: _Node) -> None:
        self._nodes.pop(node.node_id, None)
        self._dispatch.forget(node.node_id)

    def _greet(self, node: _Node, hello: wire.Hello) -> None:
        """Takes a node that has opened its engine; one with another engine is replaced unless it works for others."""
        if self._nodes.get(node.node_id) is not node:
            return
        asked, found = ((told.revision, told.engine, told.settings) for told in (self._expected, hello))
        if asked != found and hello.busy:
            self._break(node, f"node {node.node_id} works for others, with other settings")
        elif asked != found:
            self._cluster.end(node.actor)
            self._drop(node)  # the next look makes another one
        elif hello.fault:
            self._cluster.end(node.actor)
            self._break(node, f"node {node.node_id}: {hello.fault}")
        else:
            node.parallel = hello.parallel

    def _break(self, node: _Node, reason: str) -> None:
        log.error("a node does not work", node=node.node_id, reason=reason)
        self._broken[node.node_id] = reason
        self._drop(node)

    # --- chunks ---

    def _fill(self) -> None:
        """Gives every node that has room a chunk, those with the fewest first."""
        for flights in range(IN_FLIGHT):
            for node in list(self._nodes.values()):
                if node.parallel and node.flights == flights and not node.alone and len(self._dispatch):
                    self._send(node)

    def _send(self, node: _Node) -> None:
        all_parallel = sum(other.parallel for other in self._nodes.values())
        items = self._dispatch.chunk(node.node_id, node.parallel, all_parallel)
        if not items and not node.flights and (suspect := self._dispatch.alone()) is not None:
            items, node.alone = [suspect], True
        if not items:
            return
        try:
            call = node.actor.grade.remote(wire.encode([wire.item_of(item.line) for item in items]))
        except self._cluster.lost as error:
            self._lose(_Flight(node, tuple(items)), error)
            return
        node.flights += 1
        self._flights[call] = _Flight(node, tuple(items))

    def _land(self, call: Any) -> None:
        flight = self._flights.pop(call)
        node = flight.node
        if flight.items:
            node.flights -= 1
            node.alone = False
        try:
            data = self._cluster.result(call)
            if not flight.items:
                self._greet(node, wire.decode_hello(data))
                return
            answered = list(zip(flight.items, wire.decode_answers(data), strict=True))
        except self._cluster.lost as error:
            self._lose(flight, error)
            return
        self._take(flight, answered)

    def _take(self, flight: _Flight, answered: list[tuple[Waiting, wire.Answer]]) -> None:
        for item, answer in answered:
            outcome = answer.outcome
            if isinstance(outcome, Fault) and outcome.fatal:  # the node's, not the item's
                if self._nodes.get(flight.node.node_id) is flight.node:
                    self._break(flight.node, f"node {flight.node.node_id}: {outcome.message}")
                self._dispatch.add(item)
                continue
            self._dispatch.learn(item.line.problem, answer.seconds)
            item.settle(outcome)

    def _lose(self, flight: _Flight, error: Exception) -> None:
        """Takes back the items of a chunk, and asks whether its actor lives again."""
        node = flight.node
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        log.warning("a node was lost", node=node.node_id, items=len(flight.items), reason=reason)
        for item in flight.items:
            item.losses += 1
            if not self._dispatch.add(item):
                message = f"its node was lost {item.losses} times while it was graded: {reason}"
                item.settle(Fault(message=message, fatal=False))
        if self._nodes.get(node.node_id) is node:
            self._drop(node)

    def _give_up(self, reason: str) -> None:
        self._take_inbox()
        for item in self._dispatch.drain():
            item.settle(Fault(message=reason, fatal=True))
