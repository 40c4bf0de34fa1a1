"""What became of a program, as HTML: the verdict, a row for each test, and the plots of the report page."""

from __future__ import annotations

from functools import cached_property

from judge.authoring.facts import FactStore
from judge.authoring.package import Package
from judge.authoring.page.axes import seconds
from judge.authoring.page.draws import draws_section
from judge.authoring.page.frame import text
from judge.authoring.page.growth import growth_section
from judge.authoring.page.matrix import LETTERS
from judge.authoring.page.spreads import margins_section, times_section
from judge.authoring.trials import Matrix, Trial
from judge.authoring.trying.desk import Attempt, Desk
from judge.authoring.trying.shown import shown_report
from judge.authoring.workers import Workers
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.model.report import CaseReport, Report
from judge.model.run import Captured
from judge.model.text import visible
from judge.model.verdict import Verdict
from judge.units import format_bytes

_SHOWN_BYTES = 4000  # of what a program printed
_PLOTS = (
    ("CPU time", times_section),
    ("CPU time against size", growth_section),
    ("Tolerance used", margins_section),
    ("Draws against their law", draws_section),
)


class _Tried(Package):
    """The package with one program for a matrix."""

    def __init__(self, desk: Desk, workers: Workers, attempt: Attempt, report: Report) -> None:
        super().__init__(desk.root, workers, FactStore(None))
        self._attempt = attempt
        self._report = report

    @cached_property
    def problem(self) -> Problem:
        return self._attempt.problem

    @cached_property
    def plan(self) -> TestPlan:
        return self._attempt.plan

    @cached_property
    def matrix(self) -> Matrix:
        report = self._report
        trial = Trial(path=report.submission_id, declared=None, declared_reason=None, report=report, must_fail=False)
        tests = tuple(name for name, _ in self.plan.reported)
        return Matrix(plan_digest=self.plan.digest, tests=tests, trials=(trial,))


def results(desk: Desk, workers: Workers, attempt: Attempt) -> str:
    """HTML of what a candidate may see."""
    report = shown_report(attempt.report)
    package = _Tried(desk, workers, attempt, report)
    plots = [f"<h3>{text(title)}</h3>{made}" for title, make in _PLOTS if (made := make(package))]
    ran = [case for case in report.cases if case.verdict is not Verdict.SKIPPED]
    return f"{_head(report)}{_compiled(report)}{_table(report) if ran else ''}{''.join(plots if ran else ())}"


def complaint(message: str) -> str:
    """HTML of what went wrong before anything was run."""
    return f'<p class="bad">{text(visible(message))}</p>'


def _head(report: Report) -> str:
    good = report.verdict is Verdict.ACCEPTED
    ran = [case for case in report.cases if case.verdict is not Verdict.SKIPPED]
    passed = sum(case.verdict is Verdict.ACCEPTED for case in ran)
    tag = f'<span class="tag {"good" if good else "bad"}">{text(_name(report.verdict))}</span>'
    counted = f"{passed} of {len(report.cases)} tests passed" if report.cases else ""
    head = f'{tag}{text(report.reason or "")} <span class="muted">{counted}</span>'
    return f'<p class="verdict">{head}</p><p>{text(visible(report.message))}</p>'


def _compiled(report: Report) -> str:
    return f"<pre>{text(visible(report.compile_output))}</pre>" if report.compile_output else ""


def _table(report: Report) -> str:
    names = ("", "test", "CPU time", "memory", "margin" if _has_margins(report) else "", "what was said")
    heads = "".join(f"<th>{name}</th>" for name in names)
    return f'<div class="scroll"><table class="tests"><tr>{heads}</tr>{"".join(map(_row, report.cases))}</table></div>'


def _has_margins(report: Report) -> bool:
    return any(case.margin is not None for case in report.cases)


def _row(case: CaseReport) -> str:
    letter = LETTERS.get(case.verdict, "none")
    mark = f'<td class="v-{letter}" title="{text(_name(case.verdict))}">{letter if letter != "none" else "·"}</td>'
    skipped = case.verdict is Verdict.SKIPPED
    margin = "" if case.margin is None else f"{case.margin:.3g}"
    figures = ["", "", ""] if skipped else [seconds(case.cpu_ns), format_bytes(case.memory_peak_bytes), margin]
    cells = "".join(f"<td>{text(cell)}</td>" for cell in (case.name, *figures))
    return f"<tr>{mark}{cells}<td>{_said(case)}</td></tr>"


def _said(case: CaseReport) -> str:
    reason = "" if case.verdict in (Verdict.ACCEPTED, Verdict.SKIPPED) else str(case.reason or "")
    lines = [text(visible(": ".join(filter(None, (reason, case.message)))))]
    lines += [
        f"<pre>line {frame.line}, in {text(visible(frame.function))}: {text(visible(frame.source))}</pre>"
        for frame in case.traceback
    ]
    lines += [_printed(name, printed) for name, printed in (("stdout", case.stdout), ("stderr", case.stderr))]
    return "".join(lines)


def _printed(name: str, printed: Captured) -> str:
    if not printed.total_bytes:
        return ""
    said = visible(printed.data[:_SHOWN_BYTES].decode("utf-8", "backslashreplace"))
    more = printed.total_bytes - min(len(printed.data), _SHOWN_BYTES)
    return f"<pre><b>{name}</b>\n{text(said)}{f' … {more} bytes more' if more else ''}</pre>"


def _name(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ").lower()
