"""The section ``bounds`` of ``judge.yaml``: how small and how large the arguments can be, as the statement says.

A bound names a part of the arguments: a parameter, then any number of ``[]`` (each item of a list, a tuple of any
length, an array's first dimension, or each value of a dict), ``.keys[]`` (each key of a dict) and ``.0`` (one
component of a tuple), and perhaps ``.length`` at the end. ``ids.length``, ``edges[].1`` and ``matrix[][]`` are
examples. What it names is a number or a length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from judge.model.problem import Bound
from judge.model.signature import Parameter
from judge.model.type_expr import TypeExpr
from judge.spec.conversion import closest
from judge.spec.locations import Document
from judge.spec.schema import JudgeKeys

_PATH = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)((?:\[\]|\.keys\[\]|\.\d+)*)(\.length)?\Z")
_STEP = re.compile(r"\.keys\[\]|\[\]|\.\d+")
_SIZED = ("list", "tuple", "dict", "array", "str", "bytes")


def read_bounds(document: Document, keys: JudgeKeys, parameters: Sequence[Parameter]) -> tuple[Bound, ...]:
    """Returns them in the file's order. Raises SpecError for one of a part that there is not, and an empty range."""
    types = {parameter.name: parameter.type for parameter in parameters}
    bounds = []
    for path, ends in keys.bounds.items():
        if len(ends) != 2:
            raise document.error(f"bounds: {path!r}: expected the least and the largest, found {ends}", "bounds", path)
        low, high = ends
        try:
            _check(path, types)
        except ValueError as error:
            raise document.error(f"bounds: {path!r}: {error}", "bounds", path) from None
        if low is not None and high is not None and low > high:
            raise document.error(f"bounds: {path!r}: expected a range, found {low} to {high}", "bounds", path)
        bounds.append(Bound(path=path, low=low, high=high, line=document.line("bounds", path)))
    return tuple(bounds)


def parts_of(path: str, arguments: dict[str, Any]) -> Iterator[Any]:
    """Yields every number that a bound's path names in a test's typed arguments; of an array, its extremes."""
    name, steps, length = _split(path)
    yield from _parts(arguments[name], steps, length)


def _parts(value: Any, steps: list[str], length: bool) -> Iterator[Any]:
    if value is None:
        return
    if not steps:
        yield len(value) if length else value
    elif isinstance(value, np.ndarray) and len(steps) == value.ndim and not length:
        yield from (value.min().item(), value.max().item()) if value.size else ()
    else:
        for part in _items(value, steps[0]):
            yield from _parts(part, steps[1:], length)


def _items(value: Any, step: str) -> Any:
    if step == ".keys[]":
        return value.keys()
    if step == "[]":
        return value.values() if isinstance(value, dict) else value
    return (value[int(step[1:])],)


def _split(path: str) -> tuple[str, list[str], bool]:
    match = _PATH.match(path)
    if match is None:
        raise ValueError("expected a parameter, then '[]', '.keys[]', '.0' and so on, and perhaps '.length'")
    return match[1], _STEP.findall(match[2]), match[3] is not None


def _check(path: str, types: dict[str, TypeExpr]) -> None:
    """Raises ValueError unless the path names numbers or lengths."""
    name, steps, length = _split(path)
    if name not in types:
        raise ValueError(f"unknown parameter {name!r}{closest(name, types)}")
    kind = _plain(types[name])
    for step in steps:
        kind = _plain(_step(kind, step))
    if length and kind.name not in _SIZED:
        raise ValueError(f"expected something with a length, found {kind}")
    if not length and kind.name not in ("int", "float"):
        raise ValueError(f"expected a number, found {kind}")


def _plain(kind: TypeExpr) -> TypeExpr:
    return kind.arguments[0] if kind.name == "Optional" else kind


def _step(kind: TypeExpr, step: str) -> TypeExpr:
    if step == ".keys[]" and kind.name == "dict":
        return kind.arguments[0]
    if step == "[]" and kind.name == "array":
        return _row(kind)
    if step == "[]" and (kind.name in ("list", "dict") or kind.variadic):
        return kind.arguments[-1]
    if kind.name == "tuple" and not kind.variadic and step[1:].isdigit() and int(step[1:]) < len(kind.arguments):
        return kind.arguments[int(step[1:])]
    raise ValueError(f"a value of the type {kind} has no part {step!r}")


def _row(kind: TypeExpr) -> TypeExpr:
    """What an array's first dimension holds."""
    if kind.shape is None:
        raise ValueError(f"expected an array with a shape, found {kind}")
    if len(kind.shape) > 1:
        return TypeExpr(name="array", dtype=kind.dtype, shape=kind.shape[1:])
    return TypeExpr(name="float" if kind.dtype.startswith("float") else "int")
