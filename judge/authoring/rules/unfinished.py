"""``unfinished``: no TODO, FIXME or XXX is left in the statement, in the YAML files or in the programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding

SUFFIXES = (".md", ".yaml", ".py", ".cpp", ".cc", ".sql")
_MARK = re.compile(r"\b(TODO|FIXME|XXX)\b:?\s*(.*)")


def check(package: Package) -> Iterator[Finding]:
    """Looks at each line of each text; tests are data and may hold the word."""
    for path in sorted(package.root.rglob("*")):
        relative = path.relative_to(package.root)
        if path.suffix not in SUFFIXES or relative.parts[0] == "data" or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            mark = _MARK.search(line)
            if mark:
                left = mark[2].strip(" \"'`*|#-")
                message = f"still to be done: {left}" if left else f"expected that it is finished, found a {mark[1]}"
                yield RULE.error(message, str(relative), line=number, about=f"line {number}")


RULE = Rule(
    name="unfinished",
    level=Level.QUICK,
    summary="no TODO, FIXME or XXX is left in the statement, in the YAML files or in the programs",
    check=check,
)
