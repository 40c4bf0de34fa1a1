"""``judge doctor``: what the sandbox needs of this machine, with remedies."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from judge import config
from judge.cli.options import FormatOption, check_format
from judge.doctor.check import Host, Result, Status, examine

_COLOURS = {Status.PASS: "green", Status.WARN: "yellow", Status.FAIL: "bold red"}


def doctor(output: FormatOption = "text") -> None:
    """Checks what the sandbox needs of this machine: exit 0 when nothing failed, 1 otherwise."""
    from judge.doctor.checks import checks

    as_json = check_format(output)
    settings = config.load()
    wanted = checks(settings)
    results = list(_shown_while_waiting(examine(wanted, Host(settings=settings)), len(wanted)))
    if as_json:
        sys.stdout.write(json.dumps([as_row(result) for result in results], indent=2, ensure_ascii=False) + "\n")
    else:
        print_results(results, Console(highlight=False))
    failed = any(result.finding.status is Status.FAIL for result in results)
    raise typer.Exit(1 if failed else 0)


def as_row(result: Result) -> dict[str, str]:
    """Returns a result as an object of the JSON format."""
    finding = result.finding
    return {
        "name": result.name,
        "status": finding.status.value,
        "found": finding.found,
        "remedy": finding.remedy,
    }


def print_results(results: list[Result], console: Console) -> None:
    """Writes a row for each result, its remedy below it, and the numbers of each status."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("status", "check"):
        table.add_column(name, no_wrap=True)
    table.add_column("found", overflow="fold")
    for result in results:
        finding = result.finding
        colour = _COLOURS[finding.status]
        text = escape(finding.found) + (f"\n[dim]→ {escape(finding.remedy)}[/dim]" if finding.remedy else "")
        table.add_row(f"[{colour}]{finding.status}[/{colour}]", result.name, text)
    console.print(table)
    counts = Counter(result.finding.status for result in results)
    console.print(f"{len(results)} checks: " + ", ".join(f"{counts[status]} {status}" for status in Status))


def _shown_while_waiting(results: Iterable[Result], count: int) -> Iterable[Result]:
    """Passes the results on; on a terminal, says on standard error how many are known."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield from results
        return
    with console.status("checking") as status:
        for number, result in enumerate(results, start=1):
            status.update(f"checked {number} of {count}: {result.name}")
            yield result
