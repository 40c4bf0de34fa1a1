"""The table of all settings for people; ``docs/configuration.md`` is ``describe()``, and a test compares the two."""

from __future__ import annotations

from dataclasses import Field
from typing import Any

from judge.config.reading import PREFIX
from judge.config.settings import KEYS


def describe() -> str:
    """Returns the Markdown table of all settings, as ``docs/configuration.md`` holds it."""
    rows = [f"| `{key}` | `{PREFIX}{key.upper()}` | {_default(d)} | {d.metadata['help']} |" for key, d in KEYS.items()]
    return "\n".join(["| Key | Variable | Default | Meaning |", "|---|---|---|---|", *rows]) + "\n"


def _default(declaration: Field[Any]) -> str:
    return f"`{declaration.metadata['default']}`" if declaration.metadata["default"] else "(empty)"
