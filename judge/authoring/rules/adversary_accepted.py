"""``adversary-accepted``: programs that solve nothing are not accepted, and break neither checker nor judge."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.adversaries import adversaries
from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.variations import Variation, reports
from judge.model.finding import Finding
from judge.model.program import Program, SourceFile
from judge.model.verdict import Verdict


def check(package: Package) -> Iterator[Finding]:
    """Grades the pack."""
    if package.is_plain or "python3" not in package.plan.languages:
        return
    sources = adversaries(package.plan)
    variations = [Variation(name=what, plan=package.plan, program=_program(text)) for what, text in sources.items()]
    for what, report in zip(sources, reports(package, variations), strict=True):
        if report.verdict is Verdict.ACCEPTED:
            message = f"a program that {what} is accepted: expected that it is not"
            yield RULE.error(message, about=what, remedy="tighten the checker, or add tests that it cannot pass")
        elif report.verdict is Verdict.JUDGE_ERROR:
            message = f"a program that {what} makes the judge fail: {report.message}"
            yield RULE.error(message, about=what, remedy="make the checker withstand any value of the return type")


def _program(text: str) -> Program:
    return Program(language="python3", files=(SourceFile(path="solution.py", content=text.encode()),))


RULE = Rule(
    name="adversary-accepted",
    level=Level.FULL,
    summary="programs that solve nothing are not accepted, and break nothing",
    check=check,
)
