"""What waits for a node, and what the next chunk for a node is.

A chunk is about a second of work for all that the node does at a time, less when little is left, so that all nodes end
together. The problems of the longest gradings go first. Problems that the node has graded before, or that no node has,
are preferred; when all others are warm elsewhere, the one with the most work is taken from there. How long a grading
takes is the problem's time limit at first, then what its gradings took.

An item whose chunk was lost twice goes alone, to a node that has nothing else, so that it takes no others with it; lost
twice more it is given up: a fault of the judge, never a verdict.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any

from judge.batch.lines import Submission

CHUNK_S = 1.0  # of work for each place of a node
MAX_ITEMS = 512  # of a chunk
ALONE_AFTER, LOST_AFTER = 2, 4  # losses of an item's chunk
_NEWEST = 0.2  # weight of the latest grading in what one of its problem takes


@dataclass(slots=True, eq=False)
class Waiting:
    """A submission without an outcome."""

    line: Submission
    settle: Callable[[Any], None]  # is told the outcome, once
    losses: int = 0  # how often its chunk was lost


@dataclass(slots=True)
class Dispatch:
    """The submissions that no node has."""

    limit_s: Callable[[str], float]  # a problem's time limit, in seconds
    _queues: dict[str, deque[Waiting]] = field(default_factory=dict)  # by problem, none of them empty
    _alone: deque[Waiting] = field(default_factory=deque)
    _seconds: dict[str, float] = field(default_factory=dict)  # of a grading, by problem
    _warm: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # nodes by problem

    def __len__(self) -> int:
        return sum(map(len, self._queues.values())) + len(self._alone)

    def add(self, item: Waiting) -> bool:
        """Takes an item; False when it has been lost too often."""
        if item.losses >= LOST_AFTER:
            return False
        if item.losses >= ALONE_AFTER:
            self._alone.append(item)
        else:
            self._queues.setdefault(item.line.problem, deque()).append(item)
        return True

    def learn(self, problem: str, seconds: float) -> None:
        """Says what a grading took."""
        known = self._seconds.get(problem)
        self._seconds[problem] = seconds if known is None else known + _NEWEST * (seconds - known)

    def forget(self, node: str) -> None:
        """Says that a node has nothing warm any more."""
        for nodes in self._warm.values():
            nodes.discard(node)

    def seconds(self, problem: str) -> float:
        """What a grading is expected to take."""
        if problem not in self._seconds:
            self._seconds[problem] = self.limit_s(problem)
        return self._seconds[problem]

    def work_s(self) -> float:
        """What all that waits is expected to take."""
        return sum(self._work_of(problem) for problem in self._queues)

    def alone(self) -> Waiting | None:
        """Takes an item that must go alone; None while others wait, or without one."""
        return self._alone.popleft() if self._alone and not self._queues else None

    def chunk(self, node: str, parallel: int, all_parallel: int) -> list[Waiting]:
        """Takes the next chunk for a node that does ``parallel`` items at a time, of ``all_parallel`` on all nodes."""
        share = self.work_s() / (4 * max(all_parallel, 1))  # two chunks in flight, and as much again for later
        target = min(CHUNK_S, share) * parallel
        least = -(-parallel // 2)
        taken: list[Waiting] = []
        for problem in self._order(node):
            if taken and self._is_elsewhere(problem, node):
                break
            target -= self._take(problem, target, least, taken)
            self._warm[problem].add(node)
            if len(taken) >= MAX_ITEMS or (target <= 0 and len(taken) >= least):
                break
        return taken

    def drain(self) -> list[Waiting]:
        """Takes everything."""
        found = [*(item for items in self._queues.values() for item in items), *self._alone]
        self._queues.clear()
        self._alone.clear()
        return found

    def _take(self, problem: str, target: float, least: int, taken: list[Waiting]) -> float:
        """Moves items of one problem to ``taken``; returns what they take, in seconds."""
        queue, each, sum_s = self._queues[problem], self.seconds(problem), 0.0
        while queue and len(taken) < MAX_ITEMS and (len(taken) < least or sum_s + each <= target):
            taken.append(queue.popleft())
            sum_s += each
        if not queue:
            del self._queues[problem]
        return sum_s

    def _order(self, node: str) -> list[str]:
        def rank(problem: str) -> tuple[bool, float]:
            elsewhere = self._is_elsewhere(problem, node)
            return elsewhere, -(self._work_of(problem) if elsewhere else self.seconds(problem))

        return sorted(self._queues, key=rank)

    def _is_elsewhere(self, problem: str, node: str) -> bool:
        nodes: Container[str] = self._warm.get(problem, ())
        return bool(nodes) and node not in nodes

    def _work_of(self, problem: str) -> float:
        return len(self._queues[problem]) * self.seconds(problem)
