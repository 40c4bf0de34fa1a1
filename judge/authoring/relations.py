"""The relations of a checker, one at a time: plans in which a submission is judged by one relation alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from judge.authoring.package import Package
from judge.checkers.evidence.relations import Relation
from judge.checkers.metamorphic import Metamorphic
from judge.checkers.same_distribution import SameDistribution
from judge.harness import wire
from judge.model.plan import TestPlan

_KEY = "relations"  # the parameter of the checkers


@dataclass(frozen=True, kw_only=True, slots=True)
class Declared:
    """One relation of the package."""

    number: int  # from 1, in the package's order
    relation: Relation
    written: dict[str, Any]
    line: int  # in judge.yaml

    def __str__(self) -> str:
        """As messages name it: ``relation 2 (shift times)``."""
        return f"relation {self.number} ({self.relation})"


def declared(package: Package) -> Iterator[Declared]:
    """Yields the relations of a checker that judges by relations; none for other checkers."""
    checker = package.checker
    if isinstance(checker, Metamorphic | SameDistribution):
        for number, written in enumerate(checker.relations):
            line = package.line("checker", _KEY, number)
            yield Declared(number=number + 1, relation=Relation.of(written), written=dict(written), line=line)


def alone(plan: TestPlan, one: Declared) -> TestPlan:
    """The plan with that relation and nothing else: no expected answers, where answers may be unknown; no gate."""
    parameters = dict(plan.checker.parameters) | {_KEY: [one.written]}
    cases = plan.cases
    if plan.checker.name == Metamorphic.name:
        cases = tuple(replace(case, expected=wire.encode(None)) for case in cases)
    checker = replace(plan.checker, parameters=parameters)
    return replace(plan, checker=checker, cases=cases, complexity=None, groups=())
