"""``symbolic-links``: links are relative and lead to something inside the package."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Follows every link."""
    root = package.root.resolve()
    for directory, directories, files in os.walk(package.root):
        for name in sorted([*directories, *files]):
            path = Path(directory) / name
            if not path.is_symlink():
                continue
            relative = str(path.relative_to(package.root))
            target = os.readlink(path)
            if os.path.isabs(target):
                yield RULE.error(f"expected a relative link, found {target!r}", relative)
            elif not path.exists():
                yield RULE.error(f"expected a link to a file, found none at {target!r}", relative)
            elif not path.resolve().is_relative_to(root):
                yield RULE.error(f"expected a link inside the package, found {target!r}", relative)


RULE = Rule(name="symbolic-links", level=Level.QUICK, summary="links are relative and stay inside", check=check)
