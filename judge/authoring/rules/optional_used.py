"""``optional-used``: each part of the arguments that may be None is None in some test, and not in all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.model.finding import Finding
from judge.model.type_expr import TypeExpr


def check(package: Package) -> Iterator[Finding]:
    """Collects what each such part is."""
    seen: dict[str, set[bool]] = {}
    for case in package.plan.cases:
        arguments = package.plan.arguments_of(case)
        for parameter in package.plan.signature.parameters:
            if parameter.name in arguments:
                for path, is_none in _parts(parameter.name, parameter.type, arguments[parameter.name]):
                    seen.setdefault(path, set()).add(is_none)
    for path, found in seen.items():
        if len(found) == 1:
            always = "None in every test" if found == {True} else "None in no test"
            message = f"{path} may be None, and is {always}: expected both"
            remedy = "add tests of the other kind, or take Optional out of the type"
            yield RULE.warning(message, line=package.line("tests"), about=path, remedy=remedy)


def _parts(path: str, kind: TypeExpr, value: Any) -> Iterator[tuple[str, bool]]:
    """Yields the path of each Optional part of a value, and whether it is None."""
    if kind.name == "Optional":
        yield path, value is None
        if value is not None:
            yield from _parts(path, kind.arguments[0], value)
    elif kind.name == "list" or kind.variadic:
        for item in value:
            yield from _parts(f"{path}[]", kind.arguments[0], item)
    elif kind.name == "tuple":
        for at, (inner, item) in enumerate(zip(kind.arguments, value, strict=True)):
            yield from _parts(f"{path}.{at}", inner, item)
    elif kind.name == "dict":
        for key, item in value.items():
            yield from _parts(f"{path}.keys[]", kind.arguments[0], key)
            yield from _parts(f"{path}[]", kind.arguments[1], item)


RULE = Rule(
    name="optional-used",
    level=Level.QUICK,
    summary="each part of the arguments that may be None is None in some test, and not in all",
    check=check,
)
