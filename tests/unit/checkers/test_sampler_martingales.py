"""The members of the e-process are martingales under the law, and what their closed forms say."""

from __future__ import annotations

import copy
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.stats.declared import DeclaredLaws, declared_laws
from judge.stats.dependence import LagGrid, Lags, NeighbourGrid, Neighbours, Partners, Repeats
from judge.stats.eprocess import EProcess, log_mean_exp, log_rising
from judge.stats.law import Block, RowLaw
from judge.stats.marginal import (
    POWERS,
    Columns,
    IndexHistogram,
    RankHistogram,
    RowPredictor,
    RowTilt,
    Tilt,
)
from judge.stats.suite import rows_suite
from tests.unit.checkers import sampler_subjects as subjects

CALLS = 40
MEMBERS = {
    "tilt": lambda law: Tilt(law),
    "row_tilt": lambda law: RowTilt(law),
    "index_histogram": lambda law: IndexHistogram(law, CALLS),
    "rank_histogram": lambda law: RankHistogram(law, CALLS),
    "row_predictor": lambda law: RowPredictor(law),
    "columns": lambda law: Columns(law),
    "repeats": lambda law: Repeats(),
    "neighbours": lambda law: Neighbours(),
    "neighbour_grid": lambda law: NeighbourGrid(law, CALLS),
    "partners": lambda law: Partners(law),
    "declared": lambda law: First(DeclaredLaws(law, declared_laws(law, {"wrong": WRONG}))),
    "lags": lambda law: Lags(law, 2),
    "lag_grid": lambda law: LagGrid(law, CALLS, 2),
}
WRONG = np.array([[0.1, 0.2, 0.3, 0.4], [0.0, 0.3, 0.0, 0.7], [1.0, 0.0, 0.0, 0.0]])
EIGHTHS = np.array([[0.5, 0.25, 0.25, 0.0], [0.375, 0.125, 0.0, 0.5], [0.0, 0.0, 0.875, 0.125]])


class First:
    """The first martingale of a family."""

    def __init__(self, family: DeclaredLaws) -> None:
        self._family = family

    def advance(self, block: Block) -> np.ndarray:
        return self._family.advance(block)[0]


def every_outcome(law: RowLaw) -> Block:
    """One call for each way in which the PITs of all rows can lie in the middle of an eighth: equally likely ones."""
    cells = [
        [(j, (k + 0.5) / round(8 * p)) for j, p in enumerate(row) if p for k in range(round(8 * p))] for row in law.p
    ]
    outcomes = np.array(list(itertools.product(*cells)))
    return law.block(outcomes[:, :, 0].astype(np.int64), outcomes[:, :, 1])


