"""Looking a toolchain up."""

from __future__ import annotations

from collections.abc import Mapping

from judge.errors import SubmissionError
from judge.model.toolchain import Toolchain


def find(toolchains: Mapping[str, Toolchain], language: str) -> Toolchain:
    """Returns the toolchain of ``language``. Raises SubmissionError naming those that there are."""
    toolchain = toolchains.get(language)
    if toolchain is None:
        known = ", ".join(sorted(toolchains))
        raise SubmissionError("program.language", f"expected one of {known}, found {language!r}")
    return toolchain


def describe(toolchains: Mapping[str, Toolchain], language: str) -> str:
    """Returns its versions and digest. Raises SubmissionError."""
    toolchain = find(toolchains, language)
    return f"{toolchain.versions} [{toolchain.digest[:16]}]"
