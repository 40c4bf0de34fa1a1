"""Checkers that an operator installs: entry points of the group ``judge.checkers``, by dotted name (``acme.geometry``).

One is imported when a package names it, never before. No entry point of that name, two of them, one that cannot be
imported or is not a checker: each is an error that names it.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from importlib import metadata
from typing import Any

GROUP = "judge.checkers"


def is_plugin(name: str) -> bool:
    """Whether ``name`` is one of an installed checker: built-in names have no dot."""
    return "." in name


def provider(name: str) -> str:
    """Returns the distribution that a checker comes from and its version; empty for a built-in one. Raises ValueError.

    It belongs to what names a plan: another version may judge otherwise.
    """
    if not is_plugin(name):
        return ""
    distribution = _entry_point(name).dist
    return "" if distribution is None else f"{distribution.name} {distribution.version}"


def find(name: str) -> Any:
    """Returns the class of the checker ``name``. Raises ValueError."""
    entry = _entry_point(name)
    try:
        kind = entry.load()
    except Exception as error:
        raise ValueError(f"checker {name!r}: cannot import {entry.value!r}: {type(error).__name__}: {error}") from None
    _check(name, entry.value, kind)
    return kind


def _entry_point(name: str) -> metadata.EntryPoint:
    found = list(metadata.entry_points(group=GROUP, name=name))
    if len(found) == 1:
        return found[0]
    if not found:
        known = ", ".join(sorted({entry.name for entry in metadata.entry_points(group=GROUP)})) or "none"
        raise ValueError(f"unknown checker {name!r}: expected an entry point of the group {GROUP!r}, found {known}")
    places = " and ".join(sorted(f"{entry.value!r} of {entry.dist and entry.dist.name}" for entry in found))
    raise ValueError(f"checker {name!r}: expected one entry point of that name, found {places}")


def _check(name: str, place: str, kind: Any) -> None:
    """Raises ValueError unless ``kind`` is a frozen dataclass with the checker's name and one of the two verbs."""
    frozen = isinstance(kind, type) and is_dataclass(kind) and kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    if not frozen:
        raise ValueError(f"checker {name!r}: expected {place!r} to be a frozen dataclass, found {kind!r}")
    if kind.__dict__.get("name") != name:
        found = kind.__dict__.get("name")
        raise ValueError(f"checker {name!r}: expected {place!r} to have that name, found {found!r}")
    if not hasattr(kind, "expected_type") or not hasattr(kind, "check_key"):
        raise ValueError(f"checker {name!r}: expected {place!r} to have expected_type and check_key")
    if hasattr(kind, "check") == hasattr(kind, "open"):
        raise ValueError(f"checker {name!r}: expected {place!r} to have one of the methods check and open")
