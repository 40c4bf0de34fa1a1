"""Signature types, as they are written.

As in Python: ``bool int float str bytes list[T] tuple[A, B] tuple[T, ...] dict[K, V] Optional[T]`` and
``array[dtype, (n, d)]``, where a dimension is a number or a name (the same name must mean the same extent within one
value; ``...`` stands for any shape). A parameter may be ``callable[[A, B], T]``, an oracle, which has no value."""

from __future__ import annotations

import ast
from dataclasses import dataclass

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


NOTHING = TypeExpr(name="None")


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
