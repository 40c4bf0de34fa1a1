"""Python expressions by signature type: one that draws a value, one that turns it into a number, one that makes an
answer of a number; and small values to show.

They are what a new problem is made of until its author has written the real one: every part of the arguments counts, so
that wrong answers differ from right ones.
"""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np

from judge.model.type_expr import TypeExpr

_SHOWN = 3  # items of a value to show
_DRAWS = {
    "bool": "rng.random() < 0.5",
    "int": "rng.randint(1, 1000)",
    "float": "rng.uniform(1, 10)",
    "str": '"".join(rng.choices("abcdefgh", k=8))',
    "bytes": "rng.randbytes(8)",
}


def holds(kind: TypeExpr, *names: str) -> bool:
    """Whether a type is one of those, or holds one."""
    return kind.name in names or any(holds(one, *names) for one in kind.arguments)


def is_exact(kind: TypeExpr) -> bool:
    """Whether the number that a value is turned into is an int."""
    return not holds(kind, "float") and not _dtypes(kind) & {"float32", "float64", "complex128"}


def _dtypes(kind: TypeExpr) -> set[str]:
    return {kind.dtype}.union(*map(_dtypes, kind.arguments))


def drawn(kind: TypeExpr, size: str = "size") -> str:
    """An expression that draws a value from ``rng``; the outermost list has ``size`` items."""
    if kind.name in _DRAWS:
        return _DRAWS[kind.name]
    if kind.name == "array":
        return _drawn_array(kind)
    parts = [drawn(one, "3") for one in kind.arguments]
    if kind.name == "list":
        return f"[{parts[0]} for _ in range({size})]"
    if kind.name == "dict":
        return f"{{{parts[0]}: {parts[1]} for _ in range({size})}}"
    if kind.name == "Optional":
        return f"rng.choice([None, {parts[0]}])"
    if kind.variadic:
        return f"tuple({parts[0]} for _ in range({size}))"
    return f"({', '.join(parts)}{',' * (len(parts) == 1)})"


def _drawn_array(kind: TypeExpr) -> str:
    dimensions = (
        ["size"] if kind.shape is None else [str(one) if isinstance(one, int) else "size" for one in kind.shape]
    )
    number = _DRAWS["float"] if not is_exact(kind) else _DRAWS["bool" if kind.dtype == "bool" else "int"]
    count, shape = " * ".join(dimensions) or "1", ", ".join(dimensions)
    return f"np.array([{number} for _ in range({count})], dtype={kind.dtype!r}).reshape({shape})".replace("'", '"')


def number(kind: TypeExpr, value: str, depth: int = 0) -> str:
    """An expression of a number that depends on everything in ``value``."""
    if kind.name in ("bool", "int", "float"):
        return value
    if kind.name == "str":
        return f"sum(map(ord, {value}))"
    if kind.name == "bytes":
        return f"sum({value})"
    if kind.name == "array":
        return f"{value}.sum().item()" if kind.dtype != "complex128" else f"abs({value}.sum())"
    if kind.name == "Optional":
        return f"(0 if {value} is None else {number(kind.arguments[0], value, depth)})"
    if kind.name == "dict":
        key, item = f"key{depth or ''}", f"item{depth or ''}"
        parts = [number(one, name, depth + 1) for one, name in zip(kind.arguments, (key, item), strict=True)]
        return f"sum({' + '.join(parts)} for {key}, {item} in {value}.items())"
    if kind.name == "tuple" and not kind.variadic:
        parts = [number(one, f"{value}[{at}]", depth) for at, one in enumerate(kind.arguments)]
        return f"({' + '.join(parts)})" if parts else "0"
    item = f"item{depth or ''}"
    inner = number(kind.arguments[0], item, depth + 1)
    return f"sum({value})" if inner == item else f"sum({inner} for {item} in {value})"


def answer(kind: TypeExpr, total: str, exact: bool) -> str:
    """An expression of an answer that depends on the number ``total``, an int if ``exact``."""
    whole = total if exact else f"round({total})"
    simple = {
        "bool": f"({whole}) % 2 == 0",
        "int": whole,
        "float": f"float({total})",
        "str": f"str({whole})",
        "bytes": f"str({whole}).encode()",
    }
    if kind.name in simple:
        return simple[kind.name]
    if kind.name == "array":
        shape = [one if isinstance(one, int) else _SHOWN for one in kind.shape or (_SHOWN,)]
        count = math.prod(shape)
        return f'(np.arange({count}).reshape({", ".join(map(str, shape))}) + ({total})).astype("{kind.dtype}")'
    if kind.name == "Optional":
        return answer(kind.arguments[0], total, exact)
    if kind.name == "dict":
        key, item = (answer(one, total, exact) for one in kind.arguments)
        return f"{{{key}: {item}}}"
    several = kind.arguments if kind.name == "tuple" and not kind.variadic else kind.arguments * _SHOWN
    parts = [answer(one, f"{total} + {at}" if at else total, exact) for at, one in enumerate(several)]
    inner = ", ".join(parts)
    return f"[{inner}]" if kind.name == "list" else f"({inner}{',' * (len(parts) == 1)})"


def shown(kind: TypeExpr, rng: random.Random) -> Any:
    """A small value, as the statement and a sample write it; arrays are nested lists."""
    if kind.name == "array":
        shape = [one if isinstance(one, int) else _SHOWN for one in kind.shape or (_SHOWN,)]
        high = 2 if kind.dtype == "bool" else 10
        return np.array([rng.randrange(high) for _ in range(math.prod(shape))], kind.dtype).reshape(shape).tolist()
    if kind.name in _DRAWS:
        small = {"bool": rng.random() < 0.5, "int": rng.randint(1, 9), "float": rng.randint(4, 36) / 4}
        letters = "".join(rng.choices("abcd", k=3))
        return small.get(kind.name, letters.encode() if kind.name == "bytes" else letters)
    if kind.name == "dict":
        return {shown(kind.arguments[0], rng): shown(kind.arguments[1], rng) for _ in range(_SHOWN)}
    if kind.name == "Optional":
        return shown(kind.arguments[0], rng)
    if kind.name == "tuple" and not kind.variadic:
        return tuple(shown(one, rng) for one in kind.arguments)
    items = [shown(kind.arguments[0], rng) for _ in range(_SHOWN)]
    return items if kind.name == "list" else tuple(items)
