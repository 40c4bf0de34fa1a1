"""``include/``: files that are added to every submission: those of its language, and those in ``default``.

A submission's file of the same name is replaced; one called ``main`` is the driver that runs.
"""

from __future__ import annotations

from judge.errors import SpecError
from judge.model.program import SourceFile
from judge.spec.files import PackageFiles
from judge.spec.kattis.constants import Constants
from judge.spec.kattis.examples import read_sources
from judge.spec.kattis.languages import ELSEWHERE, LANGUAGES, ours

DIRECTORY, DEFAULT = "include", "default"


def read_included(files: PackageFiles, constants: Constants) -> dict[str, tuple[SourceFile, ...]]:
    """Returns the files by our name of each language that is here and has any. Raises SpecError."""
    found: dict[str, dict[str, SourceFile]] = {}
    for name in files.listing(DIRECTORY):
        path = f"{DIRECTORY}/{name}"
        if not files.is_directory(path):
            raise SpecError("expected a directory such as include/cpp, found a file", file=files.name(path))
        found[name] = {file.path: constants.filled(file) for file in read_sources(files, path)}
    shared = found.pop(DEFAULT, {})
    for name in found:
        if ours(name) is None and name not in ELSEWHERE and not name.isalnum():
            raise SpecError("expected the code of a language, or default", file=files.name(f"{DIRECTORY}/{name}"))
    made = {language: shared | _given(found, code) for code, (language, _) in LANGUAGES.items()}
    return {language: tuple(given.values()) for language, given in made.items() if given}


def _given(found: dict[str, dict[str, SourceFile]], code: str) -> dict[str, SourceFile]:
    """The files of a language; PyPy's are those of Python where it has none of its own."""
    return found.get(code, found.get("python3", {}) if code == "pypy3" else {})
