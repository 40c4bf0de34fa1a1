"""``text-files``: tests, statements and code are UTF-8, with line feeds only and one at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding

SUFFIXES = (".in", ".ans", ".md", ".yaml", ".py", ".cpp")


def check(package: Package) -> Iterator[Finding]:
    """Looks at the bytes of each text."""
    for path in sorted(package.root.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            relative = str(path.relative_to(package.root))
            for message in _faults(path.read_bytes(), path):
                yield RULE.warning(message, relative)


def _faults(content: bytes, path: Path) -> Iterator[str]:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"expected UTF-8, found the byte 0x{content[error.start]:02x} at {error.start}"
    if b"\r" in content:
        yield "expected line feeds alone, found a carriage return"
    if content and not content.endswith(b"\n"):
        yield "expected a line feed at the end, found none"
    if not content and path.suffix == ".in":
        yield "expected an input, found an empty file"


RULE = Rule(
    name="text-files",
    level=Level.QUICK,
    summary="texts are UTF-8, with line feeds alone and one at the end",
    check=check,
)
