"""What the checker ``sampler`` costs the judge: ``python -m tests.evidence.sampler_cost`` prints it.

A correct sampler's answers are prepared; then the series is played again with nothing else inside the clock: opening,
500 calls, judgement. The figure is the least CPU time of several series, in milliseconds.
"""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from judge.checkers.contract import CaseFacts, SeriesAnswer
from judge.checkers.sampler import Sampler
from judge.model.run import Audit
from tests.evidence.sampler_paths import inverse
from tests.unit.checkers import sampler_subjects as subjects

CALLS = 500
REPEATS = 15
CASES = {
    "12 points, T = 4": subjects.points_case(4.0),
    "12 points, T = 0.25": subjects.points_case(0.25),
    "64 embeddings, tau = 5": subjects.embeddings_case(5.0),
}


def with_eight_laws(case: CaseFacts) -> CaseFacts:
    """The case with eight declared wrong laws: other temperatures."""
    scores, tau = case.arguments["scores"], case.arguments["tau"]
    factors = (0.0, 0.25, 0.5, 0.8, 1.25, 1.5, 2.0, 4.0)
    return dataclasses.replace(case, alternatives={f"x{x}": subjects.law(scores, x * tau) for x in factors})


def answers(checker: Sampler, case: CaseFacts, secret: bytes) -> list[SeriesAnswer]:
    """The answers of a correct sampler, in the order of the calls."""
    drawn: dict[int, list[int]] = {}
    given = []
    series = checker.open(case, secret)
    while (call := series.next_call()) is not None:
        seed = call.changes["seed"]
        if seed not in drawn:
            uniforms = np.random.default_rng(seed).random((1, len(case.expected)))
            drawn[seed] = [int(j) for j in inverse(case.expected, uniforms)[0]]
        given.append(SeriesAnswer(value=drawn[seed], audit=Audit()))
        series.observe(call, given[-1])
    return given


def milliseconds(checker: Sampler, case: CaseFacts) -> float:
    """The judge's CPU time of one series."""
    best = float("inf")
    for repeat in range(REPEATS):
        secret = repeat.to_bytes(32, "big")
        given = iter(answers(checker, case, secret))
        begin = time.process_time_ns()
        series = checker.open(case, secret)
        while (call := series.next_call()) is not None:
            series.observe(call, next(given))
        assert series.judgement().accepted
        best = min(best, (time.process_time_ns() - begin) / 1e6)
    return best


def main() -> None:
    """Prints a line for each case."""
    for name, case in CASES.items():
        plain = milliseconds(Sampler(calls=CALLS), case)
        declared = milliseconds(Sampler(calls=CALLS, consecutive=4), with_eight_laws(case))
        print(f"{name}: {plain:.1f} ms; consecutive 4 and 8 declared laws: {declared:.1f} ms")


if __name__ == "__main__":
    main()
