"""Signature types: how they are written, and whether a value conforms to one.

Written as in Python: ``bool int float str bytes list[T] tuple[A, B] tuple[T, ...] dict[K, V] Optional[T]`` and
``array[dtype, (n, d)]``, where a dimension is a number or a name (the same name must mean the same extent within one
value; ``...`` stands for any shape). ``conform`` turns what came over the wire into the value that a checker sees, or
says where and how it differs."""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.harness.wire import Array

SCALARS = ("bool", "int", "float", "str", "bytes")
DTYPES = ("bool", "int32", "int64", "float32", "float64", "complex128")


@dataclass(frozen=True, kw_only=True, slots=True)
class TypeExpr:
    """One signature type."""

    name: str  # bool int float str bytes list tuple dict Optional array
    arguments: tuple[TypeExpr, ...] = ()
    variadic: bool = False  # tuple[T, ...]
    dtype: str = ""  # of an array
    shape: tuple[int | str, ...] | None = None  # of an array; None is any shape

    def __str__(self) -> str:
        """The type as it is written in a package."""
        if self.name == "array":
            inner = "..." if self.shape is None else ", ".join(map(str, self.shape)) + "," * (len(self.shape) == 1)
            return f"array[{self.dtype}, {inner if self.shape is None else f'({inner})'}]"
        if not self.arguments:
            return "tuple[()]" if self.name == "tuple" else self.name
        return f"{self.name}[{', '.join(map(str, self.arguments))}{', ...' if self.variadic else ''}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of an entry point."""

    name: str
    type: TypeExpr


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """The typed signature of an entry point."""

    parameters: tuple[Parameter, ...]
    returns: TypeExpr


class Mismatch(ValueError):
    """A value does not conform to its type: where, what was expected, what was found. ``kind`` is type or shape."""

    def __init__(self, where: str, expected: str, found: str, *, kind: str = "type") -> None:
        self.kind = kind
        super().__init__(f"{where}: expected {expected}, found {found}")


