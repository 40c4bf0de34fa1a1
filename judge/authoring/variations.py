"""Gradings under a changed plan: other limits, more calls, again and again. Kept like trials, by the changed plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from judge.authoring.package import Package
from judge.authoring.trials import OnePlan
from judge.authoring.workers import Tools
from judge.grading.interrupts import Uninterrupted
from judge.model.plan import TestPlan
from judge.model.program import Program
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.ports import GradingRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class Variation:
    """What a worker is asked for: a program on every test of a plan."""

    name: str  # of the program, for messages
    plan: TestPlan
    program: Program
    repetition: int = 0  # gradings that differ in it alone are made each
    patience: int | None = 1


def reports(package: Package, variations: Sequence[Variation]) -> list[Report]:
    """The report of each, in their order; those that are not known are made in the workers."""
    keys = [_key(package, one) for one in variations]
    found = {at: report for at, key in enumerate(keys) if (report := package.facts.get(key, Report)) is not None}
    waiting = [at for at in range(len(variations)) if at not in found]
    for done, (position, report) in enumerate(package.workers.run(grade, [variations[at] for at in waiting]), 1):
        at = waiting[position]
        package.tell(f"grading {done} of {len(waiting)}: {variations[at].name}")
        found[at] = report
        if report.verdict is not Verdict.CANCELLED:
            package.facts.put(keys[at], report)
    return [found[at] for at in range(len(variations))]


def grade(tools: Tools, variation: Variation) -> Report:
    """A worker's job."""
    grader = tools.grader_of(OnePlan(variation.plan), variation.patience)
    request = GradingRequest(submission_id=variation.name, problem=variation.plan.slug, program=variation.program)
    return grader.grade(request, lambda event: None, Uninterrupted())


def _key(package: Package, one: Variation) -> str:
    toolchain = package.workers.describe_toolchain(one.program.language, one.plan.runtime)
    return package.facts.key("variation", one.plan.digest, one.program.digest, toolchain, one.repetition, one.patience)
