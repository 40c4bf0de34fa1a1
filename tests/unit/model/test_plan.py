"""Digests: whatever can change a verdict changes the name of a plan, a program, a test."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from judge.harness import wire
from judge.model.conform import Mismatch
from judge.model.digest import digest_of, digest_of_bytes
from judge.model.plan import Budget, CheckerSpec, ComplexityGate, Environment, Examiner, TestGroup, TestPlan
from judge.model.program import AuthorFunction, SourceFile
from judge.model.run import Isolation
from judge.model.type_expr import parse_type
from tests.unit.grading.scripted import LIMITS, case, plan, program, signature

ENVIRONMENT = Environment(
    author=AuthorFunction(program=program(), function="start", file="oracles/bandit.py"),
    budgets=(Budget(oracle="pull", limit=3),),
    hidden=(),
    limits=LIMITS,
)
CHANGES: dict[str, Any] = {
    "slug": "triple",
    "family": "algebra",
    "name": "Triple",
    "kind": "class",
    "entry_point": "triple",
    "signature": signature(n="float", returns="int"),
    "expected_type": parse_type("float"),
    "isolation": Isolation.SUBMISSION,
    "limits": replace(LIMITS, answer_bytes=9999),
    "load_limits": LIMITS,
    "code_bytes": 1001,
    "languages": ("python3", "cpp"),
    "runtime": "python3-science",
    "checker": CheckerSpec(name="exact", parameters={"x": 1}),
    "cases": (),
    "environment": ENVIRONMENT,
    "examiner": Examiner(author=ENVIRONMENT.author, limits=LIMITS, seed=1, rehearsed=True),
    "groups": (TestGroup(name="data", parent="", cases=(), aggregation="sum"),),
    "included": {"cpp20": (SourceFile(path="a.h", content=b""),)},
    "passes": 2,
    "complexity": ComplexityGate(sizes=(8, 16), slope=1.5, repeats=3, budget_ns=10**9, families=()),
}


def test_equal_plans_have_one_digest() -> None:
    assert plan().digest == plan().digest
    assert len(plan().digest) == 64
    int(plan().digest, 16)


@pytest.mark.parametrize("name", list(CHANGES))
def test_every_field_of_a_plan_is_in_its_digest(name: str) -> None:
    assert plan(**{name: CHANGES[name]}).digest != plan().digest


def test_no_field_of_a_plan_is_forgotten_here() -> None:
    assert set(CHANGES) == set(TestPlan.__dataclass_fields__)


def test_the_order_of_tests_and_parameters_of_a_plan_counts_and_that_of_checker_parameters_does_not() -> None:
    cases = plan().cases
    assert plan(cases=cases[::-1]).digest != plan().digest
    one, other = ({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert (
        plan(checker=CheckerSpec(name="exact", parameters=one)).digest
        == plan(checker=CheckerSpec(name="exact", parameters=other)).digest
    )


def test_the_digest_of_a_case_is_that_of_its_content_not_of_its_name() -> None:
    assert case("secret/a", 2, n=1).digest == case("sample/b", 2, n=1).digest
    assert len({case("a", 2, n=1).digest, case("a", 3, n=1).digest, case("a", 2, n=2).digest}) == 3


def test_the_digest_of_a_program_is_that_of_language_files_and_entry_point() -> None:
    other = (SourceFile(path="main.py", content=program().main.content),)
    changed = [program(), program(b""), program(language="cpp"), program(files=other), program(entry_point="f")]
    assert len({each.digest for each in changed}) == len(changed)
    assert program().size_bytes == len(program().main.content)


def test_digests_do_not_run_together() -> None:
    assert digest_of(["ab", "c"]) != digest_of(["a", "bc"])
    assert digest_of(b"a") != digest_of("a")
    assert digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})
    assert digest_of_bytes(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_arguments_come_typed_in_the_order_of_the_signature() -> None:
    typed = signature(x="float", y="tuple[int, int]", seed="int", returns="float")
    problem = plan(signature=typed, cases=(case("secret/a", 5, y=[1, 2], x=1),), expected_type=parse_type("float"))
    arguments = problem.arguments_of(problem.cases[0])
    assert list(arguments.items()) == [("x", 1.0), ("y", (1, 2))]
    assert type(problem.expected_of(problem.cases[0])) is float


def test_a_case_that_does_not_conform_is_told_with_its_parameter() -> None:
    problem = plan(cases=(case("secret/a", "four", n=True),))
    with pytest.raises(Mismatch, match="n: expected int, found bool True"):
        problem.arguments_of(problem.cases[0])
    with pytest.raises(Mismatch, match="expected: expected int, found a str"):
        problem.expected_of(problem.cases[0])
    assert wire.decode(problem.cases[0].arguments) == {"n": True}
