"""The author's own programs, generator and reference: which files they consist of.

A program is its main file and the other Python files in the same directory, which it can import by their names;
directories below are not part of it. A module that Python's own library has too would never be imported, so such
names are refused.
"""

from __future__ import annotations

import sys
from pathlib import PurePosixPath

from judge.model.problem import AuthorFunction
from judge.model.program import Program, SourceFile
from judge.spec.files import PackageFiles
from judge.spec.locations import Document
from judge.spec.schema import AuthorKeys

SHIM = "judge_author.py"  # the main file of a generator's program; see judge.spec.author
_RESERVED = {*sys.stdlib_module_names, SHIM.removesuffix(".py"), "numpy"}


def read_author(files: PackageFiles, document: Document, key: str, keys: AuthorKeys, function: str) -> AuthorFunction:
    """Returns the function that ``key`` of ``judge.yaml`` names, ``function`` unless it names one. Raises SpecError."""
    name = function if keys.function is None else keys.function
    if not name.isidentifier():
        raise document.error(f"{key}.function: expected an identifier, found {name!r}", key, "function")
    path = PurePosixPath(keys.file)
    if path.suffix != ".py":
        raise document.error(f"{key}.file: expected a Python file (.py), found {keys.file!r}", key, "file")
    if not files.exists(keys.file):
        raise document.error(f"{key}.file: there is no file {keys.file!r}", key, "file")
    directory = "" if str(path.parent) == "." else f"{path.parent}/"
    modules = [name for name in files.listing(directory or ".") if name.endswith(".py") and name != path.name]
    for module in [path.name, *modules]:
        _check_module(document, key, module)
    sources = tuple(
        SourceFile(path=module, content=files.read_bytes(f"{directory}{module}")) for module in [path.name, *modules]
    )
    program = Program(language="python3", files=sources, entry_point=name)
    return AuthorFunction(program=program, function=name, file=keys.file, key=key, line=document.line(key))


def _check_module(document: Document, key: str, module: str) -> None:
    stem = module.removesuffix(".py")
    if not stem.isidentifier() or stem in _RESERVED:
        found = "a name that another module has" if stem.isidentifier() else "one that cannot be imported"
        raise document.error(f"{key}.file: expected a module name, found {module!r}, {found}", key, "file")
