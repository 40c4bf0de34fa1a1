"""``declared-alternatives``: a statistical problem declares the wrong laws that it must reject."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.checkers.sizing import Sized
from judge.model.finding import Finding

NONE_TO_DECLARE = ("permutation_sampler", "same_distribution")  # checkers that take no alternatives


def check(package: Package) -> Iterator[Finding]:
    """Looks for alternatives."""
    checker = package.checker
    if checker.name in NONE_TO_DECLARE or package.problem.alternatives:
        return
    if isinstance(checker, Sized):
        message = f"checker {checker.name!r}: expected declared wrong laws ('alternatives'), found none"
        remedy = "declare the laws of the wrong submissions, so that their power is known"
        yield RULE.warning(message, line=package.line("checker"), remedy=remedy)


RULE = Rule(
    name="declared-alternatives",
    level=Level.QUICK,
    summary="a statistical problem declares the wrong laws that it must reject",
    check=check,
)
