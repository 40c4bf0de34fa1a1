"""Eighteen wrong samplers, each rejected within twice a stated median number of calls.

The setting: 12 points in the plane, p ∝ exp(-d²/T), one call draws an index for each, alpha is 1e-6, T is 0.25 or 4.
The stated medians are those of an earlier experiment with e-processes on such a problem; "declared" rows are those in
which the package declares the wrong law. Where it found a defect in fewer than half of the runs nothing is stated.
Strides are over runs of consecutive seeds, which ``consecutive`` asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from judge.checkers.evidence.power import calls_to_reject
from judge.stats.declared import declared_laws
from judge.stats.law import RowLaw
from judge.stats.streams import Stream
from judge.stats.suite import rows_suite
from tests.evidence import sampler_paths as paths
from tests.unit.checkers import sampler_subjects as subjects

pytestmark = pytest.mark.evidence

RUNS = 41  # odd: the median is one of them
CALLS = 640  # more than twice the largest stated median
RUN = 8  # consecutive seeds
CASES = {"T = 0.25": subjects.points_case(0.25), "T = 4": subjects.points_case(4.0)}
GOLDEN = (5**0.5 - 1) / 2
NO_LAG = (3 - 3**0.5) / 6  # u and frac(u + s) have covariance (1 - 6 s (1 - s)) / 12: here 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrong:
    """One row of the table."""

    draws: paths.Draws
    declared: Any = None  # the law, when the package declares it
    run: int = 1
    medians: tuple[int | None, int | None]  # calls to reject at T = 0.25 and at 4; None: nothing is stated


def wrong_samplers(label: str) -> dict[str, Wrong]:
    """The table, for one case."""
    case = CASES[label]
    p: Any = case.expected
    scores, tau = case.arguments["scores"], case.arguments["tau"]
    uniform = subjects.law(scores, 0.0)
    column, top = subjects.over_columns(scores, tau), paths.truncated(p, 0.95)
    five, one = (mixed(p, uniform, share) for share in (0.05, 0.01))
    of = paths.of_law
    return {
        "includes j == i": Wrong(draws=of(subjects.with_positive(scores, tau)), medians=(1, 1)),
        "forgets to re-map the index": Wrong(draws=of(deleted(p)), medians=(1, 1)),
        "(j + 1) % n": Wrong(draws=of(np.roll(p, 1, axis=1)), medians=(1, 1)),
        "unnormalised sums, clipped": Wrong(draws=of(clipped(scores, tau)), medians=(1, 3)),
        "uniform": Wrong(draws=of(uniform), medians=(1, 14)),
        "ignores T": Wrong(draws=of(subjects.law(scores, 1.0)), medians=(2, 6)),
        "argmax": Wrong(draws=paths.constant(p.argmax(axis=1)), medians=(5, 2)),
        "twice the temperature": Wrong(draws=of(subjects.law(scores, tau / 2)), medians=(8, 72)),
        "half the temperature": Wrong(draws=of(subjects.law(scores, tau * 2)), medians=(None, 72)),
        "d instead of d²": Wrong(draws=of(subjects.square_roots(scores, tau)), medians=(9, 39)),
        "p(i | j)": Wrong(draws=of(column), medians=(38, None)),
        "p(i | j), declared": Wrong(draws=of(column), declared=column, medians=(38, 154)),
        "5 % uniform": Wrong(draws=of(five), medians=(8, None)),
        "1 % uniform": Wrong(draws=of(one), medians=(118, None)),
        "1 % uniform, declared": Wrong(draws=of(one), declared=one, medians=(49, None)),
        "top-p 0.95": Wrong(draws=of(top), medians=(251, 315)),
        "top-p 0.95, declared": Wrong(draws=of(top), declared=top, medians=(132, 98)),
        "same u for every row": Wrong(draws=paths.sharing(p, paths.one_uniform), medians=(25, 10)),
        "golden-ratio stride": Wrong(draws=stride(p, GOLDEN), run=RUN, medians=(53, 10)),
        "stride without correlation": Wrong(draws=stride(p, NO_LAG), run=RUN, medians=(202, 8)),
        "seed % 16": Wrong(draws=paths.few_seeds(p, 16), medians=(142, 57)),
        "ignores the seed": Wrong(draws=paths.few_seeds(p, 1), medians=(12, 5)),
    }


def mixed(p: Any, other: Any, share: float) -> Any:
    return (1 - share) * p + share * other


def deleted(p: Any) -> Any:
    """Index j of the row without its own entry is taken for index j of the whole row."""
    return np.array([[*np.delete(row, i), 0.0] for i, row in enumerate(p)])


def clipped(scores: Any, tau: float) -> Any:
    """The first index whose sum of weights exp(-d²/T) is above u; the last one when none is."""
    weights = np.exp(tau * np.array(scores))
    np.fill_diagonal(weights, 0.0)
    ends = np.minimum(np.cumsum(weights, axis=1), 1.0)
    ends[:, -1] = 1.0
    return np.diff(ends, axis=1, prepend=0.0)


def stride(p: Any, step: float) -> paths.Draws:
    """u = frac(offset + seed · step), with an offset for each row, over runs of seeds that begin anywhere."""

    def draws(rng: np.random.Generator, calls: int) -> Any:
        begins = rng.random((-(-calls // RUN), 1))
        seeds = (begins + step * np.arange(RUN)).ravel()[:calls]
        return paths.inverse(p, (seeds[:, None] + rng.random(len(p))) % 1.0)

    return draws


def median_calls(label: str, wrong: Wrong) -> float:
    """The median of the calls to reject; infinity when most runs do not."""
    law = RowLaw.of(CASES[label].expected)
    declared = declared_laws(law, {} if wrong.declared is None else {"wrong": wrong.declared})
    counts = []
    for replicate in range(RUNS):
        answers = wrong.draws(np.random.default_rng([30, replicate]), CALLS)
        evidence = rows_suite(law, alpha=1e-6, calls=CALLS, run=wrong.run, declared=declared)
        calls = calls_to_reject(law, evidence, answers, Stream(replicate.to_bytes(32, "big"), "pit"))
        counts.append(np.inf if calls is None else calls)
    return float(np.median(counts))


ROWS = [
    (label, name, wrong.medians[at])
    for at, label in enumerate(CASES)
    for name, wrong in wrong_samplers(label).items()
    if wrong.medians[at] is not None
]


@pytest.mark.parametrize(("label", "name", "stated"), ROWS)
def test_a_wrong_sampler_is_rejected_within_twice_the_stated_median(label: str, name: str, stated: int) -> None:
    found = median_calls(label, wrong_samplers(label)[name])
    print(f"{label}, {name}: median {found:.0f} calls, stated {stated}")
    assert found <= 2 * stated
