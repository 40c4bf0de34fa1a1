"""What is known of a package, as one HTML page.

The page holds its own styles and drawings (SVG) and loads nothing: a policy in its head forbids it. It is light or dark
as the reader's system is. Each section is a function from the facts to HTML, and is left out when there is nothing to
show; names and messages from the package are escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from judge.authoring.package import Package
from judge.authoring.page.draws import draws_section
from judge.authoring.page.frame import document, section
from judge.authoring.page.growth import growth_section
from judge.authoring.page.matrix import matrix_section
from judge.authoring.page.overview import findings_section, overview
from judge.authoring.page.spreads import margins_section, mutations_section, times_section
from judge.authoring.page.statement import rendered
from judge.authoring.rules import FIRST
from judge.model.finding import Finding

_SECTIONS: tuple[tuple[str, Callable[[Package], str]], ...] = (
    ("Tests and submissions", matrix_section),
    ("CPU time", times_section),
    ("CPU time against size", growth_section),
    ("Tolerance used", margins_section),
    ("Draws against their law", draws_section),
    ("Spoiled answers that the checker rejects", mutations_section),
)


def page(package: Package, findings: Sequence[Finding]) -> str:
    """The page. Raises SpecError and InfrastructureError."""
    broken = any(finding.rule in FIRST for finding in findings)
    if broken:
        return document(package.root.name, section("Findings", findings_section(findings)))
    parts = [overview(package, findings), section("Findings", findings_section(findings))]
    parts.append(section("Statement", rendered(package.problem.statement), "statement"))
    parts += [section(title, content) for title, make in _SECTIONS if (content := make(package))]
    return document(package.problem.name, "".join(parts))
