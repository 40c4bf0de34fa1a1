"""Arguments that nobody wrote: spoiled copies of a package's own tests, kept within what is known of their bounds.

A test's arguments are changed in a few places: a number is replaced by another one that some test has, or by a bound;
an item is dropped, repeated or moved. So an input is nearly always one that the statement admits. ``smaller`` yields
simpler inputs than a given one, for shrinking.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from judge.authoring.values import CHANGES, mapped, numbers
from judge.model.signature import Parameter
from judge.model.type_expr import TypeExpr

MOST_CHANGES = 4
_KINDS = ("item-dropped", "item-repeated", "two-swapped", "reversed", "rotated", "key-dropped", "not")
_SHAPES = tuple(change for change in CHANGES if change.name in _KINDS)


def variant(
    parameters: tuple[Parameter, ...], base: Mapping[str, Any], pool: Mapping[str, list[float]], rng: random.Random
) -> dict[str, Any]:
    """A changed copy of ``base``; ``pool`` has the numbers that occur in each parameter."""
    made = dict(base)
    for _ in range(rng.randint(1, MOST_CHANGES)):
        parameter = rng.choice(parameters)
        made[parameter.name] = _changed(parameter, made[parameter.name], pool[parameter.name], rng)
    return made


def _changed(parameter: Parameter, value: Any, pool: list[float], rng: random.Random) -> Any:
    if pool and rng.random() < 0.5:
        return mapped(parameter.type, value, lambda kind, old: _other(kind, old, pool, rng))
    made = rng.choice(_SHAPES).apply(parameter.type, value, rng)
    return value if made is None else made


def _other(kind: TypeExpr, old: Any, pool: list[float], rng: random.Random) -> Any:
    """Another number of the same parameter, for about every third one."""
    if kind.name not in ("int", "float") or rng.random() > 0.34:
        return old
    number = rng.choice(pool)
    return int(number) if kind.name == "int" else float(number)


def pool_of(name: str, tests: list[Mapping[str, Any]]) -> list[float]:
    """The numbers that a parameter has in these tests, each once."""
    return sorted({number for arguments in tests for number in numbers(arguments[name])})[:10_000]


def smaller(parameters: tuple[Parameter, ...], arguments: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields simpler arguments: halves of lists, one item less, numbers nearer to 0."""
    for parameter in parameters:
        value = arguments[parameter.name]
        for made in _simpler(parameter.type, value):
            yield {**arguments, parameter.name: made}


def _simpler(kind: TypeExpr, value: Any) -> Iterator[Any]:
    if kind.name == "list" or kind.variadic or (kind.name == "array" and isinstance(value, np.ndarray) and value.ndim):
        size = len(value)
        for start, end in ((0, size // 2), (size // 2, size)):
            if 0 < end - start < size:
                yield value[start:end]
        if size:
            yield value[:-1]
            yield value[1:]
    if kind.name == "list":
        for at, item in enumerate(value[:8]):
            for part in _simpler(kind.arguments[0], item):
                yield [*value[:at], part, *value[at + 1 :]]
    if kind.name == "int" and value:
        yield 0
        yield value // 2 if value > 0 else -(-value // 2)
    if kind.name == "float" and value:
        yield 0.0
        yield float(int(value / 2))
