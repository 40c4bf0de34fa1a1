"""A wrong sampler is rejected for the right reason."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from judge.checkers.contract import CaseFacts
from judge.checkers.sampler import Sampler
from judge.model.verdict import Reason
from tests.unit.checkers import sampler_subjects as subjects
from tests.unit.checkers.series_driver import play

CASES = {
    "12 points, 0.25": subjects.points_case(0.25),
    "12 points, 4": subjects.points_case(4.0),
    "64 embeddings, 1": subjects.embeddings_case(1.0),
    "64 embeddings, 5": subjects.embeddings_case(5.0),
    "64 embeddings, 20": subjects.embeddings_case(20.0),
}
POINTS = {name: case for name, case in CASES.items() if "points" in name}
EMBEDDINGS = {name: case for name, case in CASES.items() if "embeddings" in name}
PEAKED = {name: case for name, case in EMBEDDINGS.items() if not name.endswith(" 1")}
D, R, S = Reason.WRONG_DISTRIBUTION, Reason.DEPENDENT_DRAWS, Reason.WRONG_SUPPORT
SECRETS = [bytes([k]) * 32 for k in range(2)]


def each(cases: dict[str, CaseFacts], name: str, reason: Reason, words: str, **parts: Any) -> list[Any]:
    load = subjects.sampler(**parts)
    return [pytest.param(case, load, reason, words, id=f"{name} on {label}") for label, case in cases.items()]


def few_seeds(count: int) -> Callable[[int], np.random.Generator]:
    return lambda seed: np.random.default_rng(seed % count)


WRONG = [
    *each(CASES, "uniform", D, "were expected in", probabilities=subjects.tempered(0.0)),
    *each(CASES, "tau twice", D, "were expected in", probabilities=subjects.tempered(2.0)),
    *each(CASES, "half tau", D, "were expected in", probabilities=subjects.tempered(0.5)),
    *each(POINTS, "ignores tau", D, "were expected in", probabilities=subjects.ignoring_tau),
    *each(PEAKED, "ignores tau", D, "were expected in", probabilities=subjects.ignoring_tau),
    *each(POINTS, "d instead of d²", D, "were expected in", probabilities=subjects.square_roots),
    *each(PEAKED, "softmax over columns", D, "were expected in", probabilities=subjects.over_columns),
    *each(CASES, "argmax", D, "were expected in", draw=subjects.most_probable),
    *each(CASES, "includes the row itself", S, "excludes", probabilities=subjects.with_positive),
    *each(CASES, "one u for all rows", R, "rows of one call", draw=subjects.one_uniform),
    *each(CASES, "u and 1 - u", R, "rows of one call", draw=subjects.one_uniform_mirrored),
    *each(CASES, "half the uniforms", R, "rows of one call", draw=subjects.half_the_uniforms),
    *each(
        {"64 embeddings, 1": CASES["64 embeddings, 1"]}, "one gumbel row", R, "rows of", draw=subjects.one_gumbel_row
    ),
    *each(CASES, "ignores the seed", R, "different seeds all gave the same answer", generator=few_seeds(1)),
    *each(CASES, "sixteen seeds", R, "different seeds gave", generator=few_seeds(16)),
]


@pytest.mark.parametrize(("case", "load", "reason", "words"), WRONG)
def test_the_reason_is_right(case: CaseFacts, load: Any, reason: Reason, words: str) -> None:
    judgements = [play(Sampler(), case, load, secret=secret, audited=False).judgement for secret in SECRETS]
    assert [judgement.reason for judgement in judgements] == [reason] * len(SECRETS)
    for judgement in judgements:
        assert words in judgement.message


def test_the_message_names_cell_count_expectation_and_evidence() -> None:
    load = subjects.sampler(probabilities=subjects.tempered(0.25))
    judgement = play(Sampler(), CASES["12 points, 0.25"], load).judgement
    worst = judgement.evidence["worst"]
    assert judgement.message.startswith(
        f"index {worst['index']} was drawn {worst['observed']} times for row {worst['row']};"
    )
    assert f"about {worst['expected']:.3g} were expected in {worst['calls']} calls" in judgement.message
    assert judgement.message.endswith("limit 1.0e6)")
    assert judgement.evidence["e_value"] >= 1e6
    assert judgement.evidence["cause"] == "distribution"
    assert judgement.margin is not None
    assert judgement.margin >= 1.0


def test_a_wrong_temperature_is_estimated() -> None:
    load = subjects.sampler(probabilities=subjects.tempered(2.0))
    message = play(Sampler(), CASES["64 embeddings, 5"], load).judgement.message
    power = float(message.split("raised to the power ")[1].split(" ")[0])
    assert power == pytest.approx(2.0, abs=0.2)


def test_a_rejection_ends_the_series_early() -> None:
    load = subjects.sampler(probabilities=subjects.tempered(0.0))
    played = play(Sampler(), CASES["64 embeddings, 5"], load)
    assert played.judgement.evidence["calls"] == 1
    assert len(played.calls) < 50


def golden_stride(seed: int) -> Any:
    class Stride:
        def random(self, count: int) -> np.ndarray:
            return (np.random.default_rng(7).random(count) + seed * 0.6180339887498949) % 1.0

    return Stride()


def test_dependent_successive_seeds_are_found_when_asked_for() -> None:
    load = subjects.sampler(generator=golden_stride)
    judgement = play(Sampler(consecutive=8), CASES["12 points, 4"], load).judgement
    assert judgement.reason is Reason.DEPENDENT_DRAWS


def test_the_table_holds_the_cells_that_are_furthest_from_the_law() -> None:
    case = subjects.points_case(4.0)
    judgement = play(Sampler(calls=40), case, subjects.sampler(probabilities=subjects.tempered(0.5))).judgement
    table, worst = judgement.evidence["table"], judgement.evidence["worst"]
    assert len(table) == 24
    assert worst == table[0] | {"calls": judgement.evidence["draws"]}
    for cell in table:
        expected = judgement.evidence["draws"] * case.expected[cell["row"], cell["index"]]
        assert cell["expected"] == pytest.approx(expected)
        assert cell["expected"] > 0
    deviances = [cell["observed"] * np.log(max(cell["observed"], 1) / cell["expected"]) for cell in table]
    deviances = [d - cell["observed"] + cell["expected"] for d, cell in zip(deviances, table, strict=True)]
    assert deviances == sorted(deviances, reverse=True)


def test_the_table_of_a_small_law_is_whole() -> None:
    case = CaseFacts(name="coin", arguments={}, expected=np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]))

    def load() -> Callable[..., list[int]]:
        return lambda seed: [int(np.random.default_rng(seed).integers(2)), 2]

    judgement = play(Sampler(calls=40), case, load).judgement
    table = judgement.evidence["table"]
    assert sorted((cell["row"], cell["index"]) for cell in table) == [(0, 0), (0, 1)]
    assert sum(cell["observed"] for cell in table) == judgement.evidence["draws"]


def test_a_known_mistake_is_named() -> None:
    case = subjects.points_case(4.0)
    wrong = subjects.law(case.arguments["scores"], 0.5 * case.arguments["tau"])
    wrongs = {"uniform": subjects.law(case.arguments["scores"], 0.0), "half-tau": wrong}
    declared = dataclasses.replace(case, alternatives=wrongs)
    judgement = play(Sampler(calls=200), declared, subjects.sampler(probabilities=subjects.tempered(0.5))).judgement
    assert "; the draws look like a known mistake: half-tau (evidence" in judgement.message
