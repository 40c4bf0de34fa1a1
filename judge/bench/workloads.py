"""The workloads: a plan and a submission that passes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from judge.errors import UnknownProblem
from judge.harness import wire
from judge.model.plan import CheckerSpec, TestCase, TestPlan
from judge.model.problem import Problem
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation, Limits
from judge.model.signature import Parameter, Signature, parse_type
from judge.model.verdict import Verdict
from judge.spec.catalogue import Catalogue

PlanOf = Callable[[Problem], TestPlan]

TRIVIAL = "def add(a, b):\n    return a + b\n"
_LIMITS = Limits(cpu_ns=10**10, wall_ns=10**11, memory_bytes=1 << 28, output_bytes=1 << 20)


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """One submission for one plan."""

    name: str
    title: str
    plan: TestPlan
    program: Program


@dataclass(frozen=True, kw_only=True, slots=True)
class Packaged:
    """A workload made of a problem package and its first accepted example."""

    name: str
    slug: str


PACKAGED = (Packaged(name="W1", slug="shortest-cover-all-distinct"),)


def workloads(catalogue: Catalogue, plan_of: PlanOf) -> list[Workload]:
    """Returns the trivial workload and those whose packages are there."""
    found = [_packaged(packaged, catalogue, plan_of) for packaged in PACKAGED]
    return [trivial(), *(workload for workload in found if workload is not None)]


def trivial() -> Workload:
    """W4: one test that adds two numbers; what is left is the judge."""
    integer = parse_type("int")
    plan = TestPlan(
        slug="bench-trivial",
        family="bench",
        name="Add two numbers",
        kind="function",
        entry_point="add",
        signature=Signature(
            parameters=(Parameter(name="a", type=integer), Parameter(name="b", type=integer)), returns=integer
        ),
        expected_type=integer,
        isolation=Isolation.TEST,
        limits=_LIMITS,
        load_limits=_LIMITS,
        code_bytes=1 << 16,
        languages=("python3",),
        checker=CheckerSpec(name="exact", parameters={}),
        cases=(
            TestCase(name="sample/01", sample=True, arguments=wire.encode({"a": 40, "b": 2}), expected=wire.encode(42)),
        ),
    )
    program = Program(language="python3", files=(SourceFile(path="solution.py", content=TRIVIAL.encode()),))
    return Workload(name="W4", title="a trivial program, one test", plan=plan, program=program)


def _packaged(packaged: Packaged, catalogue: Catalogue, plan_of: PlanOf) -> Workload | None:
    try:
        problem = catalogue.get(packaged.slug)
    except UnknownProblem:
        return None
    program = next(example.program for example in problem.examples if example.verdict is Verdict.ACCEPTED)
    plan = plan_of(problem)
    return Workload(name=packaged.name, title=f"{problem.slug}, {len(plan.cases)} tests", plan=plan, program=program)
