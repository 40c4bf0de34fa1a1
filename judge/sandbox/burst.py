"""Several short calls in one exchange: ``harness.bursts``, seen from outside.

A burst has the limits of one call. It begins no call after a moment, so it passes them only with its last call, or
with what all of them together print; one that is asked for as a whole passes them with what all of them together take.
Then, and whenever else the box does not answer, it is not known which call is to blame and which answers were lost:
there is no outcome, and whoever asked makes the calls one by one, in another box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from judge.harness import bursts, protocol
from judge.model.run import BurstOutcome, Killer, RunOutcome
from judge.ports import Burst
from judge.sandbox.conversation import Answered, Bursting

QUESTIONS_BYTES = 1 << 15  # of all arguments but the first: a socket takes them at once


def fitting(arguments: Sequence[bytes]) -> int:
    """Returns how many calls, from the first on, have arguments that are small enough together, one at least."""
    size = 0
    for count, data in enumerate(arguments):
        size += len(data)
        if count and size > QUESTIONS_BYTES:
            return count
    return len(arguments)


def question(burst: Burst, bursting: Bursting, count: int) -> dict[str, Any]:
    """Returns the message that asks for the first ``count`` calls."""
    seeds = burst.audit_seeds[:count] or [None] * count
    arguments = bursts.packed(burst.arguments[:count], [bursts.AUDITED * (seed is not None) for seed in seeds])
    told = [seed for seed in seeds if seed is not None]
    asked = {
        "kind": protocol.CALLS,
        "id": bursting.identity,
        "arguments": arguments,
        "seeds": told,
        "whole": burst.whole,
    }
    if any(burst.keywords[:count]):
        asked["keywords"] = [[*names] for names in burst.keywords[:count]]
    return asked


def is_lost(outcome: RunOutcome) -> bool:
    """Whether an outcome without an answer leaves open which call it is of."""
    return outcome.killer not in (Killer.CANCELLED, Killer.DEADLINE)


def shared(end: RunOutcome, others: Sequence[Answered], *, whole: bool) -> BurstOutcome:
    """Returns the outcome of several calls; ``end`` is the last one's, with the times of all.

    A moment is divided evenly among them, and the last has what is beyond it; of a whole the last has everything.
    """
    if whole:
        return BurstOutcome(others=others, last=end)
    count = len(others)
    cpu, wall = (min(spent, bursts.MOMENT_NS) // (count + 1) for spent in (end.cpu_ns, end.wall_ns))
    last = replace(end, cpu_ns=end.cpu_ns - count * cpu, wall_ns=end.wall_ns - count * wall)
    return BurstOutcome(others=others, cpu_ns=cpu, wall_ns=wall, last=last)
