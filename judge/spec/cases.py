"""Tests that are written out: ``data/sample`` and ``data/secret``, one JSON document per file.

``NAME.in`` is an object of arguments by parameter name, ``NAME.ans`` the expected value. JSON stands for the
signature's types thus:

=================================== ================================================================================
type                                JSON
=================================== ================================================================================
bool, int, float, str               itself; an int may stand for a float; integers have up to 524287 bits
bytes                               text in base64
list, tuple                         a list
dict                                an object when its keys are str, else a list of [key, value]
Optional                            null, or the value
array                               nested lists
calls of a class's methods          a list of [method, argument, ...], the constructor's first; results: a list
=================================== ================================================================================

NaN and the infinities have no literal in JSON and are refused, as are a key that stands twice, a number that
overflows and more than 64 levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from judge.checkers.contract import Checker, SeriesChecker
from judge.errors import SpecError
from judge.model.conform import Mismatch, conform, describe
from judge.model.json_text import parse_json
from judge.model.json_values import unfold
from judge.model.plan import Environment
from judge.model.problem import WrittenCase
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import TypeExpr
from judge.spec.conversion import closest
from judge.spec.files import PackageFiles

ILLUSTRATIONS = (".png", ".jpg", ".jpeg", ".svg")


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseTypes:
    """What the files of a test must conform to."""

    parameters: tuple[Parameter, ...]  # those that cases give
    absent: frozenset[str]  # those that the checker chooses
    oracles: frozenset[str]  # those that the judge answers
    expected: TypeExpr
    checker: str  # its name, for messages

    @classmethod
    def of(cls, signature: Signature, checker: Checker, environment: Environment | None = None) -> CaseTypes:
        """What a signature, a checker and the oracles demand. Raises ValueError when they do not fit each other."""
        absent = checker.absent_parameters() if isinstance(checker, SeriesChecker) else frozenset()
        names = [parameter.name for parameter in signature.parameters]
        for name in sorted(absent.difference(names)):
            raise ValueError(f"expected a parameter {name!r}, found {', '.join(names) or 'none'}")
        given = [p for p in signature.parameters if p.name not in absent and not p.is_oracle]
        return cls(
            parameters=(*given, *(environment.hidden if environment else ())),
            oracles=frozenset(parameter.name for parameter in signature.oracles),
            absent=absent,
            expected=checker.expected_type(signature),
            checker=checker.name,
        )


def read_cases(files: PackageFiles, types: CaseTypes) -> tuple[WrittenCase, ...]:
    """Returns the tests under ``data``, samples first, each group in the order of their names. Raises SpecError."""
    for name in files.listing("data"):
        if name not in ("sample", "secret"):
            raise SpecError(
                "not supported yet: expected data/sample and data/secret only", file=files.name(f"data/{name}")
            )
    return tuple(_read_case(files, types, name) for group in ("sample", "secret") for name in case_names(files, group))


def case_names(files: PackageFiles, group: str, for_people: tuple[str, ...] = ILLUSTRATIONS) -> list[str]:
    """Returns the names of a group's tests: ``sample/01-tie``; files with other endings are ``for_people``."""
    directory = f"data/{group}"
    listing = files.listing(directory)
    names = {name.removesuffix(".in") for name in listing if name.endswith(".in")}
    for name in listing:
        path = f"{directory}/{name}"
        stem, _, extension = name.rpartition(".")
        if files.is_directory(path):
            raise SpecError("test data groups and .files directories are not supported yet", file=files.name(path))
        if extension not in ("in", "ans") and f".{extension}" not in for_people:
            raise SpecError("expected a .in or .ans file, found another", file=files.name(path))
        if stem not in names:
            raise SpecError(f"there is no test {stem!r}: expected {stem}.in beside it", file=files.name(path))
    return sorted(f"{group}/{name}" for name in names)


def _read_case(files: PackageFiles, types: CaseTypes, name: str) -> WrittenCase:
    file, answer_file = f"data/{name}.in", f"data/{name}.ans"
    arguments = _arguments(_read_json(files, file), types, files.name(file))
    has_answer = files.exists(answer_file)
    answer = None
    if has_answer:
        written = _read_json(files, answer_file)
        if types.expected.name == "results":
            written = _name_results(written, arguments["calls"], files.name(answer_file))
        answer = _typed(written, types.expected, "answer", files.name(answer_file))
    return WrittenCase(
        name=name,
        sample=name.startswith("sample/"),
        arguments=arguments,
        answer=answer,
        has_answer=has_answer,
        file=file,
    )


def _name_results(written: Any, calls: list[tuple[Any, ...]], file: str) -> list[list[Any]]:
    """Returns results with the names of their methods, which files do not repeat."""
    if not isinstance(written, list) or len(written) != len(calls):
        found = describe(written)
        raise SpecError(f"expected a list of {len(calls)} results, one for each call, found {found}", file=file)
    return [[call[0], result] for call, result in zip(calls, written, strict=True)]


def _arguments(value: Any, types: CaseTypes, file: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SpecError(f"expected an object of arguments by name, found {describe(value)}", file=file)
    check_names(value, types, file=file)
    return {
        parameter.name: _typed(value[parameter.name], parameter.type, parameter.name, file)
        for parameter in types.parameters
    }


def check_names(arguments: dict[str, Any], types: CaseTypes, *, file: str, line: int | None = None) -> None:
    """Raises SpecError unless ``arguments`` has exactly the parameters that cases give."""
    known = [parameter.name for parameter in types.parameters]
    for name in arguments:
        if name in types.absent:
            message = f"parameter {name!r} is chosen by the checker {types.checker!r}: expected no argument for it"
            raise SpecError(message, file=file, line=line)
        if name in types.oracles:
            raise SpecError(f"parameter {name!r} is an oracle: expected no argument for it", file=file, line=line)
        if name not in known:
            raise SpecError(f"unknown parameter {name!r}{closest(str(name), known)}", file=file, line=line)
    for name in known:
        if name not in arguments:
            raise SpecError(f"missing an argument for the parameter {name!r}", file=file, line=line)


def _typed(value: Any, expected: TypeExpr, where: str, file: str) -> Any:
    try:
        return conform(unfold(value, expected, where), expected, where)
    except Mismatch as error:
        raise SpecError(str(error), file=file) from None


def _read_json(files: PackageFiles, relative: str) -> Any:
    return parse_json(files.read_text(relative), files.name(relative))
