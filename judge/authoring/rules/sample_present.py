"""``sample-present``: candidates are shown at least one test."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Looks for a sample; of a problem of kind "tests" none may be shown, for it would tell which one is right."""
    if package.problem.kind != "tests" and not any(case.sample for case in package.plan.cases):
        yield RULE.warning("expected a test in data/sample, found none", "data/sample")


RULE = Rule(name="sample-present", level=Level.QUICK, summary="there is a sample", check=check)
