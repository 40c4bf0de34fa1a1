"""What a rule is: a name, how much it costs, and a function that looks at a package."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from judge.authoring.package import Package
from judge.model.finding import Finding, Severity


class Level(enum.IntEnum):
    """How thorough a verification is; each level has the rules of those below it."""

    QUICK = 0  # seconds: after every change
    FULL = 1  # minutes: before a package is used
    EXHAUSTIVE = 2  # as long as one likes: at night


LEVELS = {level.name.lower(): level for level in Level}

Check = Callable[[Package], Iterator[Finding]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule; its file is named like it, and so are its section in docs/verify.md and its test."""

    name: str  # "submission-verdict"
    level: Level  # the lowest at which it is checked
    summary: str  # what must be so, in one sentence
    check: Check

    def error(self, message: str, file: str = "judge.yaml", **fields: object) -> Finding:
        """A finding by which the package would give wrong verdicts."""
        return self._finding(Severity.ERROR, message, file, fields)

    def warning(self, message: str, file: str = "judge.yaml", **fields: object) -> Finding:
        """A finding by which the package is weaker than it looks."""
        return self._finding(Severity.WARNING, message, file, fields)

    def info(self, message: str, file: str = "judge.yaml", **fields: object) -> Finding:
        """Something worth knowing."""
        return self._finding(Severity.INFO, message, file, fields)

    def _finding(self, severity: Severity, message: str, file: str, fields: dict[str, object]) -> Finding:
        return Finding(rule=self.name, severity=severity, message=message, file=file, **fields)  # type: ignore[arg-type]
