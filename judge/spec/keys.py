"""Checks of ``judge.yaml`` that every kind of problem has in common."""

from __future__ import annotations

import re

from judge.spec.conversion import check_one_of
from judge.spec.locations import Document
from judge.spec.metadata import FILE, allows_language
from judge.spec.schema import Metadata

JUDGE_FILE = "judge.yaml"
SCHEMA_VERSION = 1
CALLED = ("python3", "cpp20", "java17", "sqlite")  # languages of what is called
PROGRAMS = ("python3", "c", "cpp20", "java17", "pypy3")  # of whole programs
_RUNTIME = re.compile(r"[a-z][a-z0-9_-]*\Z")


def check_version(document: Document, found: int) -> None:
    """Raises SpecError unless the file is of this schema."""
    if found != SCHEMA_VERSION:
        raise document.error(f"judge: expected the version {SCHEMA_VERSION}, found {found}", "judge")


def check_runtime(document: Document, name: str) -> None:
    """Raises SpecError for what cannot name a runtime."""
    if not _RUNTIME.match(name):
        message = f"runtime: expected a name of a-z, 0-9, '-' and '_', a letter first, found {name!r}"
        raise document.error(message, "runtime")


def check_languages(
    document: Document, languages: tuple[str, ...], metadata: Metadata, known: tuple[str, ...] = CALLED
) -> None:
    """Raises SpecError unless the languages are among ``known``, each once, and admitted by ``problem.yaml``."""
    if not languages or len(set(languages)) < len(languages):
        raise document.error("languages: expected one or more, each once", "languages")
    for at, language in enumerate(languages):
        check_one_of(document, language, known, "languages", at)
        if not allows_language(metadata, language):
            raise document.error(f"languages: {FILE} does not allow {language!r}", "languages", at)
