"""Looking a toolchain up, and keeping its files out of a submission's memory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

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


def read_ahead(toolchain: Toolchain) -> None:
    """Has the runtime's files read now: whoever reads a file first pays for its memory, and a slot must not."""
    for bind in toolchain.binds:
        for path in Path(bind.source).rglob("*"):
            if path.is_file():
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_WILLNEED)
                os.close(descriptor)
