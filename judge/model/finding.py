"""A finding: what a rule says of a package. Plain data; the command line and the service format it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class Severity(enum.StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # the package would give wrong verdicts, or cannot be trusted not to
    WARNING = "warning"  # the package is weaker than it looks
    INFO = "info"  # worth knowing; no package fails by it


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one rule found in one place."""

    rule: str  # its name in judge.authoring.rules.RULES: "submission-verdict"
    severity: Severity
    file: str  # relative to the package
    line: int | None = None
    message: str  # what was expected and what was found
    about: str = ""  # what it is about within the file: a test, a bound, a kind of mutation
    remedy: str = ""  # what to do about it; empty when the message says it
    replay: str = ""  # the command that shows it again, if there is one
    waived: str | None = None  # the author's reason for keeping it; None when it is not waived

    @property
    def failing(self) -> bool:
        """Whether the package fails by it."""
        return self.waived is None and self.severity is not Severity.INFO

    @property
    def place(self) -> str:
        """``file:line`` as editors understand it, or the file alone."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def as_json(self) -> dict[str, Any]:
        """Plain values, by field."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What is going on in a verification."""

    rule: str  # that is checked
    what: str = ""  # the step within it; empty when the rule begins


def passes(findings: Iterable[Finding]) -> bool:
    """Whether a package with these findings passes."""
    return not any(finding.failing for finding in findings)
