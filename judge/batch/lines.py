"""A file of submissions, one JSON object a line: ``{"id", "problem", "source", "language"}``.

Lines are read one at a time, so a file may be of any length. A line that is not as expected is data, not an
exception: the others are graded.
"""

from __future__ import annotations

import codecs
import gzip
import itertools
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from judge.batch import parquet
from judge.errors import SubmissionError


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a line must be."""

    id: str
    problem: str
    source: str
    language: str = "python3"


class _OnlyId(msgspec.Struct, frozen=True):
    """What is looked for in a line that is wrong otherwise."""

    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """A line that can be graded."""

    line: int  # from 1
    size_bytes: int  # of the line
    item_id: str
    problem: str
    source: str
    language: str
    told: Mapping[str, str] = field(default_factory=dict)  # what of the line its result repeats


@dataclass(frozen=True, kw_only=True, slots=True)
class BadLine:
    """A line that cannot."""

    line: int
    size_bytes: int
    item_id: str | None  # None when the line has none
    message: str  # what was expected and what was found


_DECODER = msgspec.json.Decoder(_Line)
_ID_DECODER = msgspec.json.Decoder(_OnlyId)


def read_lines(path: Path) -> Iterator[Submission | BadLine]:
    """Yields the lines that are not blank. Raises SubmissionError when the file cannot be read."""
    return itertools.starmap(parse, raw_lines(path))


def raw_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yields number and bytes of the lines that are not blank, or of a Parquet file's rows. Raises SubmissionError."""
    if path.suffix == ".parquet":
        yield from parquet.rows(path)
        return
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                bare = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
                if bare.strip():
                    yield number, bare
    except (OSError, EOFError, zlib.error) as error:
        raise SubmissionError("submissions", f"cannot read {path}: {error}") from None


def parse(number: int, raw: bytes) -> Submission | BadLine:
    """Returns what is on a line."""
    try:
        line = _DECODER.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return BadLine(line=number, size_bytes=len(raw), item_id=_id_of(raw), message=str(error))
    if not line.id:
        return BadLine(line=number, size_bytes=len(raw), item_id=None, message="expected an id, found an empty one")
    return Submission(
        line=number,
        size_bytes=len(raw),
        item_id=line.id,
        problem=line.problem,
        source=line.source,
        language=line.language,
    )


def _id_of(raw: bytes) -> str | None:
    try:
        return _ID_DECODER.decode(raw).id or None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
