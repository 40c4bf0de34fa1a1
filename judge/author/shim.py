"""The small main file of ours through which a sandbox calls the functions of the author's module.

It imports the author's module as ``author`` and looks for the functions that are needed; one that is missing is told
as the exception ``MissingFunction``, whose message says what the module defines instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from judge.model.program import AuthorFunction, Program, SourceFile

SHIM = "judge_author.py"
MISSING = "MissingFunction"
_HEAD = """\
import sys

import {module} as author

sys.set_int_max_str_digits(0)  # what comes from a candidate may be a number of any length, and be told in a message


class MissingFunction(Exception):
    pass


for name in {functions!r}:
    if not callable(author.__dict__.get(name)):
        own = [other for other, value in author.__dict__.items() if callable(value) and not other.startswith("_")]
        raise MissingFunction(f"a function {{name!r}}, found " + (", ".join(map(repr, own[:8])) or "none"))

"""


def program_of(author: AuthorFunction, functions: Sequence[str], body: str, entry_point: str) -> Program:
    """Returns the author's program with a main file of ours, whose ``body`` defines ``entry_point``."""
    module = author.program.main.path.removesuffix(".py")
    source = _HEAD.format(module=module, functions=tuple(functions)) + body
    files = (SourceFile(path=SHIM, content=source.encode()), *author.program.files)
    return Program(language=author.program.language, files=files, entry_point=entry_point)
