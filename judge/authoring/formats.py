"""Findings as text for people, as JSON, and as annotations of GitHub Actions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from os.path import normpath

from judge.authoring.verify import Verification
from judge.model.finding import Finding, Severity

_ANNOTATIONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def text_lines(path: str, finding: Finding) -> Iterator[str]:
    """A finding in some lines: place, severity, message and rule, then remedy, replay and reason."""
    severity = "waived" if finding.waived is not None else finding.severity.value
    about = f"{finding.about}: " if finding.about and finding.about not in finding.message else ""
    yield f"{_place(path, finding)}: {severity}: {about}{finding.message} [{finding.rule}]"
    for label, words in (("remedy", finding.remedy), ("replay", finding.replay), ("waived", finding.waived)):
        if words:
            yield f"    {label}: {words}"


def summary(verification: Verification) -> str:
    """The last line on a package."""
    counts = [
        f"{verification.count(severity)} {name}"
        for severity, name in ((Severity.ERROR, "errors"), (Severity.WARNING, "warnings"), (Severity.INFO, "notes"))
    ]
    verdict = "passes" if verification.passes else "FAILS"
    told = f"{', '.join(counts)}, {verification.waived} waived"
    return f"{verification.path}: {verdict} at level {verification.level}: {told}"


def github_lines(path: str, finding: Finding) -> Iterator[str]:
    """A finding as a workflow command; waived ones are notices."""
    kind = _ANNOTATIONS[Severity.INFO if finding.waived is not None else finding.severity]
    words = filter(None, (finding.message, finding.remedy, finding.waived and f"waived: {finding.waived}"))
    line = f",line={finding.line}" if finding.line else ""
    title = _escaped(finding.rule, ",:")
    yield f"::{kind} file={_escaped(_file(path, finding), ',:')}{line},title={title}::{_escaped('. '.join(words))}"


def as_json(verifications: Sequence[Verification]) -> str:
    """All packages as one document."""
    rows = [
        {
            "path": verification.path,
            "level": verification.level,
            "passes": verification.passes,
            "findings": [finding.as_json() for finding in verification.findings],
        }
        for verification in verifications
    ]
    return json.dumps({"passes": all(row["passes"] for row in rows), "problems": rows}, indent=2)


def _file(path: str, finding: Finding) -> str:
    return normpath(f"{path}/{finding.file}")


def _place(path: str, finding: Finding) -> str:
    return f"{_file(path, finding)}:{finding.line}" if finding.line else _file(path, finding)


def _escaped(text: str, also: str = "") -> str:
    """As workflow commands want it."""
    for character in ("%", "\r", "\n", *also):
        text = text.replace(character, f"%{ord(character):02X}")
    return text
