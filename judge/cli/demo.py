"""``judge demo``: starts the service, grades the shipped example submissions over gRPC, and prints a table."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from judge import config
from judge.cli.output import verdict_text
from judge.errors import InfrastructureError
from judge.model.report import Report
from judge.model.verdict import Verdict
from judge.units import format_bytes, format_ns

if TYPE_CHECKING:
    from judge.model.problem import ExampleSubmission, Problem

_START_PATIENCE_S = 60
_TABLE_WIDTH = 132
_LISTENING = re.compile(r'"address":\s*"([^"]+)"')

ProblemsOption = Annotated[list[str] | None, typer.Option("--problem", help="Only this problem; may be repeated.")]


EveryOption = Annotated[bool, typer.Option("--all", help="Every example submission.")]


def demo(problem: ProblemsOption = None, every: EveryOption = False) -> None:
    """Starts the service, grades example submissions over gRPC, and prints a table. Exit 1 on a surprise.

    Of each problem one for each verdict and, of the accepted ones, each language; with --all or --problem every one.
    """
    from judge.client import SyncJudgeClient
    from judge.spec.catalogue import Catalogue

    console = Console(highlight=False, width=max(Console().width, _TABLE_WIDTH))
    catalogue = Catalogue(config.load().problems_dir)
    problems = [catalogue.get(slug) for slug in problem or catalogue.slugs()]
    with _service() as address, SyncJudgeClient(address) as client:
        console.print(f"the service listens at {address}; a dot for each submission: ", end="")
        chosen = [
            (found, example) for found in problems for example in _examples(found, every=every or problem is not None)
        ]

        rows = []
        for found, example in chosen:
            begin = time.monotonic_ns()
            report = client.grade(found.slug, example.program)
            rows.append((found, example, report, time.monotonic_ns() - begin))
            console.print(".", end="")
    console.print()
    console.print(_table(rows))
    surprises = sum(not _as_expected(example, report) for _, example, report, _ in rows)
    console.print(f"{len(rows)} submissions graded over gRPC, {surprises} not as their authors expect")
    raise typer.Exit(1 if surprises else 0)


def _examples(problem: Problem, *, every: bool) -> Iterator[ExampleSubmission]:
    """Yields the examples to be graded."""
    seen = set()
    for example in problem.examples:
        kind = (example.verdict, example.program.language if example.verdict is Verdict.ACCEPTED else "")
        if every or kind not in seen:
            seen.add(kind)
            yield example


def _as_expected(example: ExampleSubmission, report: Report) -> bool:
    return report.verdict is example.verdict and example.reason in (None, report.reason)


def _table(rows: list[tuple[Problem, ExampleSubmission, Report, int]]) -> Table:
    """A section for each problem, a row for each submission."""
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("", "submission", "verdict"):
        table.add_column(name, no_wrap=True)
    for name in ("tests run", "cpu", "memory", "time"):
        table.add_column(name, justify="right", no_wrap=True)
    shown = ""
    for problem, example, report, duration in rows:
        if problem.slug != shown:
            shown = problem.slug
            table.add_row("", f"[bold]{problem.family}/{shown}[/bold]")
        table.add_row(*_row(example, report, duration))
    return table


def _row(example: ExampleSubmission, report: Report, duration: int) -> list[str]:
    expected = _as_expected(example, report)
    surprise = "" if expected else f" [bold red]expected {example.verdict} ({example.reason})[/bold red]"
    ran = sum(case.calls > 0 for case in report.cases)
    return [
        "[green]✓[/green]" if expected else "[red]✗[/red]",
        example.path.removeprefix("submissions/"),
        verdict_text(report.verdict, report.reason) + surprise,
        f"{ran}/{len(report.cases)}",
        format_ns(report.cpu_ns),
        format_bytes(report.memory_peak_bytes),
        format_ns(duration),
    ]


@contextmanager
def _service() -> Iterator[str]:
    """Runs ``judge serve`` on a free port until the context is left; yields its address."""
    command = [
        sys.executable,
        "-m",
        "judge.cli.main",
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--metrics",
        "",
        "--store",
        "",
        "--set=log_level=warning",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()
            process.wait(_START_PATIENCE_S)


def _address(process: subprocess.Popen[str]) -> str:
    """Reads the first line that the service prints: where it listens."""
    if process.stdout is None:
        raise InfrastructureError("the service has no output")
    line = process.stdout.readline()
    found = _LISTENING.search(line)
    if found is None:
        raise InfrastructureError(f"the service did not start: {line.strip() or 'it said nothing'}")
    return found[1]
