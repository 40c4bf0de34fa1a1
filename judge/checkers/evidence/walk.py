"""The Subject of ``random_walk``: lists of nodes, each next one drawn given the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.checkers.evidence.answers import furthest, repeat_offence, times
from judge.checkers.evidence.causes import cause_of, finding
from judge.checkers.evidence.offences import Offence
from judge.checkers.evidence.played import Draw
from judge.checkers.evidence.subject import Drawn, Finding
from judge.model.conform import brief
from judge.model.verdict import Reason
from judge.stats.arrays import Floats, Ints
from judge.stats.declared import PREFIX
from judge.stats.dependence import Repeats
from judge.stats.eprocess import EProcess, Martingale
from judge.stats.law import Block
from judge.stats.pits import ColumnHistograms, HalfBet, PitShape, PooledHistogram, dependence_members
from judge.stats.streams import Stream
from judge.stats.walk_bets import Declared, Nodes, Returns, StepTilt, Targets
from judge.stats.walks import OVER, WalkLaw

MOST_NODES_OF_A_WALK = 1_000_000  # that a simulated walk makes


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """Answers are walks from the law's start: the start, and then every next node."""

    law: WalkLaw
    steps: int  # a walk ends after so many steps at the latest; 0 when nothing but the law ends it
    seen: int  # steps of a walk that the tests look at, its end included

    def read(self, value: list[int]) -> Drawn | Offence:
        """As of a Subject."""
        if not value or value[0] != self.law.start:
            found = f"found {brief(value[0])}" if value else "found no nodes"
            message = f"answer[0]: expected the start, {self.law.start}, {found}"
            return Offence(reason=Reason.WRONG_SUPPORT if value else Reason.WRONG_SHAPE, message=message)
        if self.steps and len(value) > self.steps + 1:
            message = f"expected at most {self.steps} steps, {self.steps + 1} nodes, found {len(value)} nodes"
            return Offence(reason=Reason.WRONG_SHAPE, message=message)
        outside = next((at for at, node in enumerate(value) if not 0 <= node < self.law.nodes), None)
        if outside is not None:
            message = (
                f"answer[{outside}]: expected a node from 0 to {self.law.nodes - 1}, found {brief(value[outside])}"
            )
            return Offence(reason=Reason.WRONG_SUPPORT, message=message)
        drawn = np.array(value, dtype=np.int64)
        return self._impossible(drawn) or drawn

    def _impossible(self, drawn: Ints) -> Offence | None:
        possible = self.law.p[drawn[:-1], drawn[1:]] > 0
        if not possible.all():
            at = int(np.argmin(possible))
            message = f"answer[{at + 1}]: expected a node that can follow {drawn[at]}, found {drawn[at + 1]}"
            return Offence(reason=Reason.WRONG_SUPPORT, message=message)
        if len(drawn) - 1 != self.steps and self.law.p[drawn[-1], -1] == 0.0:
            message = f"the walk ends at node {drawn[-1]} after {len(drawn) - 1} steps: expected another step"
            return Offence(reason=Reason.WRONG_SHAPE, message=message)
        return None

    def repeat_offence(self, first: Drawn, again: Drawn, *, box: int) -> Offence | None:
        """As of a Subject."""
        return repeat_offence(first, again, what="node", box=box)

    def block(self, draws: Sequence[Drawn], pit: Stream) -> Block:
        """As of a Subject."""
        answers = np.full((len(draws), self.seen), OVER)
        for row, drawn in zip(answers, draws, strict=True):
            nexts = drawn[1 : self.seen + 1]
            row[: len(nexts)] = nexts
            if len(nexts) < self.seen and len(drawn) - 1 != self.steps:
                row[len(nexts)] = self.law.nodes
        return self.law.block(answers, pit.uniforms(*answers.shape))

    def table(self, blocks: Sequence[Block], most: int) -> list[dict[str, Any]]:
        """As of a Subject: steps that are made too often or too seldom; ``to`` is None for the end."""
        steps = self.law.steps(Block.joined(blocks).answers)
        observed = np.zeros_like(self.law.p)
        np.add.at(observed, (steps.at, steps.to), 1)
        visits = observed.sum(axis=1)
        expected = visits[:, None] * self.law.p
        return [
            {
                "at": at,
                "to": to if to < self.law.nodes else None,
                "observed": int(observed[at, to]),
                "expected": float(expected[at, to]),
                "visits": int(visits[at]),
            }
            for at, to in furthest(observed, expected, most)
        ]

    def explain(self, block: Block, members: Mapping[str, float], found: Mapping[str, Any], choice: Stream) -> Finding:
        """As of a Subject."""
        worst = found["worst"]
        step = f"went on to node {worst['to']}" if worst["to"] is not None else "ended"
        wrong_law = (
            f"from node {worst['at']} the walk {step} {times(worst['observed'])} in {worst['visits']} visits, and "
            f"about {worst['expected']:.3g} were expected"
        )
        if max(members, key=lambda name: members[name]) in ("returns", "neighbours", "neighbour_grid", "partners"):
            wrong_law = f"a step depends on more than the node it begins at; {wrong_law}"
        cause = cause_of(block, block.answers, members, lambda: self.evidence({}, alpha=0.5, calls=len(block), run=1))
        return finding(cause, block.answers, found["members"], wrong_law=wrong_law)

    def evidence(self, alternatives: Mapping[str, WalkLaw], *, alpha: float, calls: int, run: int) -> EProcess:
        """Returns a fresh e-process for ``calls`` draws, with a bet on each of ``alternatives``."""
        shape = PitShape(columns=self.seen)
        members: list[Martingale] = [
            StepTilt(self.law),
            Returns(self.law),
            Targets(self.law),
            Nodes("nodes", self.law, each=False),
            Nodes("each_node", self.law, each=True),
            PooledHistogram("pit_histogram", shape, calls, bins=8),
            PooledHistogram("rank_histogram", shape, calls, bins=8, by_rank=True),
            ColumnHistograms("step_histograms", shape, calls),
            Repeats(),
            *dependence_members(shape, calls, run=run),
        ]
        members += [HalfBet(f"{PREFIX}{name}", Declared(self.law, other)) for name, other in alternatives.items()]
        return EProcess(members, alpha)

    def drawing(self, law: Floats) -> Draw:
        """Returns walks by the (n, n + 1) matrix ``law``, from the start."""
        sums = law.cumsum(axis=1)

        def draw(rng: np.random.Generator) -> list[int]:
            walk = [self.law.start]
            while len(walk) <= (self.steps or MOST_NODES_OF_A_WALK):
                row = sums[walk[-1]]
                node = int(np.searchsorted(row, rng.random() * row[-1], side="right"))
                if node == self.law.nodes:
                    break
                walk.append(node)
            return walk

        return draw
