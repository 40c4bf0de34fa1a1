"""The environment of a problem with oracles, rehearsed when the package is compiled: it starts for every test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judge.author.box import AuthorFault
from judge.author.environment import AuthorEnvironment
from judge.errors import SpecError
from judge.model.plan import Budget, TestPlan
from judge.model.problem import Problem
from judge.ports import Sandbox
from judge.spec.author import author_error
from judge.spec.oracles import MAX_BUDGET


def check_environment(problem: Problem, plan: TestPlan, sandbox: Sandbox, judge_file: str) -> None:
    """Raises SpecError unless the environment loads, starts with every test's arguments, and every budget is one."""
    environment = problem.environment
    if environment is None:
        return
    with AuthorEnvironment(environment, lambda: sandbox, runtime=plan.runtime) as rehearsed:
        for case in plan.pinned_cases:
            facts = plan.facts_of(case)
            for budget in environment.budgets:
                _check_budget(budget, facts, case.name, judge_file)
            try:
                rehearsed.begin(facts, seed=0).abandon()
            except AuthorFault as fault:
                raise author_error(fault, environment.author, judge_file, f"test {case.name!r}: ") from None


def _check_budget(budget: Budget, facts: Mapping[str, Any], case: str, judge_file: str) -> None:
    if isinstance(budget.limit, str) and budget.limit not in facts:
        message = f"oracles.{budget.oracle}.budget: expected an argument of the tests, found {budget.limit!r}"
        raise SpecError(f"{message}, which the checker chooses", file=judge_file)
    limit = budget.of(facts)
    if not 0 <= limit <= MAX_BUDGET:
        message = f"test {case!r}: {budget.limit}: expected a budget of 0 to {MAX_BUDGET}, found {limit}"
        raise SpecError(message, file=judge_file)
