"""What is remembered: a bounded mapping that forgets the least recently used first, and how much a report weighs."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from judge.model.report import CaseReport, Report

_REPORT_BYTES = 1024  # of a report's fixed parts
_CASE_BYTES = 256  # of a case's fixed parts
_VALUE_BYTES = 16  # of a number, or of what surrounds a text


class Remembered[T]:
    """Values by key, at most ``items`` of them, together at most ``size_bytes``."""

    def __init__(self, *, items: int, size_bytes: int) -> None:
        self._items = items
        self._size_bytes = size_bytes
        self._entries: OrderedDict[str, tuple[T, int]] = OrderedDict()
        self._used_bytes = 0

    def get(self, key: str) -> T | None:
        """The value, which is now the latest used; None when there is none."""
        if key not in self._entries:
            return None
        self._entries.move_to_end(key)
        return self._entries[key][0]

    def put(self, key: str, value: T, weight: int) -> None:
        """Remembers a value of ``weight`` bytes and forgets what no longer fits, if need be that value itself."""
        self._drop(key)
        self._entries[key] = value, weight
        self._used_bytes += weight
        while len(self._entries) > self._items or self._used_bytes > self._size_bytes:
            self._drop(next(iter(self._entries)))

    def clear(self) -> None:
        """Forgets all."""
        self._entries.clear()
        self._used_bytes = 0

    def _drop(self, key: str) -> None:
        if key in self._entries:
            self._used_bytes -= self._entries.pop(key)[1]


def weigh(report: Report) -> int:
    """Returns about how many bytes a report holds: its texts and captured output, and a fixed part for the rest."""
    return (
        _REPORT_BYTES
        + len(report.message)
        + len(report.compile_output)
        + sum(_weigh_case(case) for case in report.cases)
    )


def _weigh_case(case: CaseReport) -> int:
    size = _CASE_BYTES + len(case.message) + len(case.stdout.data) + len(case.stderr.data)
    if case.traceback:
        size += sum(len(frame.source) + _CASE_BYTES for frame in case.traceback)
    return size + _weigh_value(case.evidence) if case.evidence else size


def _weigh_value(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_weigh_value(key) + _weigh_value(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return _VALUE_BYTES + sum(map(_weigh_value, value))
    if isinstance(value, str | bytes):
        return _VALUE_BYTES + len(value)
    return _VALUE_BYTES + int(getattr(value, "nbytes", 0))
