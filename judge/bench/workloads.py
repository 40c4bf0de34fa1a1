"""The workloads: a plan, a submission that passes it, and the same calls for contestants that are not judges.

With isolation ``test`` every call has a process of its own, with ``submission`` all calls share one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from judge.bench import programs
from judge.errors import InfrastructureError, UnknownProblem
from judge.harness import wire
from judge.model.plan import CheckerSpec, TestCase, TestPlan
from judge.model.problem import Problem
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Verdict
from judge.ports import BoxSpec, Call, Sandbox
from judge.spec.catalogue import Catalogue

PlanOf = Callable[[Problem], TestPlan]

LIMITS = Limits(cpu_ns=10**10, wall_ns=10**11, memory_bytes=1 << 28, output_bytes=1 << 20)
_FEED = {"count": 40, "length": 2000, "distinct": 100}
_SLUG = "shortest-cover-all-distinct"
_CALLS = 200  # of the sampler
_DRAWS = 10  # of one call, when a test is one call


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """One submission for one plan."""

    name: str
    title: str
    plan: TestPlan
    program: Program
    calls: tuple[bytes, ...]  # the arguments, encoded, of the calls that are made
    answers: tuple[bytes, ...]  # to each call, encoded

    @property
    def forks(self) -> bool:
        """Whether every call has a process of its own."""
        return self.plan.isolation is Isolation.TEST


def workloads(catalogue: Catalogue, plan_of: PlanOf, sandbox: Sandbox) -> list[Workload]:
    """Returns all of them, that of the shipped package if it is there; ``sandbox`` gives the answers."""
    found = [trivial(sandbox), window(sandbox), window_in_one(sandbox), sampler(sandbox), sampler_in_one(sandbox)]
    shipped = packaged(catalogue, plan_of)
    return [*found, shipped] if shipped else found


def trivial(sandbox: Sandbox) -> Workload:
    """W4: one test that adds two numbers; what is left is the judge."""
    return _function(
        sandbox,
        name="W4",
        title="a trivial program, one test",
        source=programs.TRIVIAL,
        entry_point="add",
        types={"a": "int", "b": "int"},
        returns="int",
        arguments=[{"a": 40, "b": 2}],
    )


def window(sandbox: Sandbox, isolation: Isolation = Isolation.TEST, name: str = "W1") -> Workload:
    """W1: the window problem, 40 feeds of 2,000 ids."""
    share = "a process each" if isolation is Isolation.TEST else "one process"
    return _function(
        sandbox,
        name=name,
        title=f"window problem, {_FEED['count']} tests of {_FEED['length']} ids, {share}",
        source=programs.WINDOW,
        entry_point="shortest_cover_all_distinct",
        types={"ids": "list[int]"},
        returns="tuple[int, int]",
        arguments=programs.feeds(**_FEED),
        isolation=isolation,
    )


def window_in_one(sandbox: Sandbox) -> Workload:
    """W1 with one process for all tests."""
    return window(sandbox, Isolation.SUBMISSION, "W1/1")


def sampler(sandbox: Sandbox) -> Workload:
    """W2, 20 × 10: 20 tests, each of which draws ten times in a process of its own."""
    given = programs.embeddings(12, 4)
    seeds = range(_CALLS // _DRAWS)
    return _function(
        sandbox,
        name="W2",
        title=f"sampler, {_CALLS // _DRAWS} tests of {_DRAWS} draws, a process each",
        source=programs.SAMPLER,
        entry_point="sample_many",
        types={"queries": "list[list[float]]", "candidates": "list[list[float]]", "tau": "float", "seeds": "list[int]"},
        returns="list[list[int]]",
        arguments=[given | {"seeds": [_DRAWS * test + draw for draw in range(_DRAWS)]} for test in seeds],
    )


def sampler_in_one(sandbox: Sandbox) -> Workload:
    """W2, 1 × 200: one test, whose checker asks 200 times, in one process but for the repeats in another."""
    given = programs.embeddings(12, 4)
    types = {"queries": "list[list[float]]", "candidates": "list[list[float]]", "tau": "float", "seed": "int"}
    program = _program(programs.SAMPLER)
    case = TestCase(
        name="secret/01", sample=False, arguments=wire.encode(given), expected=wire.encode(programs.law(given))
    )
    plan = _plan(
        name="W2/1",
        entry_point="sample_hard_negatives",
        signature=_signature(types, "list[int]"),
        expected_type="array[float64, (n, m)]",
        isolation=Isolation.SUBMISSION,
        checker=CheckerSpec(name="sampler", parameters={"calls": _CALLS}),
        cases=(case,),
    )
    calls = tuple(wire.encode(given | {"seed": seed}) for seed in range(_CALLS))
    return Workload(
        name="W2/1",
        title=f"sampler, one test of {_CALLS} calls, one process",
        plan=plan,
        program=program,
        calls=calls,
        answers=_answers(sandbox, program, plan, calls),
    )


def packaged(catalogue: Catalogue, plan_of: PlanOf) -> Workload | None:
    """The shipped window problem with its first accepted solution; None when it is not there."""
    try:
        problem = catalogue.get(_SLUG)
    except UnknownProblem:
        return None
    plan = replace(plan_of(problem), complexity=None)  # how often the gate calls depends on what it measures
    return Workload(
        name="W1/package",
        title=f"{problem.slug}, all {len(plan.cases)} tests of the package, a process each",
        plan=plan,
        program=next(example.program for example in problem.examples if example.verdict is Verdict.ACCEPTED),
        calls=tuple(case.arguments for case in plan.cases),
        answers=tuple(case.expected for case in plan.cases),
    )


# --- making ---------------------------------------------------------------------------------------------------------


def _function(
    sandbox: Sandbox,
    *,
    name: str,
    title: str,
    source: str,
    entry_point: str,
    types: dict[str, str],
    returns: str,
    arguments: list[dict[str, Any]],
    isolation: Isolation = Isolation.TEST,
) -> Workload:
    """A workload whose tests are one call each, judged by the checker ``exact``."""
    program, signature = _program(source), _signature(types, returns)
    calls = tuple(map(wire.encode, arguments))
    plan = _plan(
        name=name,
        entry_point=entry_point,
        signature=signature,
        expected_type=returns,
        isolation=isolation,
        checker=CheckerSpec(name="exact", parameters={}),
        cases=(),
    )
    answers = _answers(sandbox, program, plan, calls)
    cases = tuple(
        TestCase(name=f"secret/{number:02d}", sample=False, arguments=call, expected=answer)
        for number, (call, answer) in enumerate(zip(calls, answers, strict=True), 1)
    )
    judged = TestPlan(**{field: getattr(plan, field) for field in plan.__dataclass_fields__} | {"cases": cases})
    return Workload(name=name, title=title, plan=judged, program=program, calls=calls, answers=answers)


def _plan(
    *,
    name: str,
    entry_point: str,
    signature: Signature,
    expected_type: str,
    isolation: Isolation,
    checker: CheckerSpec,
    cases: tuple[TestCase, ...],
) -> TestPlan:
    return TestPlan(
        slug=f"bench-{name.lower().replace('/', '-')}",
        family="bench",
        name=name,
        kind="function",
        entry_point=entry_point,
        signature=signature,
        expected_type=parse_type(expected_type),
        isolation=isolation,
        limits=LIMITS,
        load_limits=LIMITS,
        code_bytes=1 << 16,
        languages=("python3",),
        checker=checker,
        cases=cases,
    )


def _program(source: str) -> Program:
    return Program(language="python3", files=(SourceFile(path="solution.py", content=source.encode()),))


def _signature(types: dict[str, str], returns: str) -> Signature:
    parameters = tuple(Parameter(name=name, type=parse_type(text)) for name, text in types.items())
    return Signature(parameters=parameters, returns=parse_type(returns))


def _answers(sandbox: Sandbox, program: Program, plan: TestPlan, calls: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Returns what the program answers in a box, where every contestant's interpreter and NumPy are."""
    spec = BoxSpec(program=program, entry_point=plan.entry_point, isolation=Isolation.SUBMISSION, load_limits=LIMITS)
    with sandbox.open(spec) as box:
        box.load()
        outcomes = [box.call(Call(arguments=call, limits=LIMITS)) for call in calls]
    answers = tuple(outcome.answer for outcome in outcomes if outcome.answer is not None)
    if len(answers) != len(calls):
        raise InfrastructureError(f"{plan.slug}: expected {len(calls)} answers, found {len(answers)}: {outcomes[-1]}")
    return answers
