"""``statement-limits``: the statement says how much CPU time there is, and it is the time limit."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.statements import granted_seconds
from judge.model.finding import Finding
from judge.spec.metadata import STATEMENT
from judge.units import NANOSECONDS


def check(package: Package) -> Iterator[Finding]:
    """Looks for "two seconds of CPU time"."""
    if package.is_plain or package.plan.kind == "answer":
        return
    limit = package.plan.limits.cpu_ns / NANOSECONDS
    said = granted_seconds(package.problem.statement)
    if not said:
        message = f"expected the time limit, '{limit:g} seconds of CPU time', found nothing of the kind"
        yield RULE.warning(message, STATEMENT)
    for seconds in sorted({seconds for seconds in said if seconds != limit}):
        message = f"expected the time limit of {limit:g} seconds, found {seconds:g} seconds of CPU time"
        yield RULE.error(message, STATEMENT)


RULE = Rule(
    name="statement-limits",
    level=Level.QUICK,
    summary="the statement grants the CPU time of the time limit",
    check=check,
)
