"""What people see: reports and errors as text."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from judge.model.report import CaseReport, Report
from judge.model.text import visible
from judge.model.verdict import Verdict
from judge.units import format_bytes, format_ns

_SHOWN_OUTPUT = 2000  # bytes of a test's output


def complain(error: Exception) -> None:
    """Writes an error to standard error."""
    Console(stderr=True, highlight=False).print(f"[red]judge:[/red] {escape(str(error))}", soft_wrap=True)


def verdict_text(verdict: Verdict, reason: str | None) -> str:
    """A verdict with its reason, in colour."""
    colour = {Verdict.ACCEPTED: "green", Verdict.SKIPPED: "dim", Verdict.JUDGE_ERROR: "magenta"}.get(verdict, "red")
    return f"[{colour}]{verdict.value}[/{colour}]" + (f" [dim]({reason})[/dim]" if reason else "")


def print_report(report: Report) -> None:
    """Writes a report: the verdict, a row for each test, and what the deciding test said."""
    console = Console(highlight=False)
    said = f"\n{report.compile_output}" if report.compile_output else f" {report.message}"
    console.print(verdict_text(report.verdict, report.reason) + escape(said), soft_wrap=True)
    if any(case.verdict is not Verdict.SKIPPED for case in report.cases):
        console.print(_table(report))
    for case in report.cases:
        if case.verdict not in (Verdict.ACCEPTED, Verdict.SKIPPED):
            _explain(console, case)
    console.print(
        f"[dim]{report.problem}, {report.toolchain}, path {report.path}, slot {report.slot}, "
        f"plan {report.plan_digest[:12]}, grading {report.grading_digest[:12]}[/dim]",
        soft_wrap=True,
    )


def _table(report: Report) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("test", "verdict"):
        table.add_column(name, overflow="fold")
    for name in ("cpu", "wall", "memory", "calls", "margin"):
        table.add_column(name, justify="right", no_wrap=True)
    for case in report.cases:
        if case.verdict is Verdict.SKIPPED:
            continue
        margin = "" if case.margin is None else f"{case.margin:.3g}"
        figures = [format_ns(case.cpu_ns), format_ns(case.wall_ns), format_bytes(case.memory_peak_bytes)]
        table.add_row(escape(case.name), verdict_text(case.verdict, case.reason), *figures, str(case.calls), margin)
    skipped = sum(case.verdict is Verdict.SKIPPED for case in report.cases)
    if skipped:
        table.add_row(f"[dim]and {skipped} skipped[/dim]")
    return table


def _explain(console: Console, case: CaseReport) -> None:
    for frame in case.traceback:
        console.print(escape(f'  File "{frame.file}", line {frame.line}, in {frame.function}'))
        if frame.source:
            console.print(escape(f"    {frame.source}"))
    for name, captured in (("stdout", case.stdout), ("stderr", case.stderr)):
        if captured.total_bytes:
            shown = visible(captured.data[:_SHOWN_OUTPUT].decode("utf-8", "backslashreplace"))
            more = captured.total_bytes - min(len(captured.data), _SHOWN_OUTPUT)
            console.print(f"[dim]{name}:[/dim] {escape(shown.rstrip())}" + (f" … {more} bytes more" if more else ""))
