"""``relation-holds``: each relation of the checker changes some test, and holds for the reference.

A relation that does not hold for the reference rejects right submissions; one that changes nothing asks the same again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from judge.authoring.package import Package
from judge.authoring.relations import Declared, alone, declared
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.variations import Variation, reports
from judge.checkers.contract import CaseFacts
from judge.checkers.metamorphic import Metamorphic
from judge.harness import wire
from judge.model.finding import Finding
from judge.model.verdict import Verdict
from judge.spec.author import AUTHOR_LIMITS
from judge.stats.streams import Stream

_DRAWS = 8  # copies of each test that are looked at: one drawn permutation may change nothing by chance


def check(package: Package) -> Iterator[Finding]:
    """Looks at the copies, then grades the reference by each relation alone, where it gives answers."""
    relations = list(declared(package))
    for one in relations:
        if not any(_changes(one, case) for case in package.cases):
            message = f"{one} changes no argument of any test: the same is asked again"
            remedy = "add tests whose arguments it changes, or take the relation out"
            yield RULE.warning(message, line=one.line, about=str(one), remedy=remedy)
    yield from _of_reference(package, relations)


def _changes(one: Declared, case: CaseFacts) -> bool:
    for draw in range(_DRAWS):
        changes = one.relation.copy(case.arguments, Stream(bytes(32), f"{case.name}|{draw}")).changes
        if any(wire.encode(value) != wire.encode(case.arguments[name]) for name, value in changes.items()):
            return True
    return False


def _of_reference(package: Package, relations: list[Declared]) -> Iterator[Finding]:
    reference, plan = package.problem.reference, package.plan
    answers = any(case.expected is not None for case in package.cases)
    if reference is None or not answers or not isinstance(package.checker, Metamorphic):
        return  # it gives no answers of the function's own
    program = replace(reference.program, entry_point=reference.function)
    patient = replace(plan, limits=AUTHOR_LIMITS)
    asked = [Variation(name="the reference", plan=alone(patient, one), program=program) for one in relations]
    for one, report in zip(relations, reports(package, asked), strict=True):
        failed = next((case for case in report.cases if case.verdict is Verdict.WRONG_ANSWER), None)
        if failed is not None:
            message = f"{one} does not hold for the reference on {failed.name}: {failed.message}"
            remedy = "correct the relation, the reference, or tests for which the relation cannot hold (ties, say)"
            yield RULE.error(message, line=one.line, about=str(one), remedy=remedy)


RULE = Rule(
    name="relation-holds",
    level=Level.QUICK,
    summary="each relation of the checker changes some test, and holds for the reference",
    check=check,
)
