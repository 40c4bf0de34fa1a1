"""What compiling a package gives besides its plan's content."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Compilation:
    """A plan, by its name."""

    plan_digest: str  # 64 hexadecimal digits
    case_count: int
