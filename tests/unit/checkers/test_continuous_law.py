"""The named families are those of NumPy, tables are straight between their points, and cuts are conditional laws."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from judge.checkers.continuous import Continuous
from judge.checkers.contract import CaseFacts
from judge.checkers.evidence.continuous_law import ContinuousLaw, _families
from judge.stats.closing import farthest, massart
from tests.unit.checkers.series_driver import play

DRAWS = 20_000
Draw = Callable[[np.random.Generator, int], Any]
FAMILIES: dict[str, tuple[dict[str, float], Draw]] = {
    "uniform": ({"low": -1.0, "high": 3.0}, lambda rng, n: rng.uniform(-1, 3, n)),
    "normal": ({"mean": 5.0, "sd": 3.0}, lambda rng, n: rng.normal(5, 3, n)),
    "exponential": ({"rate": 4.0}, lambda rng, n: rng.exponential(1 / 4, n)),
    "gamma": ({"shape": 2.5, "scale": 3.0}, lambda rng, n: rng.gamma(2.5, 3, n)),
    "beta": ({"a": 2.0, "b": 0.5}, lambda rng, n: rng.beta(2, 0.5, n)),
    "laplace": ({"mean": 1.0, "scale": 2.0}, lambda rng, n: rng.laplace(1, 2, n)),
    "logistic": ({"mean": 1.0, "scale": 2.0}, lambda rng, n: rng.logistic(1, 2, n)),
    "gumbel": ({"location": 1.0, "scale": 2.0}, lambda rng, n: rng.gumbel(1, 2, n)),
    "lognormal": ({"mu": 1.0, "sigma": 0.5}, lambda rng, n: rng.lognormal(1, 0.5, n)),
    "student_t": ({"df": 3.0, "location": 2.0, "scale": 0.5}, lambda rng, n: 2 + 0.5 * rng.standard_t(3, n)),
    "cauchy": ({"location": -1.0, "scale": 2.0}, lambda rng, n: -1 + 2 * rng.standard_cauchy(n)),
    "weibull": ({"shape": 1.5, "scale": 3.0}, lambda rng, n: 3 * rng.weibull(1.5, n)),
    "pareto": ({"shape": 2.5, "scale": 3.0}, lambda rng, n: 3 * (1 + rng.pareto(2.5, n))),
}


def distance(law: ContinuousLaw, draws: Any) -> float:
    return farthest(law.pits(draws))[0]


def test_every_family_is_here() -> None:
    assert set(FAMILIES) == set(_families())


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_that_of_numpy(name: str) -> None:
    parameters, draw = FAMILIES[name]
    law = ContinuousLaw.named({name: parameters})
    draws = draw(np.random.default_rng(7), DRAWS)
    assert law.possible(draws).all()
    assert distance(law, draws) < massart(DRAWS, 1e-6)
    np.testing.assert_allclose(law.pits(law.inverse(np.linspace(0.001, 0.999, 99))), np.linspace(0.001, 0.999, 99))


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("cut", ["minimum", "maximum", "both"])
def test_a_cut_is_the_law_of_the_draws_that_remain(name: str, cut: str) -> None:
    parameters, draw = FAMILIES[name]
    draws = draw(np.random.default_rng(8), DRAWS)
    low, high = np.quantile(draws, [0.2, 0.7]).tolist()
    bounds = {"minimum": {"minimum": low}, "maximum": {"maximum": high}, "both": {"minimum": low, "maximum": high}}[cut]
    law = ContinuousLaw.named({name: parameters | bounds})
    kept = draws[(draws >= bounds.get("minimum", -math.inf)) & (draws <= bounds.get("maximum", math.inf))]
    assert law.possible(kept).all()
    assert not law.possible(np.array([low - 0.1]))[0] or cut == "maximum"
    assert not law.possible(np.array([high + 0.1]))[0] or cut == "minimum"
    assert distance(law, kept) < massart(len(kept), 1e-6)


def test_a_far_tail_keeps_its_precision() -> None:
    law = ContinuousLaw.named({"normal": {"mean": 0.0, "sd": 1.0, "minimum": 12.0}})
    np.testing.assert_allclose(law.pits(law.inverse(np.array([0.25, 0.5, 0.75]))), [0.25, 0.5, 0.75])


def test_a_table_is_straight_between_its_points_and_level_parts_are_gaps() -> None:
    law = ContinuousLaw.tabulated(np.array([[0.0, 0.0], [1.0, 0.5], [2.0, 0.5], [4.0, 1.0]]))
    np.testing.assert_allclose(law.pits(np.array([0.5, 1.0, 2.0, 3.0])), [0.25, 0.5, 0.5, 0.75])
    np.testing.assert_allclose(law.inverse(np.array([0.25, 0.75])), [0.5, 3.0])
    assert law.possible(np.array([0.0, 1.0, 2.0, 4.0])).all()
    assert not law.possible(np.array([-0.1, 1.5, 4.1])).any()


def test_masses_of_another_law_are_its_probabilities_of_equal_parts() -> None:
    law = ContinuousLaw.named({"uniform": {"low": 0.0, "high": 1.0}})
    other = ContinuousLaw.named({"beta": {"a": 2.0, "b": 1.0}})
    np.testing.assert_allclose(law.masses(other, 4), np.diff(np.array([0.0, 0.25, 0.5, 0.75, 1.0]) ** 2))


def test_a_float_and_a_table_are_judged_too() -> None:
    table = np.array([[0.0, 0.0], [1.0, 0.5], [2.0, 0.5], [3.0, 1.0]])
    case = CaseFacts(name="case", arguments={}, expected=table)
    checker = Continuous(law="table")

    def right(seed: int) -> float:
        u = float(np.random.default_rng(seed).random())
        return 2 * u if u < 0.5 else 1 + 2 * u

    assert play(checker, case, lambda: right).judgement.accepted
    judgement = play(checker, case, lambda: lambda seed: 3 * right(seed) / 3.5).judgement
    assert not judgement.accepted
    flat = play(checker, case, lambda: lambda seed: 3 * float(np.random.default_rng(seed).random())).judgement
    assert "(from 0 to 3, not between 1 and 2)" in flat.message
