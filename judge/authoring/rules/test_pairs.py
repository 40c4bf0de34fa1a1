"""``test-pairs``: every answer file has its input, and no answer comes near the limit on outputs."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.findings import Finding
from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.units import format_bytes

SHARE = 0.5  # of the limit


def check(package: Package) -> Iterator[Finding]:
    """Looks at the files under data, and at the expected values."""
    for path in sorted((package.root / "data").rglob("*.ans")):
        if not path.with_suffix(".in").exists():
            name = str(path.relative_to(package.root))
            yield RULE.error(f"expected {path.stem}.in beside it, found none", name, remedy="rename or remove it")
    limits = package.plan.limits
    limit = limits.output_bytes if package.is_plain else limits.answer_bytes
    for case in package.plan.cases:
        if len(case.expected) > SHARE * limit:
            file, line = package.place_of(case.name)
            found = f"{format_bytes(len(case.expected))} of {format_bytes(limit)}"
            message = f"the answer to {case.name} takes {found}: expected at most half of the limit"
            yield RULE.warning(message, file, line=line, about=case.name)


RULE = Rule(name="test-pairs", level=Level.QUICK, summary="answers have inputs, and room in the limit", check=check)