def pasts(law: RowLaw) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Calls to bet after: none, few, many, the same again and again, dependent ones."""
    answers, randomisers = drawn(law, 5, CALLS - 1)
    one = drawn(law, 6, 1)
    u = np.random.default_rng(7).random((31, 1))
    dependent = (u[:, :, None] >= np.cumsum(law.p, axis=1)).sum(axis=2)
    rows = np.arange(len(law.p))
    exact = (u - law.index_start[rows, dependent]) / law.p[rows, dependent]  # gives every row the PIT u
    return {
        "none": (answers[:0], randomisers[:0]),
        "one": one,
        "sixteen": (answers[:16], randomisers[:16]),
        "many": (answers, randomisers),
        "the same": (np.repeat(one[0], 16, axis=0), np.repeat(one[1], 16, axis=0)),
        "dependent": (dependent, exact),
    }


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("past", ["none", "one", "sixteen", "many", "the same", "dependent"])
def test_after_any_past_the_mean_of_the_next_capital_is_the_capital(name: str, past: str) -> None:
    # Whole eighths: bins and quarters hold equally many outcomes, and centred PITs have mean 0, exactly.
    law = RowLaw.of(EIGHTHS)
    answers, randomisers = pasts(law)[past]
    member = MEMBERS[name](law)
    before = member.advance(law.block(answers, randomisers))[-1] if len(answers) else 0.0
    outcomes = every_outcome(law)
    ratios = [
        math.exp(copy.deepcopy(member).advance(one_call(outcomes, call))[-1] - before) for call in range(len(outcomes))
    ]
    assert len(ratios) == 8**3
    assert math.fsum(ratios) / len(ratios) == pytest.approx(1.0, rel=1e-12)


def one_call(block: Block, call: int) -> Block:
    return Block(**{name: getattr(block, name)[call : call + 1] for name in Block.__slots__})


def test_dependent_rows_are_bet_on_once_they_are_known() -> None:
    law = RowLaw.of(EIGHTHS)
    member = Partners(law)
    logs = member.advance(law.block(*pasts(law)["dependent"]))
    assert logs[0] == 0.0
    assert logs[-1] != 0.0


def drawn(law: RowLaw, seed: int, calls: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    answers = np.stack([rng.choice(law.columns, size=calls, p=row) for row in law.p], axis=1)
    return answers, rng.random(answers.shape)


@settings(max_examples=20, deadline=None)
@given(cuts=st.sets(st.integers(1, 39)), run=st.sampled_from([1, 5]))
def test_the_path_does_not_depend_on_the_blocks(cuts: set[int], run: int) -> None:
    law = RowLaw.of(subjects.points_case(4.0).expected)
    answers, randomisers = drawn(law, 3, 40)
    whole, cut = (rows_suite(law, alpha=1e-6, calls=40, run=run) for _ in range(2))
    whole.observe(law.block(answers, randomisers))
    for begin, end in itertools.pairwise([0, *sorted(cuts), 40]):
        cut.observe(law.block(answers[begin:end], randomisers[begin:end]))
    np.testing.assert_allclose(cut.path, whole.path, atol=1e-9)


def test_a_tilt_is_the_mean_of_likelihood_ratios() -> None:
    p = np.array([[0.5, 0.3, 0.2]])
    law = RowLaw.of(p)
    (log,) = Tilt(law).advance(law.block(np.array([[2]]), np.array([[0.5]])))
    expected = np.mean([p[0, 2] ** power / (p[0] ** power).sum() / p[0, 2] for power in POWERS])
    assert math.exp(log) == pytest.approx(expected)


def test_the_row_predictor_learns_at_the_stated_rate() -> None:
    law = RowLaw.of(np.array([[0.5, 0.3, 0.2, 0.0]]))
    logs = RowPredictor(law).advance(law.block(np.array([[1], [1], [0]]), np.full((3, 1), 0.5)))
    ratios = [(0.5 / 1.5) / 0.3, (1.5 / 2.5) / 0.3, (0.5 / 3.5) / 0.5]
    np.testing.assert_allclose(np.exp(logs), np.cumprod(ratios))


def test_a_repeated_answer_pays_one_over_its_probability() -> None:
    law = RowLaw.of(np.full((3, 10), 0.1))
    logs = Repeats().advance(law.block(np.full((2, 3), 4), np.full((2, 3), 0.5)))
    np.testing.assert_allclose(np.exp(logs), [1.0, (1 + 1000) / 2])


def test_pits_cover_the_unit_interval_by_index_and_by_rank() -> None:
    law = RowLaw.of(np.array([[0.2, 0.0, 0.5, 0.3]]))
    block = law.block(np.array([[0], [2], [3]]), np.zeros((3, 1)))
    np.testing.assert_allclose(block.index_pit.ravel(), [0.0, 0.2, 0.7])
    np.testing.assert_allclose(block.rank_pit.ravel(), [0.8, 0.0, 0.5])


def test_extreme_laws_stay_finite() -> None:
    p = np.array([[1e-300, 1e-12, 1.0 - 1e-12, 0.0], [0.25, 0.25, 0.25, 0.25]])
    law = RowLaw.of(p)
    process = rows_suite(law, alpha=1e-6, calls=64)
    answers = np.tile([[0, 1]], (64, 1))
    process.observe(law.block(answers, np.full((64, 2), 0.5)))
    assert np.isfinite(process.path).all()
    assert process.rejected_at == 1


def test_a_process_remembers_its_first_crossing() -> None:
    class Given:
        name = "given"

        def advance(self, block: Block) -> np.ndarray:
            return np.log([1.0, 99.0, 100.0, 1.0, 1000.0])

    law = RowLaw.of(np.array([[0.5, 0.5]]))
    process = EProcess([Given()], 0.01 * (1 + 1e-12))
    process.observe(law.block(np.zeros((5, 1), dtype=np.int64), np.full((5, 1), 0.5)))
    assert (process.calls, process.rejected_at) == (5, 3)
    assert process.members_at(2) == {"given": pytest.approx(math.log(99.0))}


def test_logarithms_of_means_and_of_rising_factorials() -> None:
    values = np.array([[1000.0, 1000.0 + math.log(3.0)], [-1000.0, -1000.0]])
    np.testing.assert_allclose(log_mean_exp(values, axis=1), [1000.0 + math.log(2.0), -1000.0])
    np.testing.assert_allclose(np.exp(log_rising(0.5, 3)), [1.0, 0.5, 0.75, 1.875])


def test_a_declared_law_is_bet_on_by_halves_and_in_full() -> None:
    law = RowLaw.of(np.array([[0.5, 0.3, 0.2], [0.25, 0.75, 0.0]]))
    laws = declared_laws(law, {"wrong": np.array([[0.0, 0.6, 0.4], [0.0, 0.25, 0.75]])})
    np.testing.assert_allclose(laws["wrong"], [[0.0, 0.6, 0.4], [0.0, 1.0, 0.0]])
    (logs,) = DeclaredLaws(law, laws).advance(law.block(np.array([[1, 1], [0, 1]]), np.full((2, 2), 0.5)))
    half, full = 1.5 * (0.5 + 0.5 / 0.75), 2 / 0.75
    np.testing.assert_allclose(np.exp(logs), [(half + full) / 2, half * 0.5 * (0.5 + 0.5 / 0.75) / 2])


def test_a_declared_law_is_bet_on_only_where_it_differs_on_possible_answers() -> None:
    law = RowLaw.of(np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]))
    matrices = {
        "z": np.array([[0.25, 0.75, 0.0], [1.0, 0.0, 0.0]]),
        "impossible": np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]),
        "elsewhere": np.array([[0.25, 0.25, 0.5], [0.0, 1.0, 0.0]]),
        "a": np.array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]),
    }
    declared = declared_laws(law, matrices)
    assert list(declared) == ["a", "z"]
    members = rows_suite(law, alpha=1e-6, calls=8, declared=declared).members_at(0)
    assert [name for name in members if name.startswith("declared")] == ["declared:a", "declared:z"]


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[0.5, 0.5]], r"alternative 'w': expected the law's shape \(1, 3\), found \(1, 2\)"),
        ([[0.5, 0.5, 0.5]], r"alternative 'w'\[0\]: expected a sum of 1 within 1e-09, found 1\.5"),
        ([[1.5, -0.5, 0.0]], r"alternative 'w'\[0\]\[1\]: expected a finite number that is not negative"),
    ],
)
def test_a_declared_law_that_is_none_is_named(matrix: object, message: str) -> None:
    law = RowLaw.of(np.array([[0.5, 0.25, 0.25]]))
    with pytest.raises(ValueError, match=message):
        declared_laws(law, {"w": np.array(matrix)})


def test_extreme_declared_laws_stay_finite() -> None:
    law = RowLaw.of(np.array([[5e-324, 1e-300, 1.0]]))
    declared = declared_laws(law, {"w": np.array([[1.0, 0.0, 0.0]]), "v": np.array([[0.0, 1.0, 0.0]])})
    process = rows_suite(law, alpha=1e-6, calls=4, declared=declared)
    process.observe(law.block(np.array([[0], [1], [2], [0]]), np.full((4, 1), 0.5)))
    assert np.isfinite(process.path).all()
