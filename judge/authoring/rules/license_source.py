"""``license-source``: whose the package is, under which license, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding
from judge.spec.metadata import FILE


def check(package: Package) -> Iterator[Finding]:
    """Looks at the metadata."""
    document = package.document(FILE)
    keys: dict[str, Any] = document.value if isinstance(document.value, dict) else {}
    if keys.get("license", "unknown") == "unknown":
        remedy = "name one of the package format's licenses"
        yield RULE.warning("expected a license, found none", FILE, line=document.line("license"), remedy=remedy)
    credits = keys.get("credits")
    authors = credits.get("authors") if isinstance(credits, dict) else credits
    if not authors and not keys.get("author"):
        yield RULE.warning("expected credits with authors, found none", FILE, about="authors")
    for name in _names(authors):
        if any(mark in name for mark in ",&"):
            message = f"expected one name for each author, found {name!r}: write a list"
            yield RULE.warning(message, FILE, line=document.line("credits"), about="authors")
    if not keys.get("source") and not keys.get("rights_owner"):
        yield RULE.warning("expected a source or a rights_owner, found neither", FILE, about="source")


def _names(authors: Any) -> Iterator[str]:
    for author in authors if isinstance(authors, list) else [authors]:
        name = author.get("name") if isinstance(author, dict) else author
        if isinstance(name, str):
            yield name


RULE = Rule(
    name="license-source",
    level=Level.QUICK,
    summary="the package has a license, authors and a source",
    check=check,
)
