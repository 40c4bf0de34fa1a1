"""The author's own programs, generator, reference and alternatives: which files they consist of.

A program is its main file and the other Python files in the same directory, which it can import by their names;
directories below are not part of it. A module that Python's own library has too would never be imported, so such
names are refused.
"""

from __future__ import annotations

import keyword
import re
import sys
from dataclasses import replace
from pathlib import PurePosixPath

from judge.author.shim import SHIM
from judge.checkers import build
from judge.checkers.custom import Custom
from judge.model.plan import CheckerSpec
from judge.model.program import AuthorFunction, Program, SourceFile
from judge.spec.files import PackageFiles
from judge.spec.locations import Document
from judge.spec.schema import AuthorKeys, JudgeKeys

MOST_ALTERNATIVES = 32  # each takes its share of the evidence from the others
_ALTERNATIVE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_RESERVED = {*sys.stdlib_module_names, SHIM.removesuffix(".py"), "numpy"}


def read_author(files: PackageFiles, document: Document, key: str, keys: AuthorKeys, function: str) -> AuthorFunction:
    """Returns the function that ``key`` of ``judge.yaml`` names, ``function`` unless it names one. Raises SpecError.

    ``key`` is a path with points: "reference", "alternatives.uniform".
    """
    at = key.split(".")
    name = function if keys.function is None else keys.function
    if not name.isidentifier() or keyword.iskeyword(name):
        raise document.error(f"{key}.function: expected an identifier, found {name!r}", *at, "function")
    path = PurePosixPath(keys.file)
    if path.suffix != ".py":
        raise document.error(f"{key}.file: expected a Python file (.py), found {keys.file!r}", *at, "file")
    if not files.exists(keys.file):
        raise document.error(f"{key}.file: there is no file {keys.file!r}", *at, "file")
    directory = "" if str(path.parent) == "." else f"{path.parent}/"
    modules = [name for name in files.listing(directory or ".") if name.endswith(".py") and name != path.name]
    for module in [path.name, *modules]:
        _check_module(document, key, module)
    sources = tuple(
        SourceFile(path=module, content=files.read_bytes(f"{directory}{module}")) for module in [path.name, *modules]
    )
    program = Program(language="python3", files=sources, entry_point=name)
    return AuthorFunction(program=program, function=name, file=keys.file, key=key, line=document.line(*at))


def with_author(files: PackageFiles, document: Document, checker: CheckerSpec) -> CheckerSpec:
    """Returns the checker's specification with the author's function, when it is one that runs such a function."""
    built = build(checker.name, checker.parameters)
    if not isinstance(built, Custom):
        return checker
    author = read_author(files, document, "checker", AuthorKeys(file=built.file), built.function)
    return replace(checker, author=author)


def _check_module(document: Document, key: str, module: str) -> None:
    stem = module.removesuffix(".py")
    if not stem.isidentifier() or stem in _RESERVED:
        found = "a name that another module has" if stem.isidentifier() else "one that cannot be imported"
        raise document.error(f"{key}.file: expected a module name, found {module!r}, {found}", *key.split("."), "file")


def read_alternatives(files: PackageFiles, document: Document, keys: JudgeKeys) -> dict[str, AuthorFunction]:
    """Returns the functions that give what is declared wrong, by name, in the file's order. Raises SpecError.

    Without ``function`` it is named like the alternative, with underscores for hyphens.
    """
    if len(keys.alternatives) > MOST_ALTERNATIVES:
        message = f"alternatives: expected at most {MOST_ALTERNATIVES}, found {len(keys.alternatives)}"
        raise document.error(message, "alternatives")
    for name in keys.alternatives:
        if not _ALTERNATIVE.match(name):
            message = f"alternatives: expected lower-case words joined by hyphens, found {name!r}"
            raise document.error(message, "alternatives", name)
    return {
        name: read_author(files, document, f"alternatives.{name}", given, name.replace("-", "_"))
        for name, given in keys.alternatives.items()
    }
