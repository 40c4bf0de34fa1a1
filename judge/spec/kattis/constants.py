"""``constants`` of problem.yaml: ``{{name}}`` stands for the value in validators, included files, submissions and
``test_group.yaml``.

A constant may have several spellings, as some packages have them: ``{{name.SPELLING}}``. The tool that knows them does
not put them into submissions, so they are not put there here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from judge.model.program import SourceFile

NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
_SEQUENCE = re.compile(rb"\{\{([a-zA-Z_][a-zA-Z0-9_]*(?:\.[a-zA-Z_][a-zA-Z0-9_]*)?)\}\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Constants:
    """The constants of one package."""

    values: Mapping[str, str] = field(default_factory=dict)  # as they are written into a text

    def filled(self, file: SourceFile) -> SourceFile:
        """The file with every constant in its place; a name that is none stays as it is."""
        return replace(file, content=self.filled_bytes(file.content)) if self.values else file

    def plain(self) -> Constants:
        """Those that have no spelling."""
        return Constants(values={name: value for name, value in self.values.items() if "." not in name})

    def filled_bytes(self, content: bytes) -> bytes:
        """The same of a text."""
        return _SEQUENCE.sub(self._value, content)

    def _value(self, found: re.Match[bytes]) -> bytes:
        value = self.values.get(found[1].decode())
        return found[0] if value is None else value.encode()
