"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from judge.errors import SubmissionError
from judge.languages import LANGUAGE_OF_SUFFIX, canonical_language
from judge.model.program import ANSWER, ANSWER_ENDINGS, Program, SourceFile
from judge.spec.kattis.languages import code_of, program_of

ProblemArgument = Annotated[str, typer.Argument(help="A problem's slug, or the path of a package.", show_default=False)]
SourceArgument = Annotated[
    Path, typer.Argument(help="The source file, or a directory with several, or with answers.", show_default=False)
]
LanguageOption = Annotated[str | None, typer.Option(help="The language; by default the file's suffix tells.")]
FormatOption = Annotated[str, typer.Option("--format", help="text or json.")]


def read_program(source: Path, language: str | None) -> Program:
    """Returns the program in ``source``, a file or a directory; or the answers, a file for each test.

    Raises SubmissionError when it cannot be read or its language is not known.
    """
    chosen = canonical_language(language) if language else LANGUAGE_OF_SUFFIX.get(source.suffix)
    if chosen is None and _holds_answers(source):
        chosen = ANSWER
    if source.is_dir() and chosen != ANSWER:
        return _read_directory(source, language)
    if chosen is None:
        known = ", ".join(sorted(LANGUAGE_OF_SUFFIX))
        raise SubmissionError("language", f"{source}: expected a file that ends in {known}, or --language")
    try:
        return _read_answers(source) if chosen == ANSWER else _read_source(source, chosen)
    except OSError as error:
        raise SubmissionError("source", f"cannot read {source}: {error.strerror}") from None


def _read_source(source: Path, language: str) -> Program:
    file = SourceFile(path=f"solution{source.suffix or '.py'}", content=source.read_bytes())
    return Program(language=language, files=(file,))


def _holds_answers(source: Path) -> bool:
    """Whether every file's name says that it is an answer."""
    files = [path for path in source.rglob("*") if path.is_file()] if source.is_dir() else [source]
    return bool(files) and all(path.suffix in ANSWER_ENDINGS for path in files)


def _read_answers(source: Path) -> Program:
    """Raises SubmissionError for a directory without files."""
    paths = sorted(path for path in source.rglob("*") if path.is_file()) if source.is_dir() else [source]
    if not paths:
        raise SubmissionError("source", f"{source}: expected files with answers, found none")
    root = source if source.is_dir() else source.parent
    files = (SourceFile(path=path.relative_to(root).as_posix(), content=path.read_bytes()) for path in paths)
    return Program(language=ANSWER, files=tuple(files))


def _read_directory(source: Path, language: str | None) -> Program:
    """Returns the program of several files in a directory; most of them tell its language."""
    found = sorted(path for path in source.rglob("*") if path.is_file() and not path.name.startswith("."))
    files = [SourceFile(path=str(path.relative_to(source)), content=path.read_bytes()) for path in found]
    code = code_of(canonical_language(language)) if language else None
    program = program_of(files, code) if files else None
    if program is None:
        raise SubmissionError(
            "source", f"{source}: expected files in a language that is here, found {len(files)} files"
        )
    return program


def check_format(value: str) -> bool:
    """Returns whether the format is json. Raises SubmissionError when it is neither text nor json."""
    if value not in ("text", "json"):
        raise SubmissionError("format", f"expected text or json, found {value!r}")
    return value == "json"
