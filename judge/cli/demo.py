"""``judge demo``: starts the service, grades the shipped example submissions over gRPC, and prints a table."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from judge import config
from judge.cli.output import verdict_text
from judge.errors import InfrastructureError
from judge.model.problem import ExampleSubmission, Problem
from judge.model.report import Report
from judge.units import format_bytes, format_ns

_START_PATIENCE_S = 60
_LISTENING = re.compile(r'"address":\s*"([^"]+)"')

ProblemsOption = Annotated[list[str] | None, typer.Option("--problem", help="Only this problem; may be repeated.")]


def demo(problem: ProblemsOption = None) -> None:
    """Starts the service, grades every example submission over gRPC, and prints a table. Exit 1 on a surprise."""
    from judge.client import SyncJudgeClient
    from judge.spec.catalogue import Catalogue

    console = Console(highlight=False)
    catalogue = Catalogue(config.load().problems_dir)
    problems = [catalogue.get(slug) for slug in problem or catalogue.slugs()]
    with _service() as address, SyncJudgeClient(address) as client:
        console.print(f"the service listens at {address}")
        rows = []
        for found in problems:
            for example in found.examples:
                begin = time.monotonic_ns()
                report = client.grade(found.slug, example.program)
                rows.append((found, example, report, time.monotonic_ns() - begin))
                console.print(f"  {found.slug} {example.path}: {report.verdict.value}", style="dim", soft_wrap=True)
    console.print(_table(rows))
    surprises = sum(not _as_expected(example, report) for _, example, report, _ in rows)
    console.print(f"{len(rows)} submissions graded over gRPC, {surprises} not as their authors expect")
    raise typer.Exit(1 if surprises else 0)


def _as_expected(example: ExampleSubmission, report: Report) -> bool:
    return report.verdict is example.verdict and example.reason in (None, report.reason)


def _table(rows: list[tuple[Problem, ExampleSubmission, Report, int]]) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in ("problem", "submission", "verdict", "as expected"):
        table.add_column(name, overflow="fold")
    for name in ("tests", "cpu", "memory", "time"):
        table.add_column(name, justify="right", no_wrap=True)
    for problem, example, report, duration in rows:
        ran = sum(case.calls > 0 for case in report.cases)
        table.add_row(
            problem.slug,
            example.path.removeprefix("submissions/"),
            verdict_text(report.verdict, report.reason),
            "yes" if _as_expected(example, report) else f"[bold red]no: {example.verdict} ({example.reason})[/]",
            f"{ran}/{len(report.cases)}",
            format_ns(report.cpu_ns),
            format_bytes(report.memory_peak_bytes),
            format_ns(duration),
        )
    return table


@contextmanager
def _service() -> Iterator[str]:
    """Runs ``judge serve`` on a free port until the context is left; yields its address."""
    command = [sys.executable, "-m", "judge.cli.main", "serve", "--listen", "127.0.0.1:0", "--metrics", ""]
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
