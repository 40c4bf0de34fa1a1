"""What an operator writes, as values: each function takes the text of a setting.

ValueError says what was expected; whoever asked names the setting and what was found.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from judge.units import parse_bytes, parse_duration_ns

_HOST_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/]+):([0-9]{1,5})\Z")


def address(text: str) -> str:
    """Where something is served: host:port, or a socket."""
    match = _HOST_PORT.match(text)
    if (match and int(match[2]) < 65536) or (text.startswith("unix:") and len(text) > len("unix:")):
        return text
    raise ValueError("host:port or unix:/path")


def optional_address(text: str) -> str:
    """An address with a port, or nothing."""
    match = _HOST_PORT.match(text)
    if text and not (match and int(match[2]) < 65536):
        raise ValueError("host:port, or nothing")
    return text


def path(text: str) -> Path:
    """A path of the file system."""
    if not text or "\0" in text:
        raise ValueError("a path")
    return Path(text)


def optional_path(text: str) -> Path | None:
    """A path, or nothing."""
    return path(text) if text else None


def store(text: str) -> str:
    """Where reports are kept."""
    if "\0" in text or ("://" in text and not text.startswith(("postgresql://", "postgres://"))):
        raise ValueError("a path, 'postgresql://...' or nothing")
    return text


def at_least(minimum: int) -> Callable[[str], int]:
    """Whole numbers that are not below ``minimum``."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < minimum:
            raise ValueError(f"a whole number of at least {minimum}")
        return int(text)

    return parse


def percent(text: str) -> int:
    """A whole number of percent below 100."""
    if not re.fullmatch(r"[0-9]{1,2}", text):
        raise ValueError("a whole number from 0 to 99")
    return int(text)


def slots(text: str) -> int:
    """A number of slots; "auto" is that of the usable cores."""
    if text == "auto":
        return len(os.sched_getaffinity(0))
    try:
        return at_least(1)(text)
    except ValueError:
        raise ValueError("'auto' or a whole number of at least 1") from None


def memory(text: str) -> int:
    """A size; "auto" is four fifths of the machine's memory."""
    if text == "auto":
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * 4 // 5
    try:
        return parse_bytes(text)
    except ValueError:
        raise ValueError("'auto' or a size such as '8GiB'") from None


def duration(text: str) -> int:
    """A duration, in nanoseconds."""
    try:
        return parse_duration_ns(text)
    except ValueError:
        raise ValueError("a duration such as '30s' (ns, us, ms, s, min)") from None


def size(text: str) -> int:
    """A size, in bytes."""
    try:
        return parse_bytes(text)
    except ValueError:
        raise ValueError("a size such as '64MiB' (B, KB, MB, GB, KiB, MiB, GiB)") from None


def one_of(*choices: str) -> Callable[[str], str]:
    """One of these words."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return text

    return parse


def cgroup_root(text: str) -> str:
    """An absolute path, or nothing."""
    if text and (not text.startswith("/") or "\0" in text):
        raise ValueError("an absolute path, or nothing")
    return text
