"""Whether a value conforms to a signature type.

``conform`` turns what came over the wire into the value that a checker sees, or says where and how it differs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from judge.harness.wire import MAX_NODES, Array
from judge.model.type_expr import SCALARS, TypeExpr


class Mismatch(ValueError):
    """A value does not conform to its type: where, what was expected, what was found. ``kind`` is type, shape or
    size."""

    def __init__(self, where: str, expected: str, found: str, *, kind: str = "type") -> None:
        self.kind = kind
        super().__init__(f"{where}: expected {expected}, found {found}")


def conform(value: Any, expected: TypeExpr, where: str = "answer") -> Any:
    """Returns ``value`` (as ``wire.decode`` gives it) as a value of the type ``expected``. Raises Mismatch.

    A list may stand for a tuple and the reverse; an int may stand for a float; a one-dimensional array may stand for a
    list and a list for an array, and so on for each dimension. A bool is never an int, and a float never an int. Arrays
    come as NumPy arrays of the declared dtype; an array of ints may stand for one of floats, not the reverse. Floats
    are rounded to a narrower dtype, ints must fit it. An array that stands for lists has at most MAX_NODES rows."""
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
    """Returns a short text for any value, about ``width`` characters at most; it never fails."""
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
        return _lists_of_array(value, expected, where)
    if not isinstance(value, (list, tuple)):
        raise Mismatch(where, str(expected), describe(value))
    return list(value)


def _lists_of_array(value: Array, expected: TypeExpr, where: str) -> list[Any]:
    """An array's nested lists. They take far more memory than its bytes when it has many dimensions or short rows."""
    if len(value.shape) > _levels(expected):
        raise Mismatch(where, str(expected), describe(value), kind="shape")
    rows = math.prod(value.shape[:-1])
    if rows > MAX_NODES:
        raise Mismatch(where, f"at most {MAX_NODES} rows", f"{rows}", kind="size")
    return list(_numpy(value).tolist())


def _levels(kind: TypeExpr) -> int:
    """How many dimensions an array may have that stands for a value of a type."""
    if kind.name == "array":
        return 32 if kind.shape is None else len(kind.shape)
    return (kind.name in ("list", "tuple")) + max(map(_levels, kind.arguments), default=0)


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
    target = np.dtype(expected.dtype)
    found = _cast(value, target, where) if isinstance(value, Array) else _stack(value, expected, where)
    _check_shape(found.shape, expected, where)
    return found


def _numpy(value: Array) -> np.ndarray[Any, Any]:
    return np.frombuffer(value.data, dtype=np.dtype(value.dtype)).reshape(value.shape)


def _cast(value: Array, target: np.dtype[Any], where: str) -> np.ndarray[Any, Any]:
    """Returns an array as one of dtype ``target``; one without elements has any dtype."""
    found = _numpy(value)
    if found.size:
        if not np.can_cast(found.dtype, target, "same_kind") or (found.dtype.kind == "b") != (target.kind == "b"):
            raise Mismatch(where, f"an array of dtype {target}", f"dtype {found.dtype}")
        _check_range(found, target, where)
    with np.errstate(over="ignore"):
        return found.astype(target, copy=False)


def _check_range(found: np.ndarray[Any, Any], target: np.dtype[Any], where: str) -> None:
    if target.kind == "i" and not np.can_cast(found.dtype, target):
        low, high = int(found.min()), int(found.max())
        if low < np.iinfo(target).min or high > np.iinfo(target).max:
            raise Mismatch(where, f"integers of dtype {target}", f"integers from {low} to {high}")


def _stack(value: Any, expected: TypeExpr, where: str) -> np.ndarray[Any, Any]:
    """Returns nested lists of numbers, or of arrays, as one array."""
    target = np.dtype(expected.dtype)
    if not isinstance(value, (list, tuple)) and type(value) not in _ELEMENTS[target.kind]:
        raise Mismatch(where, str(expected), describe(value))
    rows = _rows(value, target, where)
    try:
        with np.errstate(over="ignore"):
            return np.array(rows, dtype=target)
    except OverflowError:
        raise Mismatch(where, f"numbers of dtype {target}", "one that is too large") from None
    except (ValueError, TypeError):
        raise Mismatch(where, str(expected), "nested lists of unequal lengths", kind="shape") from None


