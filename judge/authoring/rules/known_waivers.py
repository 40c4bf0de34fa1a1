"""``known-waivers``: a waiver names a rule that there is; that it keeps something is seen by the verification."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding
from judge.spec.conversion import closest


def check(package: Package) -> Iterator[Finding]:
    """Looks the rules up."""
    for waiver in package.problem.waivers:
        if waiver.rule not in package.rules:
            message = f"a waiver: expected a rule that can be waived, found {waiver.rule!r}"
            yield RULE.error(message + closest(waiver.rule, package.rules), line=waiver.line, about=waiver.rule)


RULE = Rule(name="known-waivers", level=Level.QUICK, summary="waivers name rules, and waive something", check=check)
