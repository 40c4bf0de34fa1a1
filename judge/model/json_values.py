"""What JSON cannot write: the values of a type, from what stands for them; ``judge.spec.cases`` has the table."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from judge.model.conform import Mismatch, conform, describe
from judge.model.type_expr import TypeExpr


def unfold(value: Any, expected: TypeExpr, where: str) -> Any:
    """Returns ``value`` with the bytes and mappings that JSON cannot write."""
    if expected.name == "bytes":
        return _base64(value, where)
    if expected.name == "dict":
        return _mapping(value, expected, where)
    if expected.name == "Optional":
        return None if value is None else unfold(value, expected.arguments[0], where)
    if expected.name in ("calls", "results") and isinstance(value, list):
        return [_unfold_call(item, expected, f"{where}[{at}]") for at, item in enumerate(value)]
    if expected.name in ("list", "tuple") and isinstance(value, list):
        kinds = _kinds(expected, len(value))
        return [unfold(item, kind, f"{where}[{at}]") for at, (item, kind) in enumerate(zip(value, kinds, strict=False))]
    return value


def _unfold_call(item: Any, expected: TypeExpr, where: str) -> Any:
    """Returns a call with its arguments unfolded, or a result; one of an unknown method is found by ``conform``."""
    named = {method.label: method.arguments for method in expected.arguments}
    if not isinstance(item, list) or not item or item[0] not in list(named):
        return item
    kinds = named[item[0]][:-1] if expected.name == "calls" else named[item[0]][-1:]
    return [item[0], *(unfold(*pair, where) for pair in zip(item[1:], kinds, strict=False)), *item[1 + len(kinds) :]]


def _kinds(expected: TypeExpr, length: int) -> Sequence[TypeExpr]:
    """Returns the type of each of ``length`` members; too few or too many are found by ``conform``."""
    if expected.name == "list" or expected.variadic:
        return expected.arguments * length
    return (*expected.arguments, *[TypeExpr(name="int")] * (length - len(expected.arguments)))


def _base64(value: Any, where: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Mismatch(where, "text in base64", describe(value)) from None


def _mapping(value: Any, expected: TypeExpr, where: str) -> dict[Any, Any]:
    key_type, item_type = expected.arguments
    if key_type.name == "str":
        if not isinstance(value, dict):
            raise Mismatch(where, str(expected), describe(value))
        return {key: unfold(item, item_type, f"{where}[{key}]") for key, item in value.items()}
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise Mismatch(where, f"a list of [key, value] for {expected}", describe(value))
    pairs = [(conform(unfold(key, key_type, where), key_type, where), item) for key, item in value]
    if len(dict(pairs)) != len(pairs):
        raise Mismatch(where, "different keys", "a key twice")
    return {key: unfold(item, item_type, f"{where}[{key}]") for key, item in pairs}
