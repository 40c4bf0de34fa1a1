"""Verifying a package: its rules one after the other, and the author's waivers.

A waiver keeps the findings of one rule, all of them or those whose file, or what they are about, matches a pattern; it
says why. Such findings are still told, with the reason. A waiver that keeps nothing is a finding itself, as soon as its
rule has been checked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from judge.authoring.facts import FactStore
from judge.authoring.package import Package, spec_place
from judge.authoring.rules import FIRST, NAMES, RULES, UNWAIVABLE, known_waivers
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.workers import Workers
from judge.errors import SpecError
from judge.model.finding import Finding, Severity, passes
from judge.model.problem import Waiver

WAIVABLE = tuple(name for name in NAMES if name not in UNWAIVABLE)
Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verification:
    """What was found in one package."""

    path: str  # of the package
    level: str
    findings: tuple[Finding, ...]  # in the order of the rules

    @property
    def passes(self) -> bool:
        """Whether nothing was found that is not waived."""
        return passes(self.findings)

    def count(self, severity: Severity) -> int:
        """How many findings of that severity are not waived."""
        return sum(finding.severity is severity and finding.waived is None for finding in self.findings)

    @property
    def waived(self) -> int:
        """How many findings are waived."""
        return sum(finding.waived is not None for finding in self.findings)


def verify(
    root: Path,
    level: Level,
    workers: Workers,
    facts: FactStore,
    tell: Tell = lambda what: None,
    only: Collection[str] = NAMES,
    inputs: int = 1200,
) -> Iterator[Finding]:
    """Yields the findings in a package, as they are found. Raises InfrastructureError.

    ``tell`` hears what is going on. ``only`` are the names of the rules to check, besides those without which nothing
    can be said; ``inputs`` is how many a fuzzer makes up.
    """
    package = Package(root, workers, facts, tell, WAIVABLE, inputs)
    used: set[Waiver] = set()
    for rule in RULES:
        if rule.level > level or rule.name not in (*only, *FIRST):
            continue
        tell(rule.name)
        found = [_waived(package, finding, used) for finding in _checked(rule, package)]
        yield from found
        if rule.name in FIRST and found:
            return
    checked = {rule.name for rule in RULES if rule.level <= level and rule.name in only}
    if known_waivers.RULE.name in checked:
        yield from _unused(package, checked, used)


def _checked(rule: Rule, package: Package) -> Iterator[Finding]:
    """Yields what a rule finds; what the author's code does wrong meanwhile is a finding too."""
    try:
        yield from rule.check(package)
    except SpecError as error:
        yield rule.error(error.message, **spec_place(package, error))


def _waived(package: Package, finding: Finding, used: set[Waiver]) -> Finding:
    if finding.rule in UNWAIVABLE:
        return finding
    for waiver in package.problem.waivers:
        if waiver.rule == finding.rule and _fits(waiver.file, finding.file) and _fits(waiver.about, finding.about):
            used.add(waiver)
            return replace(finding, waived=waiver.reason)
    return finding


def _fits(pattern: str, text: str) -> bool:
    return not pattern or fnmatchcase(text, pattern)


def _unused(package: Package, checked: set[str], used: set[Waiver]) -> Iterator[Finding]:
    for waiver in package.problem.waivers:
        if waiver not in used and waiver.rule in checked:
            message = f"the waiver of {waiver.rule!r} keeps no finding: expected one, or no waiver"
            yield known_waivers.RULE.warning(message, line=waiver.line, about=waiver.rule)
