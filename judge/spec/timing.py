"""The time limit that follows from a package's submissions, when it states none.

By the package format: the smallest multiple of the resolution that is at least the slowest time, times a multiplier, of
the submissions that bound it from below: the accepted ones and, since 2023-07, every one that must not be too slow on
the tests where it must not. They are run in the sandbox, in every language that there is here, when the plan is
compiled; a compiled plan keeps its limit. A submission that does not compile or does not end well although it must is
passed over, with a word in the log, as long as another one is left. The upper bound by slow submissions is not checked
here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import structlog

from judge.errors import EnvironmentFault, SpecError, SubmissionError
from judge.harness import wire
from judge.model.plan import TestPlan
from judge.model.problem import ExampleSubmission, Problem
from judge.model.run import RunOutcome
from judge.model.verdict import Verdict
from judge.ports import BoxSpec, Call, Sandbox
from judge.spec.limits import MAX_TIME, wall_guard_ns
from judge.spec.submissions import matches
from judge.units import format_ns

_LOG = structlog.get_logger(__name__)


class _PassedOver(Exception):
    """A submission whose times say nothing."""


def timed(problem: Problem, plan: TestPlan, sandbox: Sandbox) -> TestPlan:
    """Returns the plan with its time limit. Raises SpecError when it cannot be found."""
    rule = problem.time_rule
    if rule is None:
        return plan
    slowest = _slowest(problem, plan, sandbox)
    steps = max(1, -(-round(slowest * rule.multiplier) // rule.resolution_ns))
    cpu_ns = steps * rule.resolution_ns
    if cpu_ns > MAX_TIME:
        message = f"the accepted submissions ask for a time limit of {format_ns(cpu_ns)}, at most {format_ns(MAX_TIME)}"
        raise SpecError(message, file=problem.root)
    return replace(plan, limits=replace(plan.limits, cpu_ns=cpu_ns, wall_ns=wall_guard_ns(cpu_ns)))


def _slowest(problem: Problem, plan: TestPlan, sandbox: Sandbox) -> int:
    """Returns the largest CPU time of any test that bounds the limit from below, in nanoseconds. Raises SpecError."""
    times, failed = [], ""
    for example in problem.examples:
        positions = [*_bounding(plan, example)]
        if not positions or not _is_here(sandbox, example.program.language):
            continue
        try:
            times.append(max(_time(problem, plan, position, example, sandbox) for position in positions))
        except _PassedOver as error:
            _LOG.warning("submission_not_timed", problem=problem.slug, path=example.path, reason=str(error))
            failed = failed or f"{example.path}: {error}"
    if not times:
        message = "no time limit: expected limits.time_limit, or an accepted submission in a language that there is"
        raise SpecError(f"{message}; {failed}" if failed else message, file=problem.root)
    return max(times)


def _bounding(plan: TestPlan, example: ExampleSubmission) -> Iterator[int]:
    """Yields the positions of the tests on which a submission bounds the time limit from below."""
    patterns = [found.tests for found in example.expectations if found.bound == "lower"]
    for position, case in enumerate(plan.cases):
        if any(not pattern or matches(pattern, case.name) for pattern in patterns):
            yield position


def _is_here(sandbox: Sandbox, language: str) -> bool:
    try:
        sandbox.describe_toolchain(language)
    except (EnvironmentFault, SubmissionError):
        return False
    return True


def _time(problem: Problem, plan: TestPlan, position: int, example: ExampleSubmission, sandbox: Sandbox) -> int:
    """Returns the CPU time of one test. Raises _PassedOver, or SpecError for a time beyond every limit."""
    case = plan.cases[position]
    arguments = plan.arguments_of(case)
    spec = BoxSpec(
        program=example.program.with_files(problem.included.get(example.program.language, ())),
        entry_point="",
        isolation=plan.isolation,
        load_limits=plan.load_limits,
        runtime=plan.runtime,
        stdin=arguments["stdin"],
        files=arguments["files"],
    )
    with sandbox.open(spec) as box:
        outcome = box.load()
        loaded = outcome.loaded
        if loaded:
            outcome = box.call(Call(arguments=wire.encode(arguments["arguments"]), limits=plan.limits))
    if outcome.killer is None and loaded and (outcome.answer is not None or example.verdict is not Verdict.ACCEPTED):
        return outcome.cpu_ns
    told = f"on test {case.name} {_how(outcome)}"
    if outcome.killer is not None and loaded:
        raise SpecError(f"it bounds the time limit, but {told}", file=f"{problem.root}/{example.path}")
    raise _PassedOver(f"it must be accepted, but {told}")


def _how(outcome: RunOutcome) -> str:
    if outcome.killer is not None:
        return f"it was stopped at the limit of {outcome.killer}"
    if outcome.signal is not None:
        return f"it was ended by signal {outcome.signal}"
    if outcome.raised is not None:
        return f"it does not compile: {outcome.raised.message}"
    return f"it ended with exit status {outcome.exit_code}"
