"""What follows from the measurements of one family: synthetic costs, with noise that only ever adds."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from judge.grading.growth import FACTOR, Finding, Growth
from judge.model.plan import ComplexityGate

SIZES = (500, 1000, 2000, 4000, 8000, 16000, 32000, 64000)
MS = 1_000_000
EMPTY = MS
LIMIT = 1000 * MS

Cost = Callable[[int], float]


def gate(**changes: object) -> ComplexityGate:
    fields = {"sizes": SIZES, "slope": 1.35, "repeats": 3, "budget_ns": 10 * LIMIT, "families": ()}
    return ComplexityGate(**fields | changes)  # type: ignore[arg-type]


def play(cost: Cost, noise: Callable[[], float] = lambda: 1.0, empty: int = EMPTY, **changes: object) -> Growth:
    """Makes rounds as a grading does, until there is nothing more to ask."""
    growth = Growth(gate(**changes))
    while growth.finding is Finding.OPEN:
        growth.begin_round(round(empty * noise()))
        for size in SIZES:
            used = min(round((empty + cost(size)) * noise()), LIMIT)
            growth.add(size, used, over=used == LIMIT)
            if used == LIMIT or growth.climbed_enough:
                break
    return growth


def linear(size: int) -> float:
    return 1000.0 * size


def quadratic(size: int) -> float:
    return 2.0 * size * size


def one_sided(seed: int, share: float) -> Callable[[], float]:
    """Noise of a busy machine: a tenth of the time up to ``share`` slower, a little otherwise."""
    draw = random.Random(seed)
    return lambda: 1 + (share * draw.random() if draw.random() < 0.1 else 0.03 * draw.random())


def test_a_linear_program_is_let_through_after_one_round() -> None:
    growth = play(linear)
    assert (growth.finding, growth.rounds) == (Finding.BELOW, 1)
    assert growth.counted == [2000, 4000, 8000, 16000, 32000, 64000]


def test_a_quadratic_program_is_rejected_after_the_repeats_without_its_largest_sizes() -> None:
    growth = play(quadratic)
    assert (growth.finding, growth.rounds) == (Finding.ABOVE, 3)
    assert growth.counted[-1] < SIZES[-1]
    assert growth.spent_ns < 3 * LIMIT


def test_the_fixed_cost_only_makes_the_slope_smaller() -> None:
    with_cost, without = play(linear), play(linear, empty=1)
    assert with_cost.slope is not None
    assert without.slope is not None
    assert with_cost.slope.estimate < without.slope.estimate == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize("share", [0.5, 2.0])
def test_noise_decides_nothing(share: float) -> None:
    for seed in range(200):
        assert play(linear, one_sided(seed, share)).finding.accepted, seed
        assert not play(quadratic, one_sided(seed, share)).finding.accepted, seed


def test_a_fast_program_is_let_through_after_two_rounds() -> None:
    growth = play(lambda size: 10.0 * size)
    assert (growth.finding, growth.rounds, growth.slope) == (Finding.TOO_FAST, 2, None)


def test_a_size_counts_when_it_and_all_larger_ones_cost_enough() -> None:
    growth = Growth(gate())
    growth.begin_round(EMPTY)
    for size, cost in zip(SIZES, [9, 2, 4, 5, 6, 7, 8, 9], strict=True):
        growth.add(size, cost * MS, over=False)
    assert growth.counted == [2000, 4000, 8000, 16000, 32000, 64000]
    growth.add(2000, FACTOR * MS - 1, over=False)
    assert growth.counted == [4000, 8000, 16000, 32000, 64000]


def test_only_the_largest_six_sizes_decide() -> None:
    growth = play(lambda size: 1000.0 * size if size > 1000 else 100_000.0 * size, slope=2.0)
    assert growth.counted == list(SIZES[2:])


def test_a_size_over_the_limit_is_asked_again() -> None:
    growth = play(lambda size: 2 * LIMIT if size == 1000 else linear(size))
    assert (growth.finding, growth.rounds, growth.over_size) == (Finding.OVER, 2, 1000)


def test_a_size_that_was_over_the_limit_once_is_not_over_it() -> None:
    spoiled = iter([2 * LIMIT])
    growth = play(lambda size: next(spoiled, linear(size)) if size == 64000 else linear(size))
    assert (growth.finding, growth.rounds, growth.over_size) == (Finding.BELOW, 2, None)


def test_a_size_that_was_within_the_limit_once_is_not_over_it() -> None:
    growth = Growth(gate())
    for over in (False, True, True):
        growth.begin_round(EMPTY)
        growth.add(500, LIMIT if over else 5 * MS, over=over)
    assert growth.over_size is None


def test_the_smallest_cost_over_the_rounds_counts() -> None:
    growth = Growth(gate())
    for factor in (3, 1, 2):
        growth.begin_round(factor * EMPTY)
        for size in SIZES:
            growth.add(size, factor * round(EMPTY + linear(size)), over=False)
    evidence = growth.evidence()
    assert evidence["empty_call_cpu_ns"] == EMPTY
    assert evidence["table"] == [{"size": size, "cpu_ns": round(EMPTY + linear(size))} for size in SIZES]


def test_a_round_goes_on_to_the_size_that_was_over_the_limit() -> None:
    growth = Growth(gate())
    growth.begin_round(EMPTY)
    for size in SIZES[:6]:
        growth.add(size, EMPTY + round(quadratic(size)), over=False)
    assert growth.climbed_enough
    growth.add(SIZES[6], LIMIT, over=True)
    assert not growth.climbed_enough


def test_the_benefit_of_the_doubt_comes_after_twice_the_repeats_for_an_estimate_above_the_gate() -> None:
    wave = dict(zip(SIZES, [1, 1, 1, 2, 1, 2, 1, 2], strict=True))
    growth = play(lambda size: 20 * size**1.5 * wave[size], repeats=2)
    assert growth.slope is not None
    assert growth.slope.low < 1.35 < growth.slope.estimate
    assert (growth.finding, growth.rounds) == (Finding.DOUBT, 4)


def test_the_benefit_of_the_doubt_comes_after_the_repeats_for_an_estimate_below_the_gate() -> None:
    wave = dict(zip(SIZES, [1, 1, 1, 3, 1, 3, 1, 3], strict=True))
    growth = play(lambda size: 1000.0 * size**0.9 * wave[size], repeats=2)
    assert growth.slope is not None
    assert growth.slope.estimate < 1.35 < growth.slope.high
    assert (growth.finding, growth.rounds) == (Finding.DOUBT, 2)


def test_a_program_that_uses_up_the_budget_is_let_through_unless_it_is_shown_to_be_slow() -> None:
    wave = dict(zip(SIZES, [1, 1, 1, 2, 1, 2, 1, 2], strict=True))
    growth = play(lambda size: 20 * size**1.5 * wave[size], budget_ns=1)
    assert (growth.finding, growth.rounds) == (Finding.DOUBT, 1)


def test_the_evidence_is_plain() -> None:
    evidence = play(quadratic).evidence()
    assert evidence["finding"] == "above"
    assert evidence["table"][0] == {"size": 500, "cpu_ns": EMPTY + round(quadratic(500))}
    assert evidence["slope"]["low"] > evidence["gate"] == 1.35
    assert set(evidence["slope"]) == {"estimate", "low", "high"}
