"""``generator-seed``: another seed gives other tests."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.recompiling import seedless
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Calls the generator of each group with another seed."""
    groups = package.problem.generated
    if not groups:
        return
    same = seedless(package)
    for group in groups:
        if group.name not in same:
            continue
        message = f"the tests {group.name!r} are the same with another seed"
        if group.count > 1:
            yield RULE.error(f"{message}, and there are {group.count} of them", line=group.line, about=group.name)
        elif len(same) < len(groups):
            yield RULE.info(message, line=group.line, about=group.name)
    if len(same) == len(groups) > 1 or (len(groups) == 1 and same and groups[0].count == 1):
        message = "the generator gives the same tests with every seed: expected that it draws from 'rng'"
        yield RULE.error(message, line=package.line("generator"))


RULE = Rule(name="generator-seed", level=Level.QUICK, summary="another seed gives other tests", check=check)
