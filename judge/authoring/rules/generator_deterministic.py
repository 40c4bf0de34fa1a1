"""``generator-deterministic``: tests made again, in another process with another hash seed, are the same."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.recompiling import recompiled
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding

SHOWN = 5


def check(package: Package) -> Iterator[Finding]:
    """Compiles a second time."""
    problem = package.problem
    if problem.generator is None and problem.reference is None:
        return
    again = recompiled(package)
    differing = [case.name for case in package.plan.pinned_cases if again.get(case.name) != case.digest]
    for name in differing[:SHOWN]:
        file, line = package.place_of(name)
        message = f"made again, the test {name} differs: its generator or reference is not deterministic"
        yield RULE.error(message, file, line=line, about=name, remedy="draw from 'rng' alone, and sort sets")
    if len(differing) > SHOWN:
        yield RULE.error(f"and {len(differing) - SHOWN} more tests differ")


RULE = Rule(
    name="generator-deterministic",
    level=Level.QUICK,
    summary="tests made again in another process are the same",
    check=check,
)
