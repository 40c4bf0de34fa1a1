"""The exact layer of the checker ``sampler``, and which calls it asks for."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from judge.checkers.contract import CaseFacts, SeriesAnswer
from judge.checkers.sampler import Sampler
from judge.model.verdict import Reason
from tests.unit.checkers import sampler_subjects as subjects
from tests.unit.checkers.series_driver import play

CASE = subjects.points_case(4.0)
ROWS = len(CASE.arguments["scores"])
RIGHT = subjects.sampler()()


def changed(change: Callable[[list[int], int], Any]) -> Callable[[], Callable[..., Any]]:
    """A loader of the right sampler whose answer goes through ``change(answer, seed)``."""
    return lambda: lambda scores, tau, seed: change(RIGHT(scores, tau, seed), seed)


def replaced(answer: list[int], row: int, index: int) -> list[int]:
    return [*answer[:row], index, *answer[row + 1 :]]


@pytest.mark.parametrize(
    ("load", "reason", "message"),
    [
        (changed(lambda a, s: a[1:]), Reason.WRONG_SHAPE, "expected 12 indices, one for each row, found 11"),
        (changed(lambda a, s: []), Reason.WRONG_SHAPE, "expected 12 indices, one for each row, found 0"),
        (
            changed(lambda a, s: replaced(a, 5, 12)),
            Reason.WRONG_SUPPORT,
            "answer[5]: expected an index from 0 to 11, found 12",
        ),
        (
            changed(lambda a, s: replaced(a, 0, -1)),
            Reason.WRONG_SUPPORT,
            "answer[0]: expected an index from 0 to 11, found -1",
        ),
        (
            changed(lambda a, s: replaced(a, 1, 2**63)),
            Reason.WRONG_SUPPORT,
            "answer[1]: expected an index from 0 to 11, found 9223372036854775808",
        ),
        (
            changed(lambda a, s: replaced(a, 1, -(10**100))),
            Reason.WRONG_SUPPORT,
            "answer[1]: expected an index from 0 to 11, found an integer of 333 bits",
        ),
        (
            changed(lambda a, s: replaced(a, 7, 7)),
            Reason.WRONG_SUPPORT,
            "answer[7]: expected an index of positive probability, found 7, which row 7 excludes",
        ),
    ],
)
def test_an_impossible_answer_rejects_at_the_first_call(load: Any, reason: Reason, message: str) -> None:
    played = play(Sampler(), CASE, load)
    assert (played.judgement.accepted, played.judgement.reason) == (False, reason)
    assert played.judgement.message == message
    assert len(played.calls) == 1


def test_an_impossible_answer_rejects_whenever_it_comes() -> None:
    count = itertools.count()
    played = play(Sampler(), CASE, changed(lambda a, s: replaced(a, 3, 3) if next(count) == 77 else a))
    assert played.judgement.reason is Reason.WRONG_SUPPORT
    assert len(played.calls) == 78


def test_changed_arguments_reject() -> None:
    def load() -> Callable[..., list[int]]:
        def function(scores: list[list[float]], tau: float, seed: int) -> list[int]:
            answer = RIGHT(scores, tau, seed)
            scores[0][0] = 1e9
            return answer

        return function

    played = play(Sampler(), CASE, load)
    assert played.judgement.reason is Reason.INPUT_MUTATED
    assert played.judgement.message == "the call changed its arguments"


def unseeded_global(p: np.ndarray, rng: object) -> list[int]:
    return subjects.inverse_cdf(p, np.random.default_rng(), np.random.random(len(p)))


def unseeded_random(p: np.ndarray, rng: object) -> list[int]:
    return subjects.inverse_cdf(p, np.random.default_rng(), np.array([random.random() for _ in p]))


def seeded_global(p: np.ndarray, rng: int) -> list[int]:
    np.random.seed(rng)
    return subjects.inverse_cdf(p, np.random.default_rng(), np.random.random(len(p)))


def changing_with_time() -> Callable[..., list[int]]:
    clock = itertools.count()  # stands for time.time_ns()
    return subjects.sampler(generator=lambda seed: np.random.default_rng([seed, next(clock)]))()


def loaded_anew() -> Callable[[], Callable[..., list[int]]]:
    loads = itertools.count()  # stands for hash("...") under another PYTHONHASHSEED, or a seed from the clock at load

    def load() -> Callable[..., list[int]]:
        salt = next(loads)
        return subjects.sampler(generator=lambda seed: np.random.default_rng([seed, salt]))()

    return load


def constant_in_a_process() -> Callable[[], Callable[..., list[int]]]:
    loads = itertools.count()

    def load() -> Callable[..., list[int]]:
        salt = next(loads)
        return subjects.sampler(generator=lambda seed: np.random.default_rng(salt))()

    return load


def caching() -> Callable[[], Callable[..., list[int]]]:
    clock = itertools.count()

    def load() -> Callable[..., list[int]]:
        known: dict[int, list[int]] = {}

        def function(scores: list[list[float]], tau: float, seed: int) -> list[int]:
            return known.setdefault(seed, RIGHT(scores, tau, next(clock)))

        return function

    return load


@pytest.mark.parametrize(
    "load",
    [
        subjects.sampler(draw=unseeded_global),
        subjects.sampler(draw=unseeded_random),
        changing_with_time,
        loaded_anew(),
        constant_in_a_process(),
        caching(),
    ],
    ids=["np.random", "random", "time", "at load", "constant in a process", "cached by seed"],
)
def test_other_answers_to_the_same_seed_are_not_reproducible(load: Any) -> None:
    played = play(Sampler(), CASE, load)
    assert played.judgement.reason is Reason.NOT_REPRODUCIBLE
    assert played.judgement.message.startswith("the same input and seed gave different answers: row ")


def test_a_generator_made_at_load_is_found_in_the_second_process() -> None:
    played = play(Sampler(), CASE, loaded_anew())
    assert played.calls[-1].box == 1
    assert played.judgement.message.endswith("in another process")


def test_a_seeded_global_generator_is_reproducible_but_changes_state() -> None:
    played = play(Sampler(), CASE, subjects.sampler(draw=seeded_global, generator=lambda seed: seed))
    assert played.judgement.reason is Reason.GLOBAL_STATE_CHANGED
    assert len(played.calls) == 5


def test_a_right_sampler_is_asked_for_exactly_the_stated_calls() -> None:
    played = play(Sampler(calls=120, repeats=10), CASE, subjects.sampler())
    assert played.judgement.accepted
    seeds = [call.changes["seed"] for call in played.calls]
    assert len(seeds) == 120
    assert len(set(seeds)) == 110
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_the_second_process_comes_last_with_seeds_seen_before() -> None:
    calls = play(Sampler(calls=100), CASE, subjects.sampler()).calls
    boxes = [call.box for call in calls]
    assert boxes == [0] * 98 + [1] * 2
    assert {call.changes["seed"] for call in calls[98:]} <= {call.changes["seed"] for call in calls[:98]}


def test_repeats_come_early_and_audits_never_repeat() -> None:
    """Audited are the first calls, every repeat, and of the others one in eight."""
    calls = play(Sampler(), CASE, subjects.sampler()).calls
    first = [call.changes["seed"] for call in calls[:10]]
    assert len(set(first)) < len(first)
    assert None not in [call.audit_seed for call in calls[:8]]
    seen: set[int] = set()
    for call in calls:
        assert call.audit_seed is not None or call.changes["seed"] not in seen
        seen.add(call.changes["seed"])
    audits = [call.audit_seed for call in calls if call.audit_seed is not None]
    assert len(calls) / 8 < len(audits) < len(calls) / 3
    assert len(set(audits)) == len(audits)


def test_the_series_is_a_function_of_the_secret() -> None:
    one, again, other = (play(Sampler(), CASE, subjects.sampler(), secret=s * 32) for s in (b"a", b"a", b"b"))
    assert (one.calls, one.judgement) == (again.calls, again.judgement)
    seeds = [{call.changes["seed"] for call in played.calls} for played in (one, other)]
    assert seeds[0].isdisjoint(seeds[1])


def test_cases_have_seeds_of_their_own() -> None:
    other = CaseFacts(name="other", arguments=CASE.arguments, expected=CASE.expected)
    seeds = [
        {call.changes["seed"] for call in play(Sampler(), case, subjects.sampler()).calls} for case in (CASE, other)
    ]
    assert seeds[0].isdisjoint(seeds[1])


def test_consecutive_seeds_come_in_runs() -> None:
    calls = play(Sampler(calls=44, repeats=4, consecutive=8), CASE, subjects.sampler()).calls
    seeds = list(dict.fromkeys(call.changes["seed"] for call in calls))
    assert [seed - seeds[8 * (k // 8)] for k, seed in enumerate(seeds)] == [k % 8 for k in range(40)]


def test_the_evidence_of_an_accepted_sampler_is_plain_json() -> None:
    judgement = play(Sampler(), CASE, subjects.sampler()).judgement
    evidence = json.loads(json.dumps(judgement.evidence, allow_nan=False))
    assert (evidence["draws"], evidence["calls"], evidence["repeats"]) == (190, 190, 10)
    assert evidence["alpha"] == pytest.approx(1e-6)
    assert evidence["log10_limit"] == pytest.approx(6.0)
    assert len(evidence["e_curve"]) == 64
    assert evidence["e_curve"][-1] == [190, pytest.approx(evidence["log10_e_value"], abs=1e-4)]
    assert judgement.margin is not None
    assert 0.0 <= judgement.margin < 1.0


def test_a_series_without_a_draw_has_evidence_too() -> None:
    evidence = play(Sampler(), CASE, lambda: lambda scores, tau, seed: []).judgement.evidence
    assert (evidence["calls"], evidence["e_curve"], evidence["worst"]) == (0, [], None)
    assert evidence["e_value"] == 1.0


def test_a_law_with_one_free_row_is_judged() -> None:
    certain = CaseFacts(name="c", arguments={}, expected=np.array([[0.0, 1.0, 0.0], [0.25, 0.5, 0.25]]))

    def load() -> Callable[..., list[int]]:
        return lambda seed: [1, int(np.random.default_rng(seed).choice(3, p=certain.expected[1]))]

    assert play(Sampler(), certain, load).judgement.accepted
    constant = play(Sampler(), certain, lambda: lambda seed: [1, 0])
    assert not constant.judgement.accepted


def test_the_evidence_is_looked_at_a_few_times_only() -> None:
    """Every look costs as much as some hundred answers: 32 draws, then half as many more, at most 128."""
    case = subjects.points_case(4.0)
    series = Sampler(calls=500).open(case, b"s" * 32)
    draw = subjects.sampler()()
    seen = set()
    while (call := series.next_call()) is not None:
        series.observe(call, SeriesAnswer(value=draw(**case.arguments, **call.changes), audit=None))
        seen.add(series.judgement().evidence["draws"])
    assert seen == {0, 32, 48, 72, 108, 162, 243, 364, 475}
