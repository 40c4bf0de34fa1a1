"""The environment of a problem with oracles, rehearsed when the package is compiled.

Its functions must take as many arguments as they will be given. For every test it starts and finishes, as for a
candidate that asks nothing; then each oracle is asked once with the plainest values of its types (0, "", nothing). An
answer must have the declared type. A refusal is in order, for a question may be wrong; an exception is an error only
when the oracle answered in no test: the plainest question may be a wrong one, and most environments know it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.author.box import AuthorFault
from judge.author.environment import AuthorEnvironment, RefusedError
from judge.errors import SpecError
from judge.model.conform import Mismatch, conform
from judge.model.plan import Budget, Environment, TestCase, TestPlan
from judge.model.problem import Problem
from judge.model.signature import Parameter
from judge.model.type_expr import TypeExpr
from judge.ports import Sandbox
from judge.spec.author import author_error
from judge.spec.oracles import MAX_BUDGET


def check_environment(problem: Problem, plan: TestPlan, sandbox: Sandbox, judge_file: str) -> None:
    """Raises SpecError unless the environment loads, starts, finishes and answers, and every budget is one."""
    environment = problem.environment
    if environment is None:
        return
    with AuthorEnvironment(environment, lambda: sandbox, runtime=plan.runtime) as rehearsed:
        rehearsal = _Rehearsal(plan=plan, stated=environment, environment=rehearsed, file=judge_file)
        rehearsal.check_parameters()
        for case in plan.pinned_cases:
            rehearsal.check_budgets(case)
            rehearsal.check_start(case)
        for oracle in plan.signature.oracles:
            rehearsal.check_answers(oracle)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rehearsal:
    """What every step needs."""

    plan: TestPlan
    stated: Environment
    environment: AuthorEnvironment
    file: str  # judge.yaml, for messages

    def check_parameters(self) -> None:
        """Raises SpecError for a function that cannot be called as it will be."""
        given = {"start": 2, "finish": 0} | {p.name: len(p.type.arguments) - 1 for p in self.plan.signature.oracles}
        for name, count in given.items():
            try:
                found = self.environment.takes(name, count)
            except AuthorFault as fault:
                raise author_error(fault, self.stated.author, self.file) from None
            if found is not None:
                what = "1 argument" if count == 1 else f"{count} arguments"
                raise self._error(f"expected {name} of {self.stated.author.file} to take {what}, found {name}{found}")

    def check_budgets(self, case: TestCase) -> None:
        """Raises SpecError for a budget of a test that is none."""
        facts = self.plan.facts_of(case)
        for budget in self.stated.budgets:
            _check_budget(budget, facts, case.name, self.file)

    def check_start(self, case: TestCase) -> None:
        """Raises SpecError unless the environment starts for a test, and finishes when nobody has asked anything."""
        try:
            self.environment.begin(self.plan.facts_of(case), seed=0).finish()
        except AuthorFault as fault:
            raise self._fault(fault, case) from None

    def check_answers(self, oracle: Parameter) -> None:
        """Raises SpecError when an answer has another type, or when there is none and a test ends in an exception."""
        question = tuple(map(plainest, oracle.type.arguments[:-1]))
        failed: tuple[AuthorFault, TestCase] | None = None
        for case in self._asked(oracle):
            try:
                answer = self._ask(oracle.name, question, case)
            except RefusedError:
                continue
            except AuthorFault as fault:
                failed = failed or (fault, case)
                continue
            self._check_answer(oracle, answer, case)
            return
        if failed is not None:
            raise self._fault(*failed)

    def _asked(self, oracle: Parameter) -> Iterator[TestCase]:
        """The tests in which the oracle may be asked."""
        budget = next(budget for budget in self.stated.budgets if budget.oracle == oracle.name)
        return (case for case in self.plan.cases if budget.of(self.plan.facts_of(case)))

    def _ask(self, name: str, question: tuple[Any, ...], case: TestCase) -> Any:
        session = self.environment.begin(self.plan.facts_of(case), seed=0)
        try:
            return session.ask(name, question)
        finally:
            session.abandon()

    def _check_answer(self, oracle: Parameter, answer: Any, case: TestCase) -> None:
        try:
            conform(answer, oracle.type.arguments[-1], f"the answer of {oracle.name}")
        except Mismatch as mismatch:
            raise self._error(f"test {case.name!r}: {self.stated.author.file}: {mismatch}") from None

    def _fault(self, fault: AuthorFault, case: TestCase) -> SpecError:
        return author_error(fault, self.stated.author, self.file, f"test {case.name!r}: ")

    def _error(self, message: str) -> SpecError:
        return SpecError(f"environment: {message}", file=self.file, line=self.stated.author.line)


def plainest(kind: TypeExpr) -> Any:
    """Returns the plainest value of a type: 0, "", nothing; an array has one element along each free dimension."""
    if kind.name == "array":
        shape = [size if isinstance(size, int) else 1 for size in kind.shape or (1,)]
        return np.zeros(shape, dtype=kind.dtype)
    if kind.name == "tuple":
        return () if kind.variadic else tuple(map(plainest, kind.arguments))
    plain = {"bool": False, "int": 0, "float": 0.0, "str": "", "bytes": b"", "list": [], "dict": {}}
    return plain.get(kind.name)  # of Optional: None


def _check_budget(budget: Budget, facts: Mapping[str, Any], case: str, judge_file: str) -> None:
    if isinstance(budget.limit, str) and budget.limit not in facts:
        message = f"oracles.{budget.oracle}.budget: expected an argument of the tests, found {budget.limit!r}"
        raise SpecError(f"{message}, which the checker chooses", file=judge_file)
    limit = budget.of(facts)
    if not 0 <= limit <= MAX_BUDGET:
        message = f"test {case!r}: {budget.limit}: expected a budget of 0 to {MAX_BUDGET}, found {limit}"
        raise SpecError(message, file=judge_file)
