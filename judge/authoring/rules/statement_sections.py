"""``statement-sections``: the statement names the function and every parameter, and has examples."""

from __future__ import annotations

import re
from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.statements import headings
from judge.model.finding import Finding
from judge.spec.metadata import STATEMENT

_EXAMPLES = re.compile(r"\b(examples?|samples?)\b", re.IGNORECASE)


def check(package: Package) -> Iterator[Finding]:
    """Looks for headings and names."""
    if package.is_plain:
        return
    text = package.problem.statement
    if not text.strip():
        yield RULE.error("expected a statement, found an empty one", STATEMENT)
        return
    if not any(_EXAMPLES.search(heading) for heading in headings(text)):
        yield RULE.warning("expected a section with examples ('## Examples'), found none", STATEMENT)
    if package.plan.kind != "function":
        return
    code = " ".join(re.findall(r"`([^`]+)`", text))
    names = [package.plan.entry_point, *(parameter.name for parameter in package.plan.signature.parameters)]
    for name in names:
        if not re.search(rf"\b{re.escape(name)}\b", code):
            yield RULE.warning(f"expected {name!r} in backticks, found it nowhere", STATEMENT, about=name)


RULE = Rule(
    name="statement-sections",
    level=Level.QUICK,
    summary="the statement names the function and every parameter, and has examples",
    check=check,
)
