"""How often a series would reject draws from another law than the case's: simulated, not derived.

One simulation is what a series does with the answers of a program that draws from the other law: independent draws for
every row and seed, an impossible one rejects at once, else the e-process decides. Repeats and audits have no part in
it, since such a program passes them. Numbers are a pure function of the secret.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

import numpy as np

from judge.checkers.sizing import Power
from judge.stats.arrays import Floats, Ints
from judge.stats.eprocess import EProcess
from judge.stats.law import RowLaw
from judge.stats.streams import Stream, derive

BLOCK = 64  # draws that the evidence is shown at once; nothing but the time depends on it
DEFECT = "Kullback-Leibler divergence of a declared wrong law from the law, per call, in nats"


def simulated_power(
    name: str,
    other: Floats,
    law: RowLaw,
    fresh: Callable[[], EProcess],
    *,
    draws: int,
    secret: bytes,
    simulations: int,
) -> Power:
    """Returns how often ``draws`` draws from ``other``, a whole law, are rejected by a ``fresh`` e-process."""
    sums = np.cumsum(other, axis=1)
    found = []
    for simulation in range(simulations):
        key = derive(secret, f"power|{name}|{simulation}")
        answers = inverse(sums, Stream(key, "draws").uniforms(draws, law.rows))
        found.append(calls_to_reject(law, fresh(), answers, Stream(key, "pit")))
    calls = [call for call in found if call is not None]
    median = statistics.median_low(calls) if calls else None
    return Power(alternative=name, rejected=len(calls), simulations=simulations, median_calls=median)


def calls_to_reject(law: RowLaw, evidence: EProcess, answers: Ints, pit: Stream) -> int | None:
    """Returns the call at which ``answers``, (calls, rows), are rejected; None when they are not."""
    impossible = first_impossible(law, answers)
    free = answers[:impossible, law.free]
    for begin in range(0, len(free), BLOCK):
        part = free[begin : begin + BLOCK]
        evidence.observe(law.block(part, pit.uniforms(*part.shape)))
        if evidence.rejected_at is not None:
            return evidence.rejected_at
    return None if impossible is None else impossible + 1


def first_impossible(law: RowLaw, answers: Ints) -> int | None:
    """Returns the position of the first call with an index of probability 0."""
    table = np.frombuffer(law.possible, dtype=np.bool_)
    wrong = np.flatnonzero(~table.take(answers + np.array(law.starts)).all(axis=1))
    return int(wrong[0]) if wrong.size else None


def inverse(sums: Floats, uniforms: Floats) -> Ints:
    """Returns indices, (calls, rows), drawn by inverting each row's distribution function; ``sums`` are a law's sums.

    A uniform is at most 1 - 2**-53, so its product with the last sum is rounded to less than that: no index beyond the
    last possible one is drawn.
    """
    rows = zip(sums, uniforms.T, strict=True)
    drawn: list[Ints] = [np.searchsorted(row, u * row[-1], side="right") for row, u in rows]
    return np.stack(drawn, axis=1)


def smallest_defect(evidence: EProcess, draws: int, *, declared: bool) -> float:
    """Returns the divergence per call at which a declared law is rejected with probability about 1/2.

    Under a law q the logarithm of the likelihood ratio against p grows by KL(q‖p) per call in the mean, and is above
    its mean about every other time. The bet of the whole capital on q is one of two of one member of the average.
    """
    members = len(evidence.members_at(0)) + (0 if declared else 1)
    return (evidence.log_limit + math.log(2 * members)) / draws
