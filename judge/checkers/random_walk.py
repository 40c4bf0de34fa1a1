"""The checker ``random_walk``: one call gives a walk on a graph, a list of nodes, reproducibly from a seed.

A case's expected value is the law, an (n, n) matrix: row i holds the probabilities of the next node when the walk is at
i, restarts and weights worked in; what is missing to 1 is the probability that the walk ends at i. ``steps`` bounds the
length: rows that sum to 1 and ``steps: 20`` make walks of exactly 20 steps, rows that sum to 0.85 and no bound make
walks of geometric length. The exact layer is that of ``sampler``; a walk that does not begin at the start, makes a step
of probability 0, or ends where it cannot, rejects at once.

Under the law every step has a known distribution given the node it begins at, and nothing else of the past matters.
Every bet multiplies other probabilities for the next step, fixed or learned from earlier ones, by the inverse of these
(``judge.stats.walks``): a martingale, for walks of any length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from judge.checkers.contract import CaseFacts
from judge.checkers.evidence.draws import Draws, Opener, check_count, count_of, wrong_laws
from judge.checkers.evidence.limits import check_name, check_takes
from judge.checkers.evidence.played import playing
from judge.checkers.evidence.series import SamplerSeries
from judge.checkers.evidence.simulation import power, smallest_defect
from judge.checkers.evidence.walk import Walk
from judge.checkers.sizing import Sizing
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type
from judge.stats.streams import Stream
from judge.stats.walks import WalkLaw

LAW = parse_type("array[float64, (n, n)]")
ANSWER = parse_type("list[int]")
MOST_NODES = 1024
MOST_STEPS = 256
RARE = 1e-3  # probability that a walk goes on for more steps than the tests look at
LONGEST = 4096  # expected steps, about, of a walk that has no bound


@dataclass(frozen=True, kw_only=True, slots=True)
class RandomWalk(Draws):
    """Accepts unless the exact contract is broken, or the evidence against the case's law reaches 1/alpha."""

    name: ClassVar[str] = "random_walk"

    start: str = "start"  # the int parameter that says where walks begin
    steps: int | str = 0  # a walk's most steps, or the int parameter that says how many; 0: the law alone ends it

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range."""
        Draws.__post_init__(self)
        check_name("start", self.start)
        check_count("steps", self.steps, 0, MOST_STEPS)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The law's type; raises ValueError unless the function takes seed and start and returns list[int]."""
        if signature.returns != ANSWER:
            raise ValueError(f"expected a return type of {ANSWER}, the nodes of the walk, found {signature.returns}")
        for name in (self.seed, self.start, *([self.steps] if isinstance(self.steps, str) else [])):
            check_takes(signature, name, "int")
        return LAW

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError unless the expected value and the alternatives are laws of walks that leave a choice."""
        walk = self.subject(case)
        if walk.law.nodes > MOST_NODES:
            raise ValueError(f"law: expected at most {MOST_NODES} nodes, found {walk.law.nodes}")
        reached = _reached(walk.law)
        if not ((walk.law.p[reached] > 0).sum(axis=1) > 1).any():
            raise ValueError("law: expected a choice somewhere on the way from the start, found none")
        self.alternatives(case)

    def opener(self, case: CaseFacts) -> Opener:
        """As of Draws."""
        walk, alternatives, calls = self.subject(case), self.alternatives(case), self.draws_per_series()

        def opened(secret: bytes) -> SamplerSeries:
            evidence = walk.evidence(alternatives, alpha=self.alpha, calls=calls, run=self.consecutive)
            return self.series(case.name, secret, walk, evidence)

        return opened

    def sizing(self, case: CaseFacts, secret: bytes, simulations: int) -> Sizing:
        """As of Sized. Simulated with ``simulations`` series for each alternative and each size of a defect."""
        walk, opener = self.subject(case), self.opener(case)
        likeliest = np.eye(walk.law.nodes + 1)[walk.law.p.argmax(axis=1)]

        def rejected(share: float, stream: Stream) -> int | None:
            rows = (1.0 - share) * walk.law.p + share * likeliest
            return playing(opener, walk.drawing(rows))(stream)

        return Sizing(
            alpha=self.alpha,
            calls=self.calls,
            smallest_defect=smallest_defect(rejected, secret, 1.0),
            defect="share of steps that take the likeliest next node instead of drawing it",
            powers=tuple(
                power(name, playing(opener, walk.drawing(law.p)), secret, simulations)
                for name, law in self.alternatives(case).items()
            ),
        )

    def subject(self, case: CaseFacts) -> Walk:
        """Returns how answers to ``case`` are read and tested. Raises ValueError when its key is no law."""
        law = WalkLaw.of(case.expected, case.arguments[self.start])
        steps = count_of("steps", self.steps, case.arguments, 1, MOST_STEPS)
        return Walk(law=law, steps=steps, seen=steps or _usual_steps(law))

    def alternatives(self, case: CaseFacts) -> dict[str, WalkLaw]:
        """Returns the declared wrong laws of ``case``, by name. Raises ValueError for one that is no law."""
        start = case.arguments[self.start]

        def read(matrix: Any) -> WalkLaw:
            if matrix.shape != case.expected.shape:
                raise ValueError(f"expected shape {case.expected.shape}, found {matrix.shape}")
            return WalkLaw.of(matrix, start)

        return wrong_laws(case, read, WalkLaw.of(case.expected, start).differs)


def _usual_steps(law: WalkLaw) -> int:
    """Returns the steps, the end among them, that all but a share RARE of walks make; at most MOST_STEPS.

    Raises ValueError when walks go on and on."""
    alive = law.alive(LONGEST)
    if alive[-1] > 0.5:
        raise ValueError(f"law: expected walks that end, found {alive[-1]:.3g} of them going on after {LONGEST} steps")
    over = np.flatnonzero(alive <= RARE)
    return min(int(over[0]) + 1 if over.size else MOST_STEPS, MOST_STEPS)


def _reached(law: WalkLaw) -> list[int]:
    """Returns the nodes that a walk can come to, the start among them."""
    found, todo = {law.start}, [law.start]
    while todo:
        fresh = {int(node) for node in np.flatnonzero(law.p[todo.pop(), :-1])} - found
        found |= fresh
        todo.extend(fresh)
    return sorted(found)
