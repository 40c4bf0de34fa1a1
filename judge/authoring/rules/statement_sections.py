"""``statement-sections``: the statement names what candidates write and are given, and has examples."""

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
    code = " ".join(re.findall(r"`([^`]+)`", text))
    for name in dict.fromkeys(_names(package)):
        call = r"\(" if package.plan.kind == "class" else r"\b"  # a method's name alone may be an example's
        if not re.search(rf"\b{re.escape(name)}{call}", code):
            yield RULE.warning(f"expected {name!r} in backticks, found it nowhere", STATEMENT, about=name)


def _names(package: Package) -> list[str]:
    """What a candidate must know by name."""
    plan, signature = package.plan, package.plan.signature
    parameters = [parameter.name for parameter in signature.parameters]
    if plan.kind == "class":
        return [plan.entry_point, *(method.name for method in signature.methods)]
    if plan.kind == "sql":
        return [*parameters, *(column for table in signature.columns for column in table)]
    return {"function": [plan.entry_point, *parameters], "tests": [plan.entry_point]}.get(plan.kind, [])


RULE = Rule(
    name="statement-sections",
    level=Level.QUICK,
    summary="the statement names what candidates write and are given, and has examples",
    check=check,
)
