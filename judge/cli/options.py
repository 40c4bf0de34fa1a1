"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from judge.errors import SubmissionError
from judge.languages import LANGUAGE_OF_SUFFIX, canonical_language
from judge.model.program import Program, SourceFile
from judge.spec.kattis.languages import code_of, program_of

ProblemArgument = Annotated[str, typer.Argument(help="A problem's slug, or the path of a package.", show_default=False)]
SourceArgument = Annotated[
    Path, typer.Argument(help="The source file, or a directory with several.", show_default=False)
]
LanguageOption = Annotated[str | None, typer.Option(help="The language; by default the file's suffix tells.")]
FormatOption = Annotated[str, typer.Option("--format", help="text or json.")]


def read_program(source: Path, language: str | None) -> Program:
    """Returns the program in ``source``, a file or a directory.

    Raises SubmissionError when it cannot be read or its language is not known.
    """
    if source.is_dir():
        return _read_directory(source, language)
    chosen = canonical_language(language) if language else LANGUAGE_OF_SUFFIX.get(source.suffix)
    if chosen is None:
        known = ", ".join(sorted(LANGUAGE_OF_SUFFIX))
        raise SubmissionError("language", f"{source}: expected a file that ends in {known}, or --language")
    try:
        content = source.read_bytes()
    except OSError as error:
        raise SubmissionError("source", f"cannot read {source}: {error.strerror}") from None
    return Program(language=chosen, files=(SourceFile(path=f"solution{source.suffix or '.py'}", content=content),))


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