def _rows(value: Any, target: np.dtype[Any], where: str) -> Any:
    """Returns ``value`` with its arrays as NumPy's; raises Mismatch at the first element of another type."""
    if type(value) in _ELEMENTS[target.kind]:
        return value
    if isinstance(value, Array):
        return _cast(value, target, where)
    if not isinstance(value, (list, tuple)):
        raise Mismatch(where, f"numbers of dtype {target}", describe(value))
    if set(map(type, value)) <= _ELEMENTS[target.kind]:
        return value
    return [_rows(item, target, f"{where}[{index}]") for index, item in enumerate(value)]


_ELEMENTS: dict[str, frozenset[type]] = {  # by kind of dtype
    "b": frozenset({bool}),
    "i": frozenset({int}),
    "f": frozenset({int, float}),
    "c": frozenset({int, float}),
}


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


def _conform_nothing(value: Any, expected: TypeExpr, where: str) -> None:
    if value is not None:
        raise Mismatch(where, str(expected), describe(value))


def _conform_calls(value: Any, expected: TypeExpr, where: str) -> list[tuple[Any, ...]]:
    """Calls of methods, the constructor's first and nowhere else."""
    if not isinstance(value, (list, tuple)) or not value:
        raise Mismatch(where, "a list of calls, the constructor's first", describe(value))
    return [_conform_call(call, expected, f"{where}[{at}]", first=at == 0) for at, call in enumerate(value)]


def _conform_call(call: Any, expected: TypeExpr, where: str, *, first: bool) -> tuple[Any, ...]:
    method = _method_of(call, expected, where, first=first)
    kinds = method.arguments[:-1]
    if len(call) - 1 != len(kinds):
        raise Mismatch(f"{where} {method.label}", f"{len(kinds)} arguments", f"{len(call) - 1}", kind="shape")
    given = [conform(item, kind, f"{where} {method.label}") for item, kind in zip(call[1:], kinds, strict=True)]
    return (method.label, *given)


def _conform_results(value: Any, expected: TypeExpr, where: str) -> list[tuple[str, Any]]:
    """The results of calls: pairs of the method's name and what it returned."""
    if not isinstance(value, (list, tuple)) or not value:
        raise Mismatch(where, "a list of results, the constructor's first", describe(value))
    results = []
    for at, result in enumerate(value):
        method = _method_of(result, expected, f"{where}[{at}]", first=at == 0)
        if len(result) != 2:
            raise Mismatch(f"{where}[{at}]", "a method's name and its result", describe(result))
        told = f"call {at}, {method.label}" if where == "answer" else f"{where}[{at}] {method.label}"
        results.append((method.label, conform(result[1], method.arguments[-1], told)))
    return results


def _method_of(item: Any, expected: TypeExpr, where: str, *, first: bool) -> TypeExpr:
    """The method that a call or a result begins with."""
    allowed = {kind.label: kind for kind in (expected.arguments[:1] if first else expected.arguments[1:])}
    if not isinstance(item, (list, tuple)) or not item or not isinstance(item[0], str):
        raise Mismatch(where, f"a list that begins with one of {', '.join(allowed)}", describe(item))
    if item[0] not in allowed:
        raise Mismatch(where, f"one of {', '.join(allowed)}", brief(item[0]))
    return allowed[item[0]]


def _as_it_is(value: Any, _expected: TypeExpr, _where: str) -> Any:
    return value


_CONFORM = {
    **dict.fromkeys(SCALARS, _conform_scalar),
    "list": _conform_list,
    "tuple": _conform_tuple,
    "dict": _conform_dict,
    "Optional": _conform_optional,
    "array": _conform_array,
    "None": _conform_nothing,
    "calls": _conform_calls,
    "results": _conform_results,
    "any": _as_it_is,
}
