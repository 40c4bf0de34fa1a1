"""``varied-answers``: the secret tests do not all have the same answer."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Compares the expected values."""
    if package.plan.kind in ("tests", "interactive"):
        return  # mutants are wrong, all of them; an interactor knows the answer by the input
    secret = [case.expected for case in package.plan.cases if not case.sample]
    if len(secret) > 1 and len(set(secret)) == 1:
        message = f"all {len(secret)} secret tests have the same answer: expected that they differ"
        yield RULE.error(message, remedy="add tests with other answers")


RULE = Rule(name="varied-answers", level=Level.QUICK, summary="the tests do not all have the same answer", check=check)
