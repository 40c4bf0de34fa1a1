"""``single-killer``: a submission that must not be accepted fails on more than one test."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding
from judge.model.verdict import Verdict


def check(package: Package) -> Iterator[Finding]:
    """Counts the tests that each one fails; those of a complexity gate are measured on many inputs each."""
    if package.plan.kind == "tests":
        return  # each test is a mutant of its own
    gate = {family.report_name for family in package.plan.gate_families}
    for trial in package.matrix.wrong:
        if trial.report.verdict is Verdict.ACCEPTED or len(trial.failed) != 1 or trial.failed[0] in gate:
            continue
        test = trial.failed[0]
        message = f"it fails on one test alone, {test}: should that test change, it would be accepted"
        remedy = "add a test of the same kind with other data"
        yield RULE.warning(message, trial.path, about=test, remedy=remedy, replay=package.replay(trial.path))


RULE = Rule(
    name="single-killer",
    level=Level.QUICK,
    summary="a submission that must not be accepted fails on more than one test",
    check=check,
)
