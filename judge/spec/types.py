"""Names and types of a signature as ``judge.yaml`` writes them."""

from __future__ import annotations

import keyword

from judge.model.signature import Parameter
from judge.model.type_expr import TypeExpr, parse_type
from judge.spec.locations import Document, Step


def check_identifier(document: Document, name: str, what: str, *path: Step) -> None:
    """Raises SpecError unless ``name``, which stands at ``path``, can name a function or a parameter."""
    if not name.isascii() or not name.isidentifier() or keyword.iskeyword(name):
        raise document.error(f"{what}: expected an identifier, found {name!r}", *path)


def read_parameters(
    document: Document, given: dict[str, str], *path: Step, oracles: bool = False
) -> tuple[Parameter, ...]:
    """Returns the parameters that stand at ``path``. Raises SpecError."""
    for name in given:
        check_identifier(document, name, ".".join(map(str, path)), *path, name)
    return tuple(
        Parameter(name=name, type=read_type(document, text, *path, name, oracles=oracles))
        for name, text in given.items()
    )


def read_type(document: Document, text: str, *path: Step, oracles: bool = False) -> TypeExpr:
    """Returns the type that stands at ``path``; with ``oracles`` it may be that of an oracle. Raises SpecError."""
    try:
        kind = parse_type(text, oracles=oracles)
        _check_keys(kind)
    except (ValueError, RecursionError, MemoryError) as error:
        raise document.error(f"{'.'.join(map(str, path))}: {error}", *path) from None
    return kind


def _check_keys(kind: TypeExpr, key: bool = False) -> None:
    if key and kind.name in ("list", "dict", "array"):
        raise ValueError(f"expected a type that can be a key, found '{kind}'")
    for at, argument in enumerate(kind.arguments):
        _check_keys(argument, key or (kind.name == "dict" and at == 0))
