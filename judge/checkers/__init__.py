"""The checkers, by name: an explicit list, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from judge.checkers.arrays import Arrays
from judge.checkers.contract import CaseChecker, Checker, SeriesChecker
from judge.checkers.exact import Exact
from judge.checkers.floats import Floats
from judge.checkers.paths import Graph
from judge.checkers.sampler import Sampler

CHECKERS: dict[str, type[CaseChecker] | type[SeriesChecker]] = {
    "exact": Exact,
    "float": Floats,
    "array": Arrays,
    "graph": Graph,
    "sampler": Sampler,
}


def build(name: str, parameters: Mapping[str, Any]) -> Checker:
    """Returns the checker ``name`` with ``parameters``. Raises ValueError for an unknown name, parameter or value."""
    kind: Any = CHECKERS.get(name)
    if kind is None:
        raise ValueError(f"unknown checker {name!r}: expected one of {', '.join(sorted(CHECKERS))}")
    known = {field.name: field.default is MISSING and field.default_factory is MISSING for field in fields(kind)}
    for parameter in parameters:
        if parameter not in known:
            raise ValueError(f"checker {name!r} has no parameter {parameter!r}: expected {', '.join(known) or 'none'}")
    missing = [parameter for parameter, required in known.items() if required and parameter not in parameters]
    if missing:
        raise ValueError(f"checker {name!r} needs the parameter {missing[0]!r}")
    try:
        checker: Checker = kind(**parameters)
    except (TypeError, ValueError) as error:
        raise ValueError(f"checker {name!r}: {error}") from None
    return checker
