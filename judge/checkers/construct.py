"""A checker from its name and its parameters as a package gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any


def construct(kinds: Mapping[str, type], name: Any, parameters: Mapping[str, Any]) -> Any:
    """Returns ``kinds[name]`` with ``parameters``. Raises ValueError for an unknown name, parameter or value."""
    kind = kinds.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"unknown checker {name!r}: expected one of {', '.join(sorted(kinds))}")
    known = {field.name: field.default is MISSING and field.default_factory is MISSING for field in fields(kind)}
    for parameter in parameters:
        if parameter not in known:
            raise ValueError(f"checker {name!r} has no parameter {parameter!r}: expected {', '.join(known) or 'none'}")
    missing = [parameter for parameter, required in known.items() if required and parameter not in parameters]
    if missing:
        raise ValueError(f"checker {name!r} needs the parameter {missing[0]!r}")
    try:
        return kind(**parameters)
    except (TypeError, ValueError) as error:
        raise ValueError(f"checker {name!r}: {error}") from None
