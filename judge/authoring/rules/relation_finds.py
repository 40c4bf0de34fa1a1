"""``relation-finds``: each relation of the checker rejects a wrong submission by itself.

A checker stops at the first relation that does not hold, so each is tried alone, without expected answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.relations import alone, declared
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.variations import Variation, reports
from judge.model.finding import Finding
from judge.model.verdict import Verdict


def check(package: Package) -> Iterator[Finding]:
    """Grades every wrong submission by each relation alone."""
    relations = list(declared(package))
    wrong = [example for example in package.problem.examples if example.verdict is Verdict.WRONG_ANSWER]
    if not wrong or not relations:
        return
    asked = [
        Variation(name=example.path, plan=alone(package.plan, one), program=example.program)
        for one in relations
        for example in wrong
    ]
    found = reports(package, asked)
    for at, one in enumerate(relations):
        of_it = found[at * len(wrong) : (at + 1) * len(wrong)]
        if all(report.verdict is Verdict.ACCEPTED for report in of_it):
            message = f"{one} alone rejects none of the {len(wrong)} wrong submissions: nothing shows what it finds"
            remedy = "add a submission with the mistake that it is there for, or take the relation out"
            yield RULE.warning(message, line=one.line, about=str(one), remedy=remedy)


RULE = Rule(
    name="relation-finds",
    level=Level.FULL,
    summary="each relation of the checker rejects a wrong submission by itself",
    check=check,
)
