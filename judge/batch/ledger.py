"""The file of results: one line for each submission over all runs, appended whole as it comes.

A run begins by reading what earlier ones wrote. A last line without its newline is what was left of a run that was
killed: it is cut off. Who has a line is remembered in a database of SQLite's own temporary file, sixteen bytes for each
id, so memory stays the same however long the files are. The file is locked while a run has it open.
"""

from __future__ import annotations

import enum
import fcntl
import hashlib
import os
import sqlite3
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from judge.errors import InfrastructureError, SubmissionError

_TAIL = 1 << 16  # bytes looked at together for the last newline


class _Report(msgspec.Struct, frozen=True):
    verdict: str


class _Line(msgspec.Struct, frozen=True):
    """What is looked at in a line; the rest is skipped."""

    id: str | None = None
    line: int | None = None
    report: _Report | None = None
    error: dict[str, str] | None = None


class Standing(enum.Enum):
    """What is known of a submission when it is read."""

    NEW = enum.auto()
    DONE = enum.auto()  # an earlier run wrote its line
    REPEATED = enum.auto()  # an earlier line of this input has its id


class Ledger:
    """The results; ``with`` closes the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.verdicts: Counter[str] = Counter()  # of all lines
        self.refused = 0  # lines with an error
        self._fd = self._open()
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, read INTEGER) WITHOUT ROWID")
        self._seen.execute("BEGIN")
        try:
            self._read()
        except BaseException:
            self.close()
            raise
        self.earlier = self.verdicts.total() + self.refused  # lines of earlier runs

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        os.close(self._fd)
        self._seen.close()

    def standing(self, item_id: str | None, line: int) -> Standing:
        """What is known of the submission on a line of the input; asked once for each line."""
        key = _key(item_id, line)
        found = self._seen.execute("SELECT read FROM seen WHERE key = ?", (key,)).fetchone()
        self._seen.execute("INSERT OR REPLACE INTO seen VALUES (?, 1)", (key,))
        if found is None:
            return Standing.NEW
        return Standing.REPEATED if found[0] else Standing.DONE

    def add(self, line: bytes, verdict: str | None) -> None:
        """Appends a line without its newline; None for the verdict of an error. Raises InfrastructureError."""
        data = line + b"\n"
        end = os.fstat(self._fd).st_size
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError as error:
            os.ftruncate(self._fd, end)  # others that are in flight may find room again
            raise InfrastructureError(f"cannot write {self.path}: {error.strerror}") from None
        self._count(verdict)

    def _count(self, verdict: str | None) -> None:
        if verdict is None:
            self.refused += 1
        else:
            self.verdicts[verdict] += 1

    def _open(self) -> int:
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise SubmissionError("output", f"cannot write {self.path}: {error.strerror}") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise SubmissionError("output", f"{self.path} is being written by another run") from None
        return descriptor

    def _read(self) -> None:
        _cut_torn_line(self._fd)
        decoder = msgspec.json.Decoder(_Line)
        with open(os.dup(self._fd), "rb") as file:
            file.seek(0)
            for number, raw in enumerate(file, 1):
                try:
                    line = decoder.decode(raw)
                except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                    raise self._foreign(number, str(error)) from None
                if (line.report is None) == (line.error is None) or (line.id is None and line.line is None):
                    raise self._foreign(number, "no id, or neither report nor error")
                key = _key(line.id, line.line or 0)
                self._seen.execute("INSERT OR REPLACE INTO seen VALUES (?, 0)", (key,))
                self._count(line.report.verdict.removeprefix("VERDICT_") if line.report else None)

    def _foreign(self, number: int, found: str) -> SubmissionError:
        return SubmissionError("output", f"{self.path}:{number}: expected a line of an earlier run, found {found}")


def _key(item_id: str | None, line: int) -> bytes:
    name = f"line {line}" if item_id is None else f"id {item_id}"
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _cut_torn_line(descriptor: int) -> None:
    """Truncates a file to the end of its last whole line."""
    end = os.fstat(descriptor).st_size
    while end:
        begin = max(0, end - _TAIL)
        newline = os.pread(descriptor, end - begin, begin).rfind(b"\n")
        if newline >= 0:
            end = begin + newline + 1
            break
        end = begin
    if end != os.fstat(descriptor).st_size:
        os.ftruncate(descriptor, end)
