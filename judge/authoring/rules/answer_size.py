"""``answer-size``: no expected answer comes near the limit on outputs, so that a right one has room."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding
from judge.units import format_bytes

SHARE = 0.5  # of the limit


def check(package: Package) -> Iterator[Finding]:
    """Looks at the expected values."""
    limits = package.plan.limits
    limit = limits.output_bytes if package.is_plain else limits.answer_bytes
    for case in package.plan.cases:
        if len(case.expected) > SHARE * limit:
            file, line = package.place_of(case.name)
            found = f"{format_bytes(len(case.expected))} of {format_bytes(limit)}"
            message = f"the answer to {case.name} takes {found}: expected at most half of the limit"
            yield RULE.warning(message, file, line=line, about=case.name)


RULE = Rule(name="answer-size", level=Level.QUICK, summary="answers take at most half of the limit", check=check)
