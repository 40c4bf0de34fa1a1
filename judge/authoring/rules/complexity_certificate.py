"""``complexity-certificate``: a complexity gate was certified by measurements, and is still the one that was."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Looks for the certificate; that it fits the gate is checked when the package is compiled."""
    gate = package.problem.complexity
    if gate is not None and package.problem.certificate is None:
        message = "expected a certificate of the complexity gate in judge.lock, found none"
        remedy = f"run judge problem certify {package.root}"
        yield RULE.error(message, line=gate.line, remedy=remedy)


RULE = Rule(
    name="complexity-certificate",
    level=Level.QUICK,
    summary="a complexity gate is certified",
    check=check,
)
