"""``file-names``: every file counts: its name is one that the format admits, and no other differs in case alone."""

from __future__ import annotations

import os
from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding
from judge.spec.files import FILE_NAME

_IGNORED = (".gitignore", ".gitattributes", ".gitkeep", ".timelimit")  # known, or of tools


def check(package: Package) -> Iterator[Finding]:
    """Walks through the package."""
    for directory, directories, files in os.walk(package.root):
        seen: dict[str, str] = {}
        for name in sorted([*directories, *files]):
            path = os.path.relpath(os.path.join(directory, name), package.root)
            if not FILE_NAME.match(name) and name not in _IGNORED:
                message = "its name has characters that the package format does not admit: it does not count"
                yield RULE.warning(message, path, remedy="use letters, digits, '_', '.' and '-', not first")
            other = seen.setdefault(name.casefold(), name)
            if other != name:
                yield RULE.warning(f"its name differs from {other!r} in case alone", path)


RULE = Rule(name="file-names", level=Level.QUICK, summary="file names are those that the format admits", check=check)