def parse_type(text: str) -> TypeExpr:
    """Returns the type that ``text`` writes. Raises ValueError with what was expected."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        raise ValueError(f"expected a type such as 'list[int]', found {text!r}") from None
    return _parse(node, text)


def _parse(node: ast.expr, text: str) -> TypeExpr:
    if isinstance(node, ast.Name) and node.id in SCALARS:
        return TypeExpr(name=node.id)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        items = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        name = node.value.id
        if name == "array":
            return _parse_array(items, text)
        if name in ("list", "Optional") and len(items) == 1:
            return TypeExpr(name=name, arguments=(_parse(items[0], text),))
        if name == "dict" and len(items) == 2:
            return TypeExpr(name=name, arguments=tuple(_parse(item, text) for item in items))
        if name == "tuple":
            return _parse_tuple(items, text)
    raise ValueError(
        f"expected one of {', '.join(SCALARS)}, list[T], tuple[...], dict[K, V], Optional[T], array[dtype, shape], "
        f"found {ast.unparse(node)!r} in {text!r}"
    )


def _parse_tuple(items: list[ast.expr], text: str) -> TypeExpr:
    variadic = len(items) == 2 and isinstance(items[1], ast.Constant) and items[1].value is ...
    members = items[:1] if variadic else items
    return TypeExpr(name="tuple", arguments=tuple(_parse(item, text) for item in members), variadic=variadic)


def _parse_array(items: list[ast.expr], text: str) -> TypeExpr:
    if len(items) != 2 or not isinstance(items[0], ast.Name) or items[0].id not in DTYPES:
        raise ValueError(f"expected array[dtype, shape] with a dtype of {', '.join(DTYPES)}, found {text!r}")
    dimensions = list(items[1].elts) if isinstance(items[1], ast.Tuple) else [items[1]]
    if len(dimensions) == 1 and isinstance(dimensions[0], ast.Constant) and dimensions[0].value is ...:
        return TypeExpr(name="array", dtype=items[0].id, shape=None)
    return TypeExpr(name="array", dtype=items[0].id, shape=tuple(_parse_extent(item, text) for item in dimensions))


def _parse_extent(node: ast.expr, text: str) -> int | str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value >= 0:
        return node.value
    raise ValueError(f"expected a dimension such as n or 3, found {ast.unparse(node)!r} in {text!r}")


def conform(value: Any, expected: TypeExpr, where: str = "answer") -> Any:
    """Returns ``value`` (as ``wire.decode`` gives it) as a value of the type ``expected``. Raises Mismatch.

    A list may stand for a tuple and the reverse; an int may stand for a float; a one-dimensional array may stand for a
    list and a list for an array, and so on for each dimension. A bool is never an int, and a float never an int. Arrays
    come as NumPy arrays of the declared dtype; an array of ints may stand for one of floats, not the reverse."""
    return _CONFORM[expected.name](value, expected, where)


def describe(value: Any) -> str:
    """Returns what ``value`` is, in a few words: its type, and its length or shape."""
    if isinstance(value, Array):
        return f"an array of dtype {value.dtype} and shape {value.shape}"
    if value is None:
        return "None"
    if isinstance(value, (list, tuple, dict, str, bytes)):
        return f"a {type(value).__name__} of length {len(value)}"
    return f"{type(value).__name__} {brief(value)}"


def brief(value: Any, width: int = 120) -> str:
    """Returns a short text for any value, at most ``width`` characters; it never fails."""
    if isinstance(value, int) and value.bit_length() > 200:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)) and len(value) > 0:
        brackets = "[]" if isinstance(value, list) else "()"
        parts, used = [], 2
        for item in value:
            part = brief(item, max(8, width // 2))
            used += len(part) + 2
            if used > width:
                parts.append(f"… {len(value)} in all")
                break
            parts.append(part)
        return brackets[0] + ", ".join(parts) + brackets[1]
    text = repr(value) if not isinstance(value, (dict, Array)) else describe_mapping(value)
    return text if len(text) <= width else text[: width - 1] + "…"


def describe_mapping(value: dict[Any, Any] | Array) -> str:
    """Returns a short text for a mapping or an undecoded array."""
    if isinstance(value, Array):
        return repr(value)
    shown = ", ".join(f"{brief(key, 30)}: {brief(item, 30)}" for key, item in list(value.items())[:4])
    return "{" + shown + (f", … {len(value)} in all" if len(value) > 4 else "") + "}"


def _conform_scalar(value: Any, expected: TypeExpr, where: str) -> Any:
    if isinstance(value, Array) and value.shape == ():
        value = _numpy(value).item()
    if type(value) is int and expected.name == "float":
        return _float_of(value, where)
    if type(value).__name__ != expected.name:
        raise Mismatch(where, expected.name, describe(value))
    return value


def _float_of(value: int, where: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise Mismatch(where, "a float", describe(value)) from None


def _conform_list(value: Any, expected: TypeExpr, where: str) -> list[Any]:
    items = _items(value, expected, where)
    (member,) = expected.arguments
    if member.name in ("int", "float", "str", "bool") and set(map(type, items)) <= {_PYTHON[member.name]}:
        return items
    return [conform(item, member, f"{where}[{index}]") for index, item in enumerate(items)]


_PYTHON: dict[str, type] = {"int": int, "float": float, "str": str, "bool": bool}


def _conform_tuple(value: Any, expected: TypeExpr, where: str) -> tuple[Any, ...]:
    items = _items(value, expected, where)
    members = expected.arguments * len(items) if expected.variadic else expected.arguments
    if len(items) != len(members):
        raise Mismatch(where, f"{len(members)} elements ({expected})", f"{len(items)}", kind="shape")
    return tuple(
        conform(item, member, f"{where}[{index}]")
        for index, (item, member) in enumerate(zip(items, members, strict=True))
    )


def _items(value: Any, expected: TypeExpr, where: str) -> list[Any]:
    if isinstance(value, Array) and value.shape:
        return list(_numpy(value).tolist())
    if not isinstance(value, (list, tuple)):
        raise Mismatch(where, str(expected), describe(value))
    return list(value)


def _conform_dict(value: Any, expected: TypeExpr, where: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise Mismatch(where, str(expected), describe(value))
    key_type, item_type = expected.arguments
    return {
        conform(key, key_type, f"{where} key"): conform(item, item_type, f"{where}[{brief(key, 30)}]")
        for key, item in value.items()
    }


def _conform_optional(value: Any, expected: TypeExpr, where: str) -> Any:
    return None if value is None else conform(value, expected.arguments[0], where)


def _conform_array(value: Any, expected: TypeExpr, where: str) -> np.ndarray[Any, Any]:
    found = _numpy(value) if isinstance(value, Array) else _numpy_of_lists(value, expected, where)
    target = np.dtype(expected.dtype)
    if not np.can_cast(found.dtype, target, "same_kind") or (found.dtype.kind == "b") != (target.kind == "b"):
        raise Mismatch(where, f"an array of dtype {expected.dtype}", f"dtype {found.dtype}")
    _check_shape(found.shape, expected, where)
    return found.astype(target, copy=False)


def _numpy(value: Array) -> np.ndarray[Any, Any]:
    return np.frombuffer(value.data, dtype=np.dtype(value.dtype)).reshape(value.shape)


def _numpy_of_lists(value: Any, expected: TypeExpr, where: str) -> np.ndarray[Any, Any]:
    if not isinstance(value, (list, tuple, int, float)):
        raise Mismatch(where, str(expected), describe(value))
    try:
        found = np.array(value)
    except (ValueError, OverflowError):
        raise Mismatch(
            where, str(expected), "nested lists of unequal lengths or too large integers", kind="shape"
        ) from None
    if found.dtype.kind not in "biufc":
        raise Mismatch(where, str(expected), f"elements that are not numbers in {describe(value)}")
    return found.astype(expected.dtype) if found.size == 0 else found


def _check_shape(found: tuple[int, ...], expected: TypeExpr, where: str) -> None:
    if expected.shape is None:
        return
    bound: dict[str, int] = {}
    fits = len(found) == len(expected.shape) and all(
        extent == (bound.setdefault(wanted, extent) if isinstance(wanted, str) else wanted)
        for extent, wanted in zip(found, expected.shape, strict=True)
    )
    if not fits:
        raise Mismatch(where, f"shape {expected.shape}", f"shape {found}", kind="shape")


def has_non_finite(value: Any) -> bool:
    """Returns whether a NaN or an infinity is anywhere in ``value``."""
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fc" and not bool(np.isfinite(value).all())
    if isinstance(value, dict):
        return any(has_non_finite(part) for pair in value.items() for part in pair)
    if isinstance(value, (list, tuple)):
        return any(map(has_non_finite, value))
    return False


_CONFORM = {
    **dict.fromkeys(SCALARS, _conform_scalar),
    "list": _conform_list,
    "tuple": _conform_tuple,
    "dict": _conform_dict,
    "Optional": _conform_optional,
    "array": _conform_array,
}
