"""Typed values made of other ones: every number replaced, one number changed, items dropped, added or moved.

Values are what ``judge.model.conform`` gives for a type. A function that changes one place gives None when
the value has no such place.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.model.type_expr import TypeExpr


def mapped(kind: TypeExpr, value: Any, leaf: Callable[[TypeExpr, Any], Any]) -> Any:
    """The value with every scalar replaced by ``leaf(type, scalar)``; the items of an array by what 0-d items give."""
    if value is None:
        return None
    if kind.name == "Optional":
        return mapped(kind.arguments[0], value, leaf)
    if kind.name == "list" or kind.variadic:
        made = [mapped(kind.arguments[0], item, leaf) for item in value]
        return made if kind.name == "list" else tuple(made)
    if kind.name == "tuple":
        return tuple(mapped(each, item, leaf) for each, item in zip(kind.arguments, value, strict=True))
    if kind.name == "dict":
        return {key: mapped(kind.arguments[1], item, leaf) for key, item in value.items()}
    if kind.name == "array":
        scalar = TypeExpr(name=_scalar_of(kind.dtype))
        return np.full_like(value, leaf(scalar, value.flat[0].item())) if value.size else value
    return leaf(kind, value)


def _scalar_of(dtype: str) -> str:
    return "bool" if dtype == "bool" else "int" if dtype.startswith("int") else "float"


def constant(number: float) -> Callable[[TypeExpr, Any], Any]:
    """A leaf: that number in every type, as text too."""

    def leaf(kind: TypeExpr, value: Any) -> Any:
        if kind.name in ("str", "bytes"):
            text = "" if number == 0 else str(number)
            return text if kind.name == "str" else text.encode()
        if kind.name == "float":
            return float(number)
        if number != number:  # there is no NaN in the other types
            return value
        return bool(number) if kind.name == "bool" else int(number)

    return leaf


def holds(kind: TypeExpr, name: str) -> bool:
    """Whether a value of that type can hold scalars of the type ``name``."""
    own = _scalar_of(kind.dtype) if kind.name == "array" else kind.name
    members = kind.arguments[1:] if kind.name == "dict" else kind.arguments
    return own == name or any(holds(member, name) for member in members)


def numbers(value: Any) -> Iterator[float]:
    """Yields the finite floats and integers in a value."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "fi":
            yield from value[np.isfinite(value)].ravel().tolist()
    elif isinstance(value, dict):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300:
        yield value


# --- changing one place -------------------------------------------------------------------------------------------

_TRIES = 8  # places that are tried, for one that can be changed


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A way to spoil an answer in one place."""

    name: str
    apply: Callable[[TypeExpr, Any, random.Random], Any]  # None when it does not apply
    moves: bool = False  # it only moves items


def _somewhere(
    kind: TypeExpr, value: Any, rng: random.Random, here: Callable[[TypeExpr, Any, random.Random], Any]
) -> Any:
    """The value with ``here`` applied in one place that it changes, chosen at random; None when there is none."""
    for _ in range(_TRIES):
        made = _descend(kind, value, rng, here)
        if made is not None:
            return made
    return None


def _descend(
    kind: TypeExpr, value: Any, rng: random.Random, here: Callable[[TypeExpr, Any, random.Random], Any]
) -> Any:
    made = here(kind, value, rng)
    if made is not None or value is None:
        return made
    if kind.name == "Optional":
        return _descend(kind.arguments[0], value, rng, here)
    if kind.name in ("list", "tuple") and len(value):
        at = rng.randrange(len(value))
        inner = kind.arguments[0] if kind.name == "list" or kind.variadic else kind.arguments[at]
        part = _descend(inner, value[at], rng, here)
        return None if part is None else _with(value, at, part)
    if kind.name == "dict" and value:
        key = rng.choice(list(value))
        part = _descend(kind.arguments[1], value[key], rng, here)
        return None if part is None else {**value, key: part}
    return None


def _with(value: Any, at: int, part: Any) -> Any:
    made = [*value[:at], part, *value[at + 1 :]]
    return made if isinstance(value, list) else tuple(made)


def _number(step: Callable[[float, float], float]) -> Callable[[TypeExpr, Any, random.Random], Any]:
    """Changes one number; ``step`` gets it and the largest magnitude around it. Integers stay integers."""

    def here(kind: TypeExpr, value: Any, rng: random.Random) -> Any:
        if kind.name == "array" and value.size and value.dtype.kind in "fi":
            made = value.copy()
            at = rng.randrange(value.size)
            large = float(np.abs(value).max())
            made.flat[at] = step(value.flat[at].item(), large if np.isfinite(large) else 1.0)
            return None if np.array_equal(made, value) else made
        if kind.name in ("int", "float") and type(value) in (int, float):
            changed = step(value, abs(value))
            changed = int(changed) if kind.name == "int" else float(changed)
            return None if changed == value else changed
        return None

    return lambda kind, value, rng: _somewhere(kind, value, rng, here)


def _one_percent(number: float, large: float) -> float:
    if isinstance(number, int):
        return number + max(1, abs(number) // 100)
    return number + 0.01 * (large or 1.0)


def _flipped(kind: TypeExpr, value: Any, rng: random.Random) -> Any:
    return (not value) if kind.name == "bool" else None


def _other_text(kind: TypeExpr, value: Any, rng: random.Random) -> Any:
    if kind.name == "str":
        return f"{value}x"
    return None if kind.name != "bytes" else _other_bytes(value, rng)


def _other_bytes(value: bytes, rng: random.Random) -> bytes:
    """Text of a program's output: one of its words is changed."""
    words = value.split()
    if not words:
        return b"0\n"
    at = rng.randrange(len(words))
    number = words[at].lstrip(b"-").isdigit()
    words[at] = str(int(words[at]) + 1).encode() if number and len(words[at]) < 4000 else words[at] + b"x"
    return b" ".join(words) + b"\n"


