"""Several short calls in one exchange: ``harness.bursts``, seen from outside.

A burst has the limits of one call. It begins no call after a moment, so it passes them only with its last call, or
with what all of them together print. Then, and whenever else the box does not answer, it is not known which call is to
blame and which answers were lost: there is no outcome, and whoever asked makes the calls one by one, in another box.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from judge.harness import bursts, protocol
from judge.model.run import Killer, RunOutcome, Stage
from judge.ports import Call
from judge.sandbox.conversation import Answered, Bursting
from judge.sandbox.watch import Watch

QUESTIONS_BYTES = 1 << 15  # of all arguments but the first: a socket takes them at once


def fitting(calls: Sequence[Call]) -> Sequence[Call]:
    """Returns the first calls whose arguments are small enough together, one at least."""
    size = 0
    for count, call in enumerate(calls):
        size += len(call.arguments)
        if count and size > QUESTIONS_BYTES:
            return calls[:count]
    return calls


def question(calls: Sequence[Call], bursting: Bursting) -> dict[str, Any]:
    """Returns the message that asks for them."""
    seeds = [bursts.UNAUDITED if call.audit_seed is None else call.audit_seed for call in calls]
    parts = bursts.joined([call.arguments for call in calls])
    return {"kind": protocol.CALLS, "id": bursting.identity, **parts, "seeds": seeds}


def is_lost(outcome: RunOutcome) -> bool:
    """Whether an outcome without an answer leaves open which call it is of."""
    return outcome.killer not in (Killer.CANCELLED, Killer.DEADLINE)


def shared(watch: Watch, count: int) -> list[tuple[int, int]]:
    """Returns the CPU and wall time of each call: a moment is divided evenly, and the last has what is beyond it."""
    if count == 1:
        return [(watch.cpu_ns, watch.wall_ns)]
    cpu, wall = (min(whole, bursts.MOMENT_NS) // count for whole in (watch.cpu_ns, watch.wall_ns))
    last = (watch.cpu_ns - (count - 1) * cpu, watch.wall_ns - (count - 1) * wall)
    return [*[(cpu, wall)] * (count - 1), last]


def answered(told: Answered, cpu_ns: int, wall_ns: int, memory_peak_bytes: int) -> RunOutcome:
    """Returns the outcome of a call that was not the last."""
    return RunOutcome(
        stage=Stage.CALL,
        answer=told[0],
        audit=told[1],
        cpu_ns=cpu_ns,
        wall_ns=wall_ns,
        memory_peak_bytes=memory_peak_bytes,
    )
