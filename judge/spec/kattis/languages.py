"""The languages of the package format that there are here: its codes, and the language of a program by its files.

A program's language is the one that most of its files belong to; of two with as many the first in the table, as in the
format's reference tools. A language that there is not here is known as well, so that a program in it is told from data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from judge.model.program import Program, SourceFile

# The format's code to our name and the extensions; in the order that decides between two with equally many files.
LANGUAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "cpp": ("cpp20", (".cc", ".cpp", ".cxx", ".c++", ".C")),
    "c": ("c", (".c",)),
    "java": ("java17", (".java",)),
    "python3": ("python3", (".py", ".py3")),
    "pypy3": ("pypy3", (".py", ".py3")),  # where it is named: as many files, and later
}
ELSEWHERE: dict[str, tuple[str, ...]] = {  # languages of the format that are not here
    "kotlin": (".kt",),
    "csharp": (".cs",),
    "go": (".go",),
    "haskell": (".hs",),
    "javascript": (".js",),
    "ocaml": (".ml",),
    "pascal": (".pas",),
    "php": (".php",),
    "ruby": (".rb",),
    "rust": (".rs",),
    "scala": (".scala", ".sc"),
    "python2": (".py2",),
}
_ALIASES = {"cppgmp": "cpp", "cgmp": "c", "python3numpy": "python3"}
_CODES = {ours: code for code, (ours, _) in LANGUAGES.items()}
_MAIN = re.compile(r"(?:main|__main__)\.", re.IGNORECASE)
_PYTHON_2 = re.compile(rb"#!.*python2\b")


def code_of(language: str) -> str:
    """Returns the format's code of one of our languages."""
    return _CODES.get(language, language)


def ours(code: str) -> str | None:
    """Returns our name of a language; None when it is not here."""
    found = LANGUAGES.get(_ALIASES.get(code, code))
    return None if found is None else found[0]


def program_of(
    files: Sequence[SourceFile], language: str | None = None, entry_point: str | None = None
) -> Program | None:
    """Returns the program that these files are; None when it is in no language that is here.

    ``language`` is a code of the format, ``entry_point`` the main file, when they are stated.
    """
    code = _ALIASES.get(language, language) if language is not None else detected(files)
    if code not in LANGUAGES:
        return None
    name, suffixes = LANGUAGES[code]
    sources = sorted((file for file in files if file.path.endswith(suffixes)), key=lambda file: file.path)
    if not sources or (language is None and code == "python3" and _PYTHON_2.match(sources[0].content)):
        return None
    main = main_of(sources, entry_point)
    return Program(language=name, files=(main, *(file for file in files if file is not main)))


def main_of(sources: Sequence[SourceFile], entry_point: str | None = None) -> SourceFile:
    """Returns the stated main file, or the one with that name, or the first."""
    for file in sources:
        if file.path == entry_point:
            return file
    return next((file for file in sources if _MAIN.match(file.path.rpartition("/")[2])), sources[0])


def detected(files: Sequence[SourceFile]) -> str | None:
    """Returns the code of the language that most files belong to; None when none belongs to any."""
    known = {code: suffixes for code, (_, suffixes) in LANGUAGES.items()} | ELSEWHERE
    counts = {code: sum(file.path.endswith(suffixes) for file in files) for code, suffixes in known.items()}
    best = max(counts, key=lambda code: counts[code])  # the first of several
    return best if counts[best] else None
