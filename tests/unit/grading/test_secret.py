"""What a grading derives from its secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.grading.secret import case_secret, grading_secret, running_order
from judge.model.plan import TestPlan
from judge.model.program import Program
from tests.unit.grading.scripted import case, plan, program

SALT = "pepper"


def order(salt: str = SALT, problem: TestPlan | None = None, submitted: Program | None = None) -> list[int]:
    chosen = problem or plan()
    return running_order(grading_secret(salt, chosen, submitted or program()), chosen.cases)


def test_a_secret_is_32_bytes_and_the_same_again() -> None:
    secret = grading_secret(SALT, plan(), program())
    assert len(secret) == 32
    assert secret == grading_secret(SALT, plan(), program())


def test_salt_plan_and_program_are_in_the_secret() -> None:
    secrets = {
        grading_secret(SALT, plan(), program()),
        grading_secret("salt", plan(), program()),
        grading_secret(SALT, plan(slug="other"), program()),
        grading_secret(SALT, plan(), program(b"other")),
        grading_secret(SALT, plan(), program(entry_point="other")),
    }
    assert len(secrets) == 5


def test_each_case_has_a_secret_of_its_own() -> None:
    secret = grading_secret(SALT, plan(), program())
    secrets = [case_secret(secret, each) for each in plan().cases]
    assert {len(each) for each in secrets} == {32}
    assert len({secret, *secrets}) == len(secrets) + 1


@given(st.text(max_size=8), st.binary(max_size=8), st.lists(st.booleans(), max_size=12))
def test_an_order_is_a_permutation_with_the_samples_first_and_as_they_are_written(
    salt: str, source: bytes, samples: list[bool]
) -> None:
    cases = tuple(case(f"{'sample' if sample else 'secret'}/{n}", 2 * n, n=n) for n, sample in enumerate(samples))
    found = order(salt, plan(cases=cases), program(source))
    assert sorted(found) == list(range(len(cases)))
    count = sum(samples)
    assert found[:count] == [position for position, sample in enumerate(samples) if sample]
    assert found == order(salt, plan(cases=cases), program(source))


def test_programs_are_asked_in_different_orders() -> None:
    cases = tuple(case(f"secret/{n}", 2 * n, n=n) for n in range(30))
    problem = plan(cases=cases)
    orders = {tuple(order(problem=problem, submitted=program(b"#" * n))) for n in range(20)}
    assert len(orders) == 20
    assert len({found[0] for found in orders}) > 5


@pytest.mark.parametrize("salt", ["", "a", "é" * 100])
def test_any_text_is_a_salt(salt: str) -> None:
    assert sorted(order(salt)) == list(range(len(plan().cases)))