def _nothing(kind: TypeExpr, value: Any, rng: random.Random) -> Any:
    return b"" if kind.name == "bytes" and value.strip() else None


def _resized(change: Callable[[list[Any]], list[Any]]) -> Callable[[TypeExpr, Any, random.Random], Any]:
    """Drops or adds an item of a list, an array, a dict or the words of an output."""

    def here(kind: TypeExpr, value: Any, rng: random.Random) -> Any:
        if value is None or not _is_sequence(kind) or not len(value):
            return None
        if kind.name == "array":
            return value[change(list(range(len(value))))]
        if kind.name == "bytes":
            words = value.split()
            return b" ".join(change(words)) + b"\n" if words else None
        made = change(list(value))
        return tuple(made) if kind.name == "tuple" else made

    return lambda kind, value, rng: _somewhere(kind, value, rng, here)


def _is_sequence(kind: TypeExpr) -> bool:
    return kind.name in ("list", "bytes") or kind.variadic or (kind.name == "array" and kind.shape != ())


def _dropped_key(kind: TypeExpr, value: Any, rng: random.Random) -> Any:
    if kind.name != "dict" or not value:
        return None
    gone = rng.choice(list(value))
    return {key: item for key, item in value.items() if key != gone}


def _swapped_components(kind: TypeExpr, value: Any, rng: random.Random) -> Any:
    """Exchanges two components of a tuple that have the same type and differ."""
    if kind.name != "tuple" or kind.variadic or value is None:
        return None
    for at in range(len(value) - 1):
        if kind.arguments[at] == kind.arguments[at + 1] and not _same(value[at], value[at + 1]):
            return (*value[:at], value[at + 1], value[at], *value[at + 2 :])
    return None


def _same(one: Any, other: Any) -> bool:
    return bool(np.array_equal(one, other)) if isinstance(one, np.ndarray) else bool(one == other)


def _moved(change: Callable[[list[Any], random.Random], list[Any]]) -> Callable[[TypeExpr, Any, random.Random], Any]:
    """Moves items of a list, an array or the words of an output to other places."""

    def here(kind: TypeExpr, value: Any, rng: random.Random) -> Any:
        if value is None or not _is_sequence(kind) or len(value) < 2:
            return None
        if kind.name == "array":
            made = value[change(list(range(len(value))), rng)]
            return None if np.array_equal(made, value) else made
        if kind.name == "bytes":
            words = value.split()
            moved = change(words, rng) if len(words) > 1 else words
            return None if moved == words else b" ".join(moved) + b"\n"
        items = change(list(value), rng)
        if all(_same(one, other) for one, other in zip(items, value, strict=True)):
            return None
        return tuple(items) if kind.name == "tuple" else items

    return lambda kind, value, rng: _somewhere(kind, value, rng, here)


def _swap(items: list[Any], rng: random.Random) -> list[Any]:
    one, other = rng.sample(range(len(items)), 2)
    items = list(items)
    items[one], items[other] = items[other], items[one]
    return items


CHANGES: tuple[Change, ...] = (
    Change(name="number-plus-1-percent", apply=_number(_one_percent)),
    Change(name="number-plus-one", apply=_number(lambda number, large: number + 1)),
    Change(name="number-minus-one", apply=_number(lambda number, large: number - 1)),
    Change(name="sign", apply=_number(lambda number, large: -number)),
    Change(name="not", apply=lambda kind, value, rng: _somewhere(kind, value, rng, _flipped)),
    Change(name="other-text", apply=lambda kind, value, rng: _somewhere(kind, value, rng, _other_text)),
    Change(name="no-output", apply=lambda kind, value, rng: _somewhere(kind, value, rng, _nothing)),
    Change(name="item-dropped", apply=_resized(lambda items: items[:-1])),
    Change(name="item-repeated", apply=_resized(lambda items: [*items, items[-1]])),
    Change(name="key-dropped", apply=lambda kind, value, rng: _somewhere(kind, value, rng, _dropped_key)),
    Change(name="components-swapped", apply=lambda kind, value, rng: _somewhere(kind, value, rng, _swapped_components)),
    Change(name="two-swapped", apply=_moved(_swap), moves=True),
    Change(name="reversed", apply=_moved(lambda items, rng: items[::-1]), moves=True),
    Change(name="rotated", apply=_moved(lambda items, rng: [*items[1:], items[0]]), moves=True),
)
