"""What holds for every checker of single answers, whatever the type and whatever the answer."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judge.checkers import CHECKERS
from judge.checkers.any_of import AnyOf
from judge.checkers.arrays import Arrays
from judge.checkers.calls import Calls
from judge.checkers.canonical import canonical
from judge.checkers.contract import CaseFacts
from judge.checkers.exact import Exact
from judge.checkers.floats import Floats
from judge.checkers.output import Output
from judge.checkers.paths import Graph
from judge.checkers.suite import Suite
from judge.model.conform import Mismatch
from judge.model.type_expr import TypeExpr
from tests.unit.checkers.certificate_cases import CASES
from tests.unit.checkers.property_subjects import (
    SUBJECTS,
    TYPES,
    Subject,
    damaged,
    expected_itself,
    over_the_wire,
    poisoned,
    values,
)

STEADY = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
SUBJECT = pytest.mark.parametrize("subject", SUBJECTS, ids=repr)


def _equal(a: Any, b: Any) -> bool:
    """Equality by definition, one pair at a time."""
    if a is None or b is None:
        return a is b
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and all(_equal(x, y) for x, y in zip(a.flat, b.flat, strict=True))
    if isinstance(a, dict):
        return len(a) == len(b) and all(key in b and _equal(value, b[key]) for key, value in a.items())
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_equal, a, b))
    return bool(a == b)


def _case(expected: Any) -> CaseFacts:
    return CaseFacts(name="case", arguments={}, expected=expected)


def _usable(checker: Any, case: CaseFacts) -> bool:
    try:
        checker.check_key(case)
    except ValueError:
        return False
    return True


def _graph_key(subject: Subject, case: CaseFacts) -> CaseFacts:
    """A case whose key is right where a drawn one hardly ever is."""
    if not isinstance(subject.checker, Graph):
        return case
    return replace(case, expected=len(subject.right(case)) - 1)


def test_every_checker_of_single_answers_is_a_subject() -> None:
    """Here, in test_hostile_answers if it verifies certificates, in test_output if tests have arguments for it.

    What judges answers of other forms than a function's is in tests/unit/spec/test_kinds.py.
    """
    drawn = {type(subject.checker) for subject in SUBJECTS} | {type(bench.checker) for bench, _, _ in CASES}
    assert drawn | {Output, Calls, Suite} == {kind for kind in CHECKERS.values() if hasattr(kind, "check")}


@settings(STEADY, max_examples=150)
@given(TYPES, st.data())
def test_exact_is_equality_by_definition(kind: TypeExpr, data: Any) -> None:
    expected, answer = (over_the_wire(data.draw(values(kind)), kind) for _ in range(2))
    judgement = Exact().check(_case(expected), answer)
    assert judgement.accepted == _equal(expected, answer)
    assert (judgement.reason is None) == judgement.accepted
    assert judgement.accepted == (judgement.message == "")


@settings(STEADY, max_examples=150)
@given(TYPES, st.data())
def test_canonical_bytes_are_equal_exactly_when_values_are(kind: TypeExpr, data: Any) -> None:
    first, second = (over_the_wire(data.draw(values(kind)), kind) for _ in range(2))
    mine, theirs = canonical(first), canonical(second)
    assert (mine is not None and mine == theirs) == _equal(first, second)


@SUBJECT
@STEADY
@given(st.data())
def test_a_right_answer_is_accepted_unless_check_key_refuses_the_key(subject: Subject, data: Any) -> None:
    drawn = data.draw(subject.cases())
    if drawn is None:
        return
    kind, case = drawn[0], _graph_key(subject, drawn[1])
    usable = _usable(subject.checker, case)
    if usable:
        assert subject.checker.check(case, over_the_wire(subject.right(case), kind)).accepted
    elif subject.strict and subject.right is expected_itself:
        assert not subject.checker.check(case, case.expected).accepted


@SUBJECT
@STEADY
@given(st.data())
def test_no_answer_crashes_a_checker(subject: Subject, data: Any) -> None:
    drawn = data.draw(subject.cases())
    if drawn is None:
        return
    kind, case = drawn
    judgement = subject.checker.check(case, data.draw(subject.answers(kind)))
    json.dumps(judgement.evidence, allow_nan=False)
    assert judgement.accepted == (judgement.reason is None)
    assert judgement.accepted == (judgement.message == "")
    assert len(judgement.message) < 600
    if judgement.margin is not None:
        assert judgement.accepted == (judgement.margin <= 1)


@SUBJECT
@STEADY
@given(st.data())
def test_empty_truncated_overlong_and_nan_answers_are_never_accepted(subject: Subject, data: Any) -> None:
    drawn = data.draw(subject.cases())
    if drawn is None:
        return
    kind, case = drawn[0], _graph_key(subject, drawn[1])
    if isinstance(subject.checker, AnyOf):
        case = replace(case, expected=case.expected[:1])  # another acceptable answer may be a part of this one
    if not _usable(subject.checker, case):
        return
    right = over_the_wire(subject.right(case), kind)
    for answer in (*damaged(right), poisoned(right)):
        if answer is not None and _conforms(answer, kind):
            judgement = subject.checker.check(case, answer)
            assert not judgement.accepted, answer
            assert judgement.reason != "checker"


def _conforms(answer: Any, kind: TypeExpr) -> bool:
    """Whether an answer can reach a checker: what does not conform is a wrong_type or wrong_shape before."""
    try:
        over_the_wire(answer, kind)
    except Mismatch:
        return False
    return True


def test_what_the_property_tests_try_is_not_nothing() -> None:
    assert damaged([1, 2]) == [[], [1], [2], [1, 2, 2], [1, 2, 1, 2]]
    assert len(damaged(np.ones((2, 2)))) == 4
    assert damaged("a b")[:2] == ["", "a"]
    assert np.isnan(poisoned({"a": [1, (2.0,)]})["a"][1][0])
    assert poisoned([1, "x"]) is None


def test_checkers_are_values() -> None:
    assert Floats(rtol=0.5) == Floats(rtol=0.5)
    assert replace(Floats(rtol=0.5), rtol=None) == Floats()
    assert len({Arrays(ulp=1), Arrays(ulp=1), Arrays(ulp=2)}) == 2


def test_the_last_of_many_small_parts_is_found() -> None:
    expected = [(i, (i, str(i))) for i in range(50_000)]
    other = [*expected[:-1], (49_999, (49_999, "x"))]
    assert Exact().check(_case(expected), list(expected)).accepted
    assert Exact().check(_case(expected), other).message.startswith("answer[49999][1][1] is 'x'")
    numbers = [float(i) for i in range(50_000)]
    assert Floats().check(_case([numbers]), [numbers]).accepted
