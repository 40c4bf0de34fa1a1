"""Parquet files of submissions and of results; both need the extra ``judge[parquet]``.

A row is read as the JSON object of its columns, so that all formats are the same in both kinds of file; binary columns
are text in UTF-8. Parquet cannot be appended to, and results come one by one: they are kept as JSON lines beside the
file, which is written whole at the end of a run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from judge.errors import SubmissionError

_ROWS = 256  # at a time
_NESTED = ("report", "error")  # columns that hold JSON


def rows(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yields number and JSON of each row; a column that is null is left out. Raises SubmissionError."""
    arrow, parquet = _modules("submissions")
    number = 0
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    yield number, _json({key: value for key, value in row.items() if value is not None})
    except (OSError, arrow.ArrowException) as error:
        raise SubmissionError("submissions", f"cannot read {path}: {error}") from None


def write(lines: Path, path: Path) -> None:
    """Writes the results in ``lines`` as a Parquet file, whole or not at all. Raises SubmissionError."""
    arrow, parquet = _modules("output")
    schema = arrow.schema([(name, _column(arrow, kind)) for name, kind in _columns(lines).items()])
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with parquet.ParquetWriter(temporary, schema) as writer:
            for chunk in _chunks(lines):
                found = [_row(line, schema.names) for line in chunk]
                writer.write_batch(arrow.RecordBatch.from_pylist(found, schema=schema))
        temporary.replace(path)
    except (OSError, arrow.ArrowException) as error:
        temporary.unlink(missing_ok=True)
        raise SubmissionError("output", f"cannot write {path}: {error}") from None


def check(field: str) -> None:
    """Raises SubmissionError unless Parquet files can be read and written."""
    _modules(field)


def _modules(field: str) -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        message = "expected a file of JSON lines, found Parquet, which needs the extra judge[parquet]"
        raise SubmissionError(field, message) from None
    return pyarrow, pyarrow.parquet


def _json(row: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode({key: _value(value) for key, value in row.items()})
    except (TypeError, ValueError) as error:
        return msgspec.json.encode(f"a row with a value that JSON cannot write: {error}")


def _value(value: Any) -> Any:
    """Returns a value as JSON is to have it: bytes as the text that they are, wrong where they are none in UTF-8."""
    if not isinstance(value, bytes):
        return value
    text = json.dumps(value.decode("utf-8", "surrogateescape"), ensure_ascii=False)
    return msgspec.Raw(text.encode("utf-8", "surrogateescape"))


def _columns(lines: Path) -> dict[str, type]:
    """The columns of all lines and what they hold; one that differs holds JSON."""
    found: dict[str, type] = {"id": str, "verdict": str, "report": str, "error": str}
    for chunk in _chunks(lines):
        for line in chunk:
            for key, value in line.items():
                if value is not None and key not in _NESTED:
                    kind = type(value) if type(value) in (bool, int, float, str) else str
                    found[key] = kind if found.get(key, kind) is kind else str
    return found


def _column(arrow: Any, kind: type) -> Any:
    return {bool: arrow.bool_(), int: arrow.int64(), float: arrow.float64(), str: arrow.string()}[kind]


def _row(line: dict[str, Any], names: list[str]) -> dict[str, Any]:
    row = {key: _cell(value, key in _NESTED) for key, value in line.items()}
    row["verdict"] = str(line.get("report", {}).get("verdict", "")).removeprefix("VERDICT_") or None
    return {name: row.get(name) for name in names}


def _cell(value: Any, nested: bool) -> Any:
    if nested or isinstance(value, (dict, list)):
        return msgspec.json.encode(value).decode()
    return value


def _chunks(lines: Path) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    with lines.open("rb") as file:
        for raw in file:
            chunk.append(msgspec.json.decode(raw))
            if len(chunk) == _ROWS:
                yield chunk
                chunk = []
    if chunk:
        yield chunk
