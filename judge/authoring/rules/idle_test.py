"""``idle-test``: tests on which no wrong submission fails are listed; they may still guard against others."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Lists the secret tests that reject nobody."""
    if not package.matrix.wrong:
        return
    for case in package.plan.cases:
        if not case.sample and not package.matrix.killers[case.name]:
            file, line = package.place_of(case.name)
            yield RULE.info("no wrong submission fails on it", file, line=line, about=case.name)


RULE = Rule(name="idle-test", level=Level.QUICK, summary="every secret test rejects a wrong submission", check=check)
