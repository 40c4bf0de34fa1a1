"""What a package promises: asked of the checker with each test's share of the error rate, told in words and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from judge.authoring.power import as_json, case_powers, surest
from judge.authoring.power_text import case_lines, summary_lines
from judge.checkers.sizing import Power
from judge.errors import SpecError
from judge.harness import wire
from judge.model.plan import CheckerSpec, TestPlan
from judge.model.problem import Problem
from judge.model.type_expr import parse_type
from judge.spec.loader import load_problem
from tests.unit.grading.scripted import case, plan, signature
from tests.unit.spec.conftest import Package

WRONG = {"loaded": np.array([[0.9, 0.1]]), "fair": np.array([[0.5, 0.5]])}


@pytest.fixture
def problem(tmp_path) -> Problem:
    return load_problem(Package(tmp_path / "sums" / "coins").root)


def coins(**alternatives: np.ndarray) -> TestPlan:
    law = parse_type("array[float64, (n, m)]")
    declared = {name: wire.encode(value) for name, value in alternatives.items()}
    cases = [case("secret/coin", np.array([[0.5, 0.5]]), n=1), case("secret/bent", np.array([[0.25, 0.75]]), n=1)]
    return plan(
        signature=signature(n="int", seed="int", returns="list[int]"),
        expected_type=law,
        checker=CheckerSpec(name="sampler", parameters={"calls": 60, "alpha": 1e-3}),
        cases=tuple(replace(each, alternatives=declared) for each in cases),
    )


def test_every_test_has_its_share_of_the_error_rate(problem: Problem) -> None:
    coin, bent = case_powers(problem, coins(**WRONG), 30)
    assert (coin.name, coin.sizing.alpha, coin.sizing.calls) == ("secret/coin", 5e-4, 60)
    assert ([power.alternative for power in coin.sizing.powers], coin.unchanged) == (["loaded"], ("fair",))
    assert ([power.alternative for power in bent.sizing.powers], bent.unchanged) == (["loaded", "fair"], ())


def test_in_words(problem: Problem) -> None:
    powers = list(case_powers(problem, coins(**WRONG), 30))
    told = "\n".join([*case_lines(powers[0]), *summary_lines(powers, WRONG)])
    rejected = powers[0].sizing.powers[0].rejected
    assert "secret/coin: at most 60 calls; a correct submission is rejected with probability at most 0.0005" in told
    assert f"  loaded  rejected {rejected} of 30 times (power 0." in told
    assert "  the law itself on this test: fair" in told
    assert "all 2 tests: a correct submission is rejected with probability at most 0.001" in told
    assert "by secret/bent" in told
    assert "Kullback-Leibler divergence" in told


def test_without_declared_laws(problem: Problem) -> None:
    powers = list(case_powers(problem, coins(), 30))
    assert [case.sizing.powers for case in powers] == [(), ()]
    assert "no wrong laws are declared: 'alternatives' in judge.yaml names them" in "\n".join(summary_lines(powers, ()))


def test_as_json(problem: Problem) -> None:
    whole = coins(**WRONG)
    value = json.loads(json.dumps(as_json(whole, list(case_powers(problem, whole, 30)))))
    assert (value["problem"], value["digest"], value["checker"]) == (whole.slug, whole.digest, "sampler")
    coin = value["cases"][0]
    assert list(coin) == ["name", "alpha", "calls", "smallest_defect", "defect", "powers", "unchanged"]
    (loaded,) = coin["powers"]
    assert list(loaded) == ["alternative", "rejected", "simulations", "low", "high", "median_calls"]
    assert 0 <= loaded["low"] <= loaded["rejected"] / 30 <= loaded["high"] <= 1


def test_the_surest_test_is_the_one_that_rejects_most_and_then_first(problem: Problem) -> None:
    powers = list(case_powers(problem, coins(**WRONG), 1))
    counts = [(3, 9), (5, 8), (5, 7)]
    made = [
        replace(powers[0], name=str(at), sizing=replace(powers[0].sizing, powers=(_power(*count),)))
        for at, count in enumerate(counts)
    ]
    assert [(one.test, one.power.median_calls) for one in surest(made, ["other", "w"])] == [("2", 7)]


def _power(rejected: int, calls: int) -> Power:
    return Power(alternative="w", rejected=rejected, simulations=9, median_calls=calls)


def test_a_checker_that_is_not_statistical_has_no_power(problem: Problem) -> None:
    with pytest.raises(SpecError, match="expected a statistical checker, found 'exact', which never errs") as caught:
        next(case_powers(problem, plan(), 10))
    assert str(caught.value.file).endswith("coins/judge.yaml")
