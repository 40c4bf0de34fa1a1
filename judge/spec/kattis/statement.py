"""The statement of a plain package: Markdown or LaTeX as it stands; of a PDF only that there is one."""

from __future__ import annotations

import re

from judge.spec.files import PackageFiles
from judge.spec.kattis.metadata import PackageFacts

_DIRECTORIES = ("statement", "problem_statement")
_FILE = re.compile(r"problem(?:\.(?P<language>[A-Za-z-]+))?\.(?P<kind>md|tex|pdf)\Z")
_KINDS = ("md", "tex", "pdf")  # the first that there is
_TITLE = re.compile(r"\\problemname\{([^{}]*)\}")
_PLAIN_TITLE = re.compile(r"^%%\s*plainproblemname:\s*(.+?)\s*$", re.MULTILINE)


def read_statement(files: PackageFiles, facts: PackageFacts) -> tuple[str, str]:
    """Returns the title and the statement, in English where there is one. A package without any has empty ones."""
    found = sorted(_found(files), key=lambda item: (item[0] != "en", item[0], _KINDS.index(item[1])))
    if not found:
        return _title(facts, "", "en") or files.root.resolve().name, ""
    language, kind, path = found[0]
    text = f"The statement is a PDF file: {path}\n" if kind == "pdf" else files.read_text(path, compiled=False)
    return _title(facts, text, language) or files.root.resolve().name, text


def _found(files: PackageFiles) -> list[tuple[str, str, str]]:
    """Returns language, kind and path of every statement."""
    found = []
    for directory in _DIRECTORIES:
        for name in files.listing(directory):
            match = _FILE.match(name)
            if match is not None:
                found.append((match["language"] or "en", match["kind"], f"{directory}/{name}"))
    return found


def _title(facts: PackageFacts, text: str, language: str) -> str:
    if facts.names:
        return (facts.names.get(language) or next(iter(facts.names.values()))).strip()
    match = _PLAIN_TITLE.search(text) or _TITLE.search(text)
    return match[1].strip() if match else ""
