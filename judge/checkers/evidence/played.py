"""Simulated series: what a checker does with draws of a given kind.

A simulated series is a real one. It is opened with a secret of its own and asked for its calls; each seed is answered
by fresh draws, a repeated seed by the same answer again, and no audit is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from judge.checkers.contract import SeriesAnswer
from judge.checkers.evidence.draws import Opener
from judge.stats.streams import Stream

Draw = Callable[[np.random.Generator], Any]  # one answer, of the signature's return type


def playing(opener: Opener, draw: Draw) -> Callable[[Stream], int | None]:
    """Returns what plays one series and gives the fresh seeds until it was rejected; None when it was accepted."""
    return lambda stream: _play(opener, draw, stream)


def _play(opener: Opener, draw: Draw, stream: Stream) -> int | None:
    series = opener(_bytes(stream, 32))
    rng = np.random.Generator(np.random.Philox(key=int.from_bytes(_bytes(stream, 16), "big")))
    answers: dict[Any, Any] = {}
    while (call := series.next_call()) is not None:
        (seed,) = call.changes.values()
        if seed not in answers:
            answers[seed] = draw(rng)
        series.observe(call, SeriesAnswer(value=answers[seed], audit=None))
    judgement = series.judgement()
    by_evidence = "cause" in judgement.evidence
    return None if judgement.accepted else judgement.evidence["calls"] if by_evidence else len(answers)


def _bytes(stream: Stream, count: int) -> bytes:
    return bytes(stream.integers(256, count))
