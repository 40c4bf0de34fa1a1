"""Strangers' words, made safe to show."""

from __future__ import annotations

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def visible(text: str) -> str:
    """Returns ``text`` with control characters written as escapes, but for newline and tab: no terminal obeys it."""
    return text.translate(_CONTROLS)
