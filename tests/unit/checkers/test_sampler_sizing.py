"""What the checker ``sampler`` promises on a case: error rate, smallest defect, simulated power."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from judge.checkers.contract import CaseFacts
from judge.checkers.evidence.power import calls_to_reject, first_impossible, inverse
from judge.checkers.sampler import Sampler
from judge.checkers.sizing import Power, Sized
from judge.stats.declared import declared_laws
from judge.stats.law import RowLaw
from judge.stats.streams import Stream
from judge.stats.suite import rows_suite
from tests.unit.checkers import sampler_subjects as subjects
from tests.unit.checkers.series_driver import play

SECRET = b"s" * 32
CASE = subjects.points_case(4.0)
SCORES, TAU = CASE.arguments["scores"], CASE.arguments["tau"]


def declaring(**alternatives: np.ndarray) -> CaseFacts:
    return dataclasses.replace(CASE, alternatives=alternatives)


def test_every_declared_law_has_its_power_in_the_order_of_the_package() -> None:
    case = declaring(
        uniform=subjects.law(SCORES, 0.0),
        same=CASE.expected,
        almost=subjects.law(SCORES, 1.02 * TAU),
        positive=np.eye(12),
    )
    checker = Sampler(calls=100).for_cases(4)
    assert isinstance(checker, Sized)
    sizing = checker.sizing(case, SECRET, 20)
    assert (sizing.alpha, sizing.calls) == (2.5e-7, 100)
    uniform, almost, positive = sizing.powers
    assert (uniform.alternative, uniform.rejected, uniform.simulations) == ("uniform", 20, 20)
    assert 5 <= uniform.median_calls <= 20
    assert almost == Power(alternative="almost", rejected=0, simulations=20, median_calls=None)
    assert positive == Power(alternative="positive", rejected=20, simulations=20, median_calls=1)


def test_the_same_secret_gives_the_same_figures() -> None:
    case = declaring(warmer=subjects.law(SCORES, TAU / 2))
    first, again, other = (Sampler(calls=80).sizing(case, secret, 12) for secret in (SECRET, SECRET, b"t" * 32))
    assert first == again
    assert first.powers != other.powers


@pytest.mark.parametrize("name", ["warmer", "positive", "right"])
def test_a_simulation_is_a_series_without_its_repeats(name: str) -> None:
    other = {
        "warmer": subjects.law(SCORES, TAU / 2),
        "positive": 0.99 * CASE.expected + 0.01 * np.eye(12),
        "right": CASE.expected,
    }[name]
    case = declaring(warmer=subjects.law(SCORES, TAU / 2))
    law = RowLaw.of(case.expected)
    checker, draws = Sampler(calls=200), 190
    for number in range(8):
        secret = number.to_bytes(32, "big")
        answers = inverse(np.cumsum(other, axis=1), Stream(secret, "draws").uniforms(draws, 12))
        given: dict[int, list[int]] = {}

        def answer(scores: object, tau: float, seed: int, given=given, answers=answers) -> list[int]:
            return given.setdefault(seed, answers[min(len(given), draws - 1)].tolist())

        played = play(checker, case, lambda answer=answer: answer, secret=secret, audited=False)
        evidence = rows_suite(law, alpha=1e-6, calls=draws, declared=declared_laws(law, case.alternatives))
        calls = calls_to_reject(law, evidence, answers, Stream(secret, f"{case.name}|pit"))
        assert played.judgement.accepted == (calls is None)
        if played.judgement.reason == "wrong_distribution":
            assert played.judgement.evidence["calls"] == calls


def test_the_smallest_defect_is_found_every_other_time() -> None:
    checker = Sampler(calls=240)
    smallest = checker.sizing(declaring(w=subjects.law(SCORES, 0.0)), SECRET, 1).smallest_defect
    assert smallest == pytest.approx((math.log(1e6) + math.log(22)) / 228)
    assert checker.sizing(CASE, SECRET, 1).smallest_defect == smallest
    low, high = 1.0, 3.0
    for _ in range(40):
        factor = (low + high) / 2
        low, high = (factor, high) if divergence(subjects.law(SCORES, factor * TAU)) < smallest else (low, factor)
    (power,) = checker.sizing(declaring(w=subjects.law(SCORES, factor * TAU)), SECRET, 200).powers
    assert 80 <= power.rejected <= 150


def divergence(other: np.ndarray) -> float:
    """The Kullback-Leibler divergence of a law from that of CASE, per call."""
    ratio = np.divide(other, CASE.expected, out=np.ones_like(other), where=other > 0)
    return float((other * np.log(ratio)).sum())


def test_draws_follow_the_law_and_never_leave_it() -> None:
    p = np.array([[0.0, 0.1, 0.7, 0.2, 0.0], [0.1] * 3 + [0.7, 0.0]])
    largest = np.full((1, 2), 1 - 2.0**-53)
    assert inverse(np.cumsum(p, axis=1), largest).tolist() == [[3, 3]]
    assert inverse(np.cumsum(p, axis=1), np.zeros((1, 2))).tolist() == [[1, 0]]
    drawn = inverse(np.cumsum(p, axis=1), Stream(SECRET, "x").uniforms(4000, 2))
    for row, law in enumerate(p):
        counts = np.bincount(drawn[:, row], minlength=5)
        assert (np.abs(counts - 4000 * law) <= 6 * np.sqrt(4000 * law)).all()


def test_the_first_impossible_answer() -> None:
    law = RowLaw.of(np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]]))
    assert first_impossible(law, np.array([[0, 1], [1, 2], [1, 0], [2, 1]])) == 2
    assert first_impossible(law, np.array([[0, 1], [1, 2]])) is None


def test_the_interval_of_a_power_is_that_of_clopper_and_pearson() -> None:
    low, high = Power(alternative="w", rejected=0, simulations=200, median_calls=None).interval
    assert (low, high) == (0.0, pytest.approx(1 - 0.005 ** (1 / 200)))
    low, high = Power(alternative="w", rejected=200, simulations=200, median_calls=1).interval
    assert (low, high) == (pytest.approx(0.005 ** (1 / 200)), 1.0)
