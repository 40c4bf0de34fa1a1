"""What a grading tells while it runs."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from judge.model.report import CaseReport, Report


class EventKind(enum.StrEnum):
    """The kinds of event, in the order in which they come; the test events repeat."""

    QUEUED = "queued"
    COMPILING = "compiling"
    COMPILED = "compiled"
    TEST_STARTED = "test_started"
    TEST_FINISHED = "test_finished"
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event of one grading."""

    kind: EventKind
    unix_ns: int  # nanoseconds since the Unix epoch
    case_name: str = ""  # of the test events
    case_index: int = -1  # position in the plan
    case_count: int = 0  # tests in the plan; 0 while the plan is not known
    case: CaseReport | None = None  # of TEST_FINISHED
    report: Report | None = None  # of FINISHED
