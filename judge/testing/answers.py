"""Values as bytes and back, and calls that are told together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from judge.harness import wire
from judge.model.run import BurstOutcome, Captured, Limits, RunOutcome


def encoded(value: object, limits: Limits) -> dict[str, Any]:
    """Returns the facts of a returned value: its bytes, or why it has none."""
    try:
        answer = wire.encode(value)
    except (wire.LimitError, MemoryError, RecursionError) as error:
        return {"too_large": str(error)}
    except Exception as error:
        return {"unencodable": str(error)}
    return {"answer": answer} if len(answer) <= limits.answer_bytes else {"too_large": f"{len(answer)} bytes"}


def burst_of(made: Sequence[RunOutcome], *, whole: bool = False) -> BurstOutcome:
    """Returns calls that were made one by one as a burst: their times divided evenly, or all told of the last."""
    cpu_ns, wall_ns = sum(outcome.cpu_ns for outcome in made), sum(outcome.wall_ns for outcome in made)
    others = [(outcome.answer or b"", outcome.audit) for outcome in made[:-1]]
    cpu, wall = (0, 0) if whole else (cpu_ns // len(made), wall_ns // len(made))
    last = replace(
        made[-1],
        cpu_ns=cpu_ns - cpu * len(others),
        wall_ns=wall_ns - wall * len(others),
        memory_peak_bytes=max(outcome.memory_peak_bytes for outcome in made),
        stdout=_joined([outcome.stdout for outcome in made]),
        stderr=_joined([outcome.stderr for outcome in made]),
    )
    return BurstOutcome(others=others, cpu_ns=cpu, wall_ns=wall, last=last)


def _joined(parts: Sequence[Captured]) -> Captured:
    return Captured(data=b"".join(part.data for part in parts), total_bytes=sum(part.total_bytes for part in parts))


def revive(value: Any) -> Any:
    """Returns a decoded value with its arrays as NumPy's, which the program may change."""
    if isinstance(value, wire.Array):
        return np.frombuffer(bytearray(value.data), dtype=value.dtype).reshape(value.shape)
    if isinstance(value, list) and value and type(value[0]) in (bool, int, float, str):
        return value
    if isinstance(value, (list, tuple)):
        return type(value)(map(revive, value))
    if isinstance(value, dict):
        return {key: revive(item) for key, item in value.items()}
    return value
