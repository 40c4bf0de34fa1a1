"""The time limit that follows from a package's accepted submissions, when it states none.

By the package format: the smallest multiple of the resolution that is at least the slowest accepted submission's time
on any test, times a multiplier. The submissions are run in the sandbox when the plan is compiled; a compiled plan
keeps its limit.
"""

from __future__ import annotations

from dataclasses import replace

from judge.errors import SpecError
from judge.harness import wire
from judge.model.plan import TestPlan
from judge.model.problem import ExampleSubmission, Problem
from judge.model.run import Limits, RunOutcome
from judge.model.verdict import Verdict
from judge.ports import BoxSpec, Call, Sandbox
from judge.spec.limits import MAX_TIME, wall_guard_ns
from judge.units import format_ns


def timed(problem: Problem, plan: TestPlan, sandbox: Sandbox) -> TestPlan:
    """Returns the plan with its time limit. Raises SpecError when it cannot be found."""
    rule = problem.time_rule
    if rule is None:
        return plan
    accepted = [example for example in problem.examples if example.verdict is Verdict.ACCEPTED]
    if not accepted:
        message = "no time limit: expected limits.time_limit, or an accepted submission in a language that there is"
        raise SpecError(message, file=problem.root)
    slowest = max(_slowest(problem, plan, example, sandbox) for example in accepted)
    steps = max(1, -(-round(slowest * rule.multiplier) // rule.resolution_ns))
    cpu_ns = steps * rule.resolution_ns
    if cpu_ns > MAX_TIME:
        message = f"the accepted submissions ask for a time limit of {format_ns(cpu_ns)}, at most {format_ns(MAX_TIME)}"
        raise SpecError(message, file=problem.root)
    return replace(plan, limits=replace(plan.limits, cpu_ns=cpu_ns, wall_ns=wall_guard_ns(cpu_ns)))


def _slowest(problem: Problem, plan: TestPlan, example: ExampleSubmission, sandbox: Sandbox) -> int:
    """Returns the CPU time of the test that took an accepted submission longest, in nanoseconds."""
    return max(_time(problem, plan, position, example, sandbox) for position in range(len(plan.cases)))


def _time(problem: Problem, plan: TestPlan, position: int, example: ExampleSubmission, sandbox: Sandbox) -> int:
    case = plan.cases[position]
    arguments = plan.arguments_of(case)
    spec = BoxSpec(
        program=example.program,
        entry_point="",
        isolation=plan.isolation,
        load_limits=plan.load_limits,
        runtime=plan.runtime,
        stdin=arguments["stdin"],
        files=arguments["files"],
    )
    with sandbox.open(spec) as box:
        outcome = box.load()
        if outcome.loaded:
            outcome = box.call(Call(arguments=wire.encode(arguments["arguments"]), limits=plan.limits))
    if outcome.answer is None:
        message = f"it must be accepted, but on test {case.name} {_how(outcome, plan.limits)}"
        raise SpecError(message, file=f"{problem.root}/{example.path}")
    return outcome.cpu_ns


def _how(outcome: RunOutcome, limits: Limits) -> str:
    if outcome.killer is not None:
        return f"it was stopped at the limit of {outcome.killer}"
    if outcome.signal is not None:
        return f"it was ended by signal {outcome.signal}"
    if outcome.raised is not None:
        return f"it does not compile: {outcome.raised.message}"
    return f"it ended with exit status {outcome.exit_code}"
