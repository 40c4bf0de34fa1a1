"""Looking a toolchain up, and keeping its files out of a submission's memory."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from judge.errors import EnvironmentFault, SubmissionError
from judge.model.program import ANSWER
from judge.model.run import Isolation
from judge.model.toolchain import ANSWERS, DEFAULT_RUNTIME, Toolchain, Toolchains

SERVED_BY = {"sqlite": "python3"}  # languages that another one's library runs


def find(toolchains: Toolchains, language: str, runtime: str = DEFAULT_RUNTIME) -> Toolchain:
    """Returns the toolchain of ``language`` in ``runtime``.

    Raises SubmissionError for a language that there is not, EnvironmentFault for a runtime that is not built here:
    never is another one taken for it. A compiled language has no runtimes.
    """
    language = SERVED_BY.get(language, language)
    toolchain = toolchains.usable.get((language, runtime))
    if toolchain is not None:
        return toolchain
    compiled = toolchains.usable.get((language, language))
    if compiled is not None and compiled.compiler is not None:
        return compiled
    if language in toolchains.missing:
        raise EnvironmentFault(toolchains.missing[language])
    if language not in toolchains.languages:
        known = ", ".join(sorted([*toolchains.languages, *SERVED_BY]))
        raise SubmissionError("program.language", f"expected one of {known}, found {language!r}")
    known = ", ".join(toolchains.runtimes)
    remedy = f"build it with `make runtime RUNTIME={runtime}` and start the service again"
    raise EnvironmentFault(
        toolchains.faults.get(runtime)
        or f"expected one of the runtimes {known} that are built here, found {runtime!r}: {remedy}"
    )


def check_offered(toolchain: Toolchain, isolation: Isolation) -> None:
    """Raises SubmissionError when a compiled language is not offered for functions, or not for whole programs."""
    compiler = toolchain.compiler
    whole = isolation is Isolation.PROCESS
    if compiler is not None and not (compiler.program_argv if whole else compiler.driver):
        wanted, alone = ("whole programs", "functions") if whole else ("functions", "whole programs")
        found = f"{toolchain.language}, which is compiled for {alone} alone"
        raise SubmissionError("program.language", f"expected a language of {wanted}, found {found}")


def describe(toolchains: Toolchains, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
    """Returns its versions and digest. Raises SubmissionError, EnvironmentFault."""
    if language == ANSWER:
        return ANSWERS
    toolchain = find(toolchains, language, runtime)
    served = f"{language} in " if language in SERVED_BY else ""
    return f"{served}{toolchain.versions} [{toolchain.digest[:16]}]"


def read_ahead(toolchain: Toolchain) -> None:
    """Has the runtime's files read now: whoever reads a file first pays for its memory, and a slot must not.

    Once in a process: the files of a tree do not change.
    """
    for bind in toolchain.binds:
        _read_tree(bind.source)


@cache
def _read_tree(source: str) -> None:
    for path in (Path(source), *Path(source).rglob("*")):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_WILLNEED)
            os.close(descriptor)
