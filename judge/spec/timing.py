"""The time limit that follows from a package's submissions, when it states none.

By the package format: the smallest multiple of the resolution that is at least the slowest time, times a multiplier, of
the submissions that bound it from below: the accepted ones and, since 2023-07, every one that must not be too slow on
the tests where it must not. They are run in the sandbox, in every language that there is here, when the plan is
compiled; a compiled plan keeps its limit. Of several passes each counts by itself, as in a grading, and what an
interactor computes does not count. A submission that does not compile, does not end well or is rejected by a validator
that takes part although it must be accepted, is passed over, with a word in the log, as long as another one is left;
so is one on which that validator fails. The upper bound by slow submissions is not checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import structlog

from judge.author.box import AuthorFault
from judge.errors import EnvironmentFault, SpecError, SubmissionError
from judge.model.plan import TestCase, TestPlan
from judge.model.problem import ExampleSubmission, Problem
from judge.model.run import Killer, RunOutcome
from judge.model.verdict import Verdict
from judge.ports import Companions, Sandbox
from judge.spec.limits import MAX_TIME, wall_guard_ns
from judge.spec.rounds import Round, Rounds, ended_well
from judge.spec.submissions import matches
from judge.units import format_ns

_LOG = structlog.get_logger(__name__)


class _PassedOver(Exception):
    """A submission whose times say nothing."""


def timed(problem: Problem, plan: TestPlan, sandbox: Sandbox, companions: Companions | None = None) -> TestPlan:
    """Returns the plan with its time limit; where a validator takes part its box stands in a slot of ``companions``.

    Raises SpecError when it cannot be found, InfrastructureError.
    """
    rule = problem.time_rule
    if rule is None:
        return plan
    slowest = _slowest(problem, plan, sandbox, Rounds(plan, sandbox, companions))
    steps = max(1, -(-round(slowest * rule.multiplier) // rule.resolution_ns))
    cpu_ns = steps * rule.resolution_ns
    if cpu_ns > MAX_TIME:
        message = f"the accepted submissions ask for a time limit of {format_ns(cpu_ns)}, at most {format_ns(MAX_TIME)}"
        raise SpecError(message, file=problem.root)
    return replace(plan, limits=replace(plan.limits, cpu_ns=cpu_ns, wall_ns=wall_guard_ns(cpu_ns)))


def _slowest(problem: Problem, plan: TestPlan, sandbox: Sandbox, rounds: Rounds) -> int:
    """Returns the largest CPU time of any run that bounds the limit from below, in nanoseconds. Raises SpecError."""
    times, failed = [], ""
    for example in problem.examples:
        cases = [*_bounding(plan, example)]
        if not cases or not _is_here(sandbox, example.program.language):
            continue
        try:
            times.append(max(_time(problem, case, example, rounds) for case in cases))
        except _PassedOver as error:
            _LOG.warning("submission_not_timed", problem=problem.slug, path=example.path, reason=str(error))
            failed = failed or f"{example.path}: {error}"
    if not times:
        message = "no time limit: expected limits.time_limit, or an accepted submission in a language that there is"
        raise SpecError(f"{message}; {failed}" if failed else message, file=problem.root)
    return max(times)


def _bounding(plan: TestPlan, example: ExampleSubmission) -> Iterator[TestCase]:
    """Yields the tests on which a submission bounds the time limit from below."""
    patterns = [found.tests for found in example.expectations if found.bound == "lower"]
    for case in plan.cases:
        if any(not pattern or matches(pattern, case.name) for pattern in patterns):
            yield case


def _is_here(sandbox: Sandbox, language: str) -> bool:
    try:
        sandbox.describe_toolchain(language)
    except (EnvironmentFault, SubmissionError):
        return False
    return True


def _time(problem: Problem, case: TestCase, example: ExampleSubmission, rounds: Rounds) -> int:
    """Returns the CPU time of one test. Raises _PassedOver, or SpecError for a time beyond every limit."""
    slowest = 0
    try:
        for run in rounds.of(example.program, case):
            _check(problem, case, example, run)
            slowest = max(slowest, run.outcome.cpu_ns)
    except AuthorFault as fault:
        raise _PassedOver(f"on test {case.name} its validator failed: {fault.told}") from None
    return slowest


def _check(problem: Problem, case: TestCase, example: ExampleSubmission, run: Round) -> None:
    """Raises _PassedOver when the run's time says nothing, SpecError when it is beyond every limit."""
    outcome, must = run.outcome, example.verdict is Verdict.ACCEPTED
    stopped = outcome.killer not in (None, Killer.PARTNER)
    if run.loaded and not stopped and not must:
        return
    if run.rejection is not None and must:
        raise _PassedOver(f"it must be accepted, but on test {case.name} the validator says: {run.rejection}")
    if run.loaded and ended_well(outcome):
        return
    told = f"on test {case.name} {_how(outcome)}"
    if stopped and run.loaded:
        raise SpecError(f"it bounds the time limit, but {told}", file=f"{problem.root}/{example.path}")
    raise _PassedOver(f"it must be accepted, but {told}" if must else told)


def _how(outcome: RunOutcome) -> str:
    if outcome.killer is not None:
        return f"it was stopped at the limit of {outcome.killer}"
    if outcome.signal is not None:
        return f"it was ended by signal {outcome.signal}"
    if outcome.raised is not None:
        return f"it does not compile: {outcome.raised.message}"
    return f"it ended with exit status {outcome.exit_code}"
