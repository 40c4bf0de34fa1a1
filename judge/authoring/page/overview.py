"""The head of the page, and what verify found."""

from __future__ import annotations

from collections.abc import Sequence

from judge.authoring.package import Package
from judge.authoring.page.axes import seconds
from judge.authoring.page.frame import text
from judge.model.finding import Finding, Severity, passes
from judge.units import format_bytes

_CLASSES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: "muted"}


def overview(package: Package, findings: Sequence[Finding]) -> str:
    """Name, state and the facts that stand in the package."""
    problem, plan = package.problem, package.plan
    good = passes(findings)
    tag = f'<span class="tag {"good" if good else "bad"}">{"passes" if good else "does not pass"}</span>'
    checker = " ".join([plan.checker.name, *(f"{key}={value}" for key, value in plan.checker.parameters.items())])
    facts = {
        "Problem": f"{problem.family}/{problem.slug}",
        "Kind": f"{problem.kind}, in {', '.join(problem.languages)}",
        "Checker": checker,
        "Limits": f"{seconds(plan.limits.cpu_ns)} of CPU time, {format_bytes(plan.limits.memory_bytes)}",
        "Tests": f"{len(plan.cases)}, {sum(case.sample for case in plan.cases)} of them samples",
        "Submissions": f"{len(package.matrix.accepted)} to accept, {len(package.matrix.wrong)} to reject",
        "Plan": plan.digest,
    }
    rows = "".join(f"<dt>{text(name)}</dt><dd>{text(value)}</dd>" for name, value in facts.items())
    return f"<header><h1>{text(problem.name)}</h1>{tag}<dl>{rows}</dl></header>"


def findings_section(findings: Sequence[Finding]) -> str:
    """All of them, those that matter first."""
    if not findings:
        return "<p>Nothing was found.</p>"
    order = list(Severity)
    listed = sorted(findings, key=lambda one: (one.waived is not None, order.index(one.severity)))
    return f'<table class="findings">{"".join(map(_row, listed))}</table>'


def _row(finding: Finding) -> str:
    severity = "waived" if finding.waived is not None else {"info": "note"}.get(finding.severity, finding.severity)
    kind = "muted" if finding.waived is not None else _CLASSES[finding.severity]
    about = f"{finding.about}: " if finding.about and finding.about not in finding.message else ""
    extra = [finding.remedy and f"Remedy: {finding.remedy}", finding.waived and f"Kept: {finding.waived}"]
    more = "".join(f'<br><span class="muted">{text(words)}</span>' for words in extra if words)
    place = f"<code>{text(finding.place)}</code>"
    said = f"{text(about + finding.message)}{more}"
    return f'<tr><td class="{kind}">{text(severity)}</td><td>{place}<br>{said}</td><td>{text(finding.rule)}</td></tr>'
