"""Problem -> TestPlan: makes the tests, computes their expected values, checks them.

For every test, in this order: its arguments are written out or come from the generator, and conform to the signature;
its expected value is written out or comes from the reference, and conforms to the type that the checker asks for;
where both exist they agree; the checker accepts the value as a key to judge by. Then come the values that the package
declares wrong. Then the tests are compared with the lock file. The arguments' bytes are made from typed values, so the
same package gives the same plan whatever the author's code returned them as.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from judge.checkers import build
from judge.model.plan import CheckerSpec, Environment, TestPlan
from judge.model.problem import Problem
from judge.ports import Companions, Sandbox
from judge.spec import complexity
from judge.spec.alternatives import with_alternatives
from judge.spec.cases import CaseTypes
from judge.spec.drafts import check_unique, generated, written
from judge.spec.examined import examined_plan
from judge.spec.expected import cases
from judge.spec.job import Job
from judge.spec.keys import JUDGE_FILE
from judge.spec.lock import check_lock
from judge.spec.rehearsal import check_environment
from judge.spec.timing import timed
from judge.spec.toolchains import toolchain_of


def compile_plan(
    problem: Problem,
    sandbox: Sandbox,
    *,
    companions: Companions | None = None,
    lock: bool = True,
    hash_seed: int = 0,
) -> TestPlan:
    """Returns the plan. Raises SpecError; with ``lock``, also when the tests are not those of the lock file.

    Raises EnvironmentFault when this machine lacks the problem's runtime. ``companions`` are needed where a validator
    takes part in runs whose time limit is to be measured: InfrastructureError without. ``hash_seed`` decides in which
    order the author's programs see a set of texts: no plan may depend on it.
    """
    toolchain_of(problem, sandbox)
    if problem.examiner is not None:
        return examined_plan(problem, sandbox)
    checker = build(problem.checker.name, problem.checker.parameters)
    types = CaseTypes.of(problem.signature, checker, problem.environment)
    judge_file = str(Path(problem.root) / JUDGE_FILE)
    job = Job(
        problem=problem, sandbox=sandbox, checker=checker, types=types, judge_file=judge_file, hash_seed=hash_seed
    )
    drafts = [*written(problem), *generated(job)]
    check_unique(drafts)
    made = tuple(cases(job, drafts))
    tests = len(made) - _gate_size(problem)
    plan = TestPlan(
        slug=problem.slug,
        family=problem.family,
        name=problem.name,
        kind=problem.kind,
        entry_point=problem.entry_point,
        signature=problem.signature,
        expected_type=types.expected,
        isolation=problem.isolation,
        limits=problem.limits,
        load_limits=problem.load_limits,
        code_bytes=problem.code_bytes,
        languages=problem.languages,
        runtime=problem.runtime,
        checker=_without_line(problem.checker),
        cases=made[:tests],
        complexity=complexity.gate_of(problem.complexity, made[tests:], judge_file),
        environment=_without_lines(problem.environment),
        groups=problem.groups,
        included=problem.included,
        passes=problem.passes,
    )
    plan = timed(problem, plan, sandbox, companions)
    plan = with_alternatives(plan, problem.alternatives, sandbox, checker, file=judge_file, hash_seed=hash_seed)
    check_environment(problem, plan, sandbox, judge_file)
    if lock:
        check_lock(problem, plan)
    return plan


def _gate_size(problem: Problem) -> int:
    """How many inputs the complexity gate has."""
    gate = problem.complexity
    return 0 if gate is None else len(gate.sizes) * len(gate.families)


def _without_line(checker: CheckerSpec) -> CheckerSpec:
    """Where ``judge.yaml`` names the author's function is for messages: no plan depends on it."""
    return checker if checker.author is None else replace(checker, author=replace(checker.author, line=None))


def _without_lines(environment: Environment | None) -> Environment | None:
    return environment and replace(environment, author=replace(environment.author, line=None))
