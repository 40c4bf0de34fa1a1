"""Signature types: how they are written, and whether a value conforms to one.

Written as in Python: ``bool int float str bytes list[T] tuple[A, B] tuple[T, ...] dict[K, V] Optional[T]`` and
``array[dtype, (n, d)]``, where a dimension is a number or a name (the same name must mean the same extent within one
value; ``...`` stands for any shape). A parameter may be ``callable[[A, B], T]``, an oracle, which has no value.
``conform`` turns what came over the wire into the value that a checker sees, or says where and how it differs."""

from __future__ import annotations

import ast
import enum
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.harness.wire import MAX_NODES, Array

SCALARS = ("bool", "int", "float", "str", "bytes")
DTYPES = ("bool", "int32", "int64", "float32", "float64", "complex128")


@dataclass(frozen=True, kw_only=True, slots=True)
class TypeExpr:
    """One signature type."""

    name: str  # bool int float str bytes list tuple dict Optional array callable; None calls results of methods; any
    arguments: tuple[TypeExpr, ...] = ()  # of a callable or method: its parameters' types, then its result's
    label: str = ""  # of a method: its name
    variadic: bool = False  # tuple[T, ...]
    dtype: str = ""  # of an array
    shape: tuple[int | str, ...] | None = None  # of an array; None is any shape

    def __str__(self) -> str:
        """The type as it is written in a package."""
        if self.name == "array":
            inner = "..." if self.shape is None else ", ".join(map(str, self.shape)) + "," * (len(self.shape) == 1)
            return f"array[{self.dtype}, {inner if self.shape is None else f'({inner})'}]"
        if self.name == "callable":
            return f"callable[[{', '.join(map(str, self.arguments[:-1]))}], {self.arguments[-1]}]"
        if self.name == "method":
            return f"{self.label}({', '.join(map(str, self.arguments[:-1]))}) -> {self.arguments[-1]}"
        if not self.arguments:
            return "tuple[()]" if self.name == "tuple" else self.name
        return f"{self.name}[{', '.join(map(str, self.arguments))}{', ...' if self.variadic else ''}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of an entry point."""

    name: str
    type: TypeExpr

    @property
    def is_oracle(self) -> bool:
        """Whether the judge answers it: the function is given something to call, and cases give no argument."""
        return self.type.name == "callable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """One method of a class that is an entry point."""

    name: str  # the constructor has the class's
    parameters: tuple[Parameter, ...]
    returns: TypeExpr  # NOTHING: whatever it returns is not looked at

    @property
    def type(self) -> TypeExpr:
        """Its types: of its parameters, then of its result."""
        kinds = (*(parameter.type for parameter in self.parameters), self.returns)
        return TypeExpr(name="method", label=self.name, arguments=kinds)


NOTHING = TypeExpr(name="None")


class Form(enum.StrEnum):
    """What an entry point is."""

    FUNCTION = "function"
    CLASS = "class"
    TESTS = "tests"  # all of a module's tests, of a function that they are given
    QUERY = "query"  # a SELECT on tables


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """The typed signature of an entry point."""

    parameters: tuple[Parameter, ...]
    returns: TypeExpr
    integer_bits: int = 64  # of `int` in languages whose integers have a width: 64 or 128
    form: Form = Form.FUNCTION
    methods: tuple[Method, ...] = ()  # of a class, the constructor first; parameters and returns follow from them
    columns: tuple[tuple[str, ...], ...] = ()  # of a query: the names of each table's columns

    @property
    def oracles(self) -> tuple[Parameter, ...]:
        """Those of the parameters that are oracles."""
        return tuple(parameter for parameter in self.parameters if parameter.is_oracle)


def signature_of_class(methods: tuple[Method, ...]) -> Signature:
    """The signature of a class, the constructor first.

    A test is one argument, the calls that are made on a new object: each a tuple of the method's name and its
    arguments, that of the constructor first. The answer is a list of pairs, the method's name and its result.
    """
    kinds = tuple(method.type for method in methods)
    calls = Parameter(name="calls", type=TypeExpr(name="calls", arguments=kinds))
    results = TypeExpr(name="results", arguments=kinds)
    return Signature(parameters=(calls,), returns=results, form=Form.CLASS, methods=methods)


def signature_of_tests(tested: Parameter) -> Signature:
    """The signature of the tests of a function, which is an oracle. The answer: each test's name, and how it failed."""
    outcomes = parse_type("list[tuple[str, Optional[str]]]")
    return Signature(parameters=(tested,), returns=outcomes, form=Form.TESTS)


def form_of(signature: Signature | None) -> dict[str, Any] | None:
    """What a box is told of an entry point that is no function, as ``harness.forms`` reads it."""
    if signature is None or signature.form is Form.FUNCTION:
        return None
    if signature.form is Form.CLASS:
        return {"methods": {method.name: method.returns != NOTHING for method in signature.methods}}
    if signature.form is Form.TESTS:
        return {"tests": signature.parameters[0].name}
    names = [parameter.name for parameter in signature.parameters]
    tables = {name: list(columns) for name, columns in zip(names, signature.columns, strict=True)}
    return {"tables": tables, "columns": [_cell(kind) for kind in signature.returns.arguments[0].arguments]}


def _cell(kind: TypeExpr) -> str:
    """The type of a column, whether or not it may hold nothing."""
    return kind.arguments[0].name if kind.name == "Optional" else kind.name


class Mismatch(ValueError):
    """A value does not conform to its type: where, what was expected, what was found. ``kind`` is type, shape or
    size."""

    def __init__(self, where: str, expected: str, found: str, *, kind: str = "type") -> None:
        self.kind = kind
        super().__init__(f"{where}: expected {expected}, found {found}")


def parse_type(text: str, *, oracles: bool = False) -> TypeExpr:
    """Returns the type that ``text`` writes. Raises ValueError with what was expected.

    With ``oracles`` it may be ``callable[[T1, T2], R]``, of other types: a parameter that the judge answers.
    """
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        raise ValueError(f"expected a type such as 'list[int]', found {text!r}") from None
    if oracles and isinstance(node, ast.Subscript) and ast.unparse(node.value) == "callable":
        return _parse_callable(node.slice, text)
    return _parse(node, text)


def _parse_callable(node: ast.expr, text: str) -> TypeExpr:
    if not isinstance(node, ast.Tuple) or len(node.elts) != 2 or not isinstance(node.elts[0], ast.List):
        raise ValueError(f"expected a type such as 'callable[[int, float], bool]', found {text!r}")
    members = [*node.elts[0].elts, node.elts[1]]
    return TypeExpr(name="callable", arguments=tuple(_parse(member, text) for member in members))


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
