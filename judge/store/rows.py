"""Nouns to rows and back.

A report's body is its MessagePack, deflated: the tests of a report repeat each other's field names and mostly their
values, so a tenth remains. Of tests that did not run only place and name are kept.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import msgspec

from judge.model.batch import Batch, BatchItem, BatchState, ItemFailure, ItemResult
from judge.model.packing import pack, unpacker
from judge.model.program import Program
from judge.model.report import CaseReport, Report, is_skipped_case, skipped_case
from judge.model.verdict import Verdict

Row = tuple[Any, ...]

BATCH_COLUMNS = (
    "batch_id, request_id, display_name, priority, state, content, item_count, finished_count, failed_count, "
    "create_unix_ns, end_unix_ns, base_id, generation"
)
_UNKEPT = (Verdict.JUDGE_ERROR, Verdict.CANCELLED)
_FAST = 1  # zlib's level


class _Body(msgspec.Struct, frozen=True, array_like=True):
    """What a body holds."""

    report: Report  # without the tests that did not run
    skipped: tuple[tuple[int, str, bool], ...]  # their positions, by position; names; whether they are samples


_BODY = unpacker(_Body)
_PROGRAM = unpacker(Program)
_FAILURE = unpacker(ItemFailure)


def check_kept(report: Report) -> None:
    """Raises ValueError for a report that must never be given out again."""
    if report.verdict in _UNKEPT:
        raise ValueError(f"a report of {report.verdict} is never kept (submission {report.submission_id})")


def pack_report(report: Report) -> bytes:
    """Returns a report's body. Raises ValueError for one that is never kept."""
    check_kept(report)
    ran: list[CaseReport] = []
    skipped: list[tuple[int, str, bool]] = []
    for position, case in enumerate(report.cases):
        if is_skipped_case(case):
            skipped.append((position, case.name, case.sample))
        else:
            ran.append(case)
    body = _Body(replace(report, cases=tuple(ran)) if skipped else report, tuple(skipped))
    return zlib.compress(pack(body), _FAST)


def unpack_report(data: bytes) -> Report:
    """Returns the report of a body."""
    body = _BODY.decode(zlib.decompress(data))
    if not body.skipped:
        return body.report
    cases = list(body.report.cases)
    for position, name, sample in body.skipped:
        cases.insert(position, skipped_case(name, sample))
    return replace(body.report, cases=tuple(cases))


def batch_row(batch: Batch) -> Row:
    """Returns a batch's values in the order of BATCH_COLUMNS."""
    return tuple(getattr(batch, column) for column in BATCH_COLUMNS.split(", "))


def batch_of(row: Row) -> Batch:
    """Returns the batch of a row of BATCH_COLUMNS."""
    fields = dict(zip(BATCH_COLUMNS.split(", "), row, strict=True))
    return Batch(**fields | {"state": BatchState(fields["state"])})


def pack_program(program: Program) -> bytes:
    """Returns a program as it is kept."""
    return pack(program)


def item_of(row: Row) -> BatchItem:
    """Returns the item of a row: number, item id, problem, program."""
    number, item_id, problem, program = row
    return BatchItem(number=number, item_id=item_id, problem=problem, program=_PROGRAM.decode(program))


def pack_failure(failure: ItemFailure) -> bytes:
    """Returns a failure as it is kept."""
    return pack(failure)


def result_of(row: Row) -> ItemResult:
    """Returns the result of a row: item id, position, submission id, a report's body, a failure."""
    item_id, position, submission_id, body, failure = row
    if failure is not None:
        return ItemResult(item_id=item_id, position=position, outcome=_FAILURE.decode(failure))
    report = replace(unpack_report(body), submission_id=submission_id)
    return ItemResult(item_id=item_id, position=position, outcome=report)
