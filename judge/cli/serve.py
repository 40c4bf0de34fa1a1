"""``judge serve``: the service; and the hidden command that its workers run."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from judge import config
from judge.config import Settings
from judge.errors import ConfigError

ListenOption = Annotated[str | None, typer.Option(help="Where gRPC is served: host:port or unix:/path.")]
MetricsOption = Annotated[str | None, typer.Option(help="Where metrics are served: host:port; empty for nowhere.")]
ProblemsOption = Annotated[str | None, typer.Option(help="The directory of problem packages.")]
SlotsOption = Annotated[str | None, typer.Option(help="How many submissions run at a time.")]
StoreOption = Annotated[str | None, typer.Option(help="A file, postgresql://..., or empty for memory alone.")]
SetOption = Annotated[list[str] | None, typer.Option("--set", help="Any setting, as KEY=VALUE; may be repeated.")]


def serve(
    listen: ListenOption = None,
    metrics: MetricsOption = None,
    problems: ProblemsOption = None,
    slots: SlotsOption = None,
    store: StoreOption = None,
    set_: SetOption = None,
) -> None:
    """Starts the service. Its first line on standard output says where it listens; SIGTERM drains and stops it."""
    named = {"listen_address": listen, "metrics_address": metrics, "problems_dir": problems, "slots": slots}
    named["store"] = store
    overrides = {**pairs_of(set_ or []), **{key: value for key, value in named.items() if value is not None}}
    settings = config.load(overrides=overrides)
    _configure_logs(settings)
    from judge.app import service

    commands = service.Commands(worker=worker_command(overrides), verifier=worker_command(overrides, "verifier"))
    asyncio.run(service.serve(settings, commands, _announce))


def worker_command(overrides: Mapping[str, str], name: str = "worker") -> tuple[str, ...]:
    """The command line of a worker with these settings, all but the store's address, which may hold a password.

    ``name`` is that of the hidden command.
    """
    arguments = [f"--set={key}={value}" for key, value in overrides.items() if key != "store"]
    return ("env", "OPENBLAS_NUM_THREADS=1", sys.executable, "-m", "judge.cli.main", name, *arguments)


def worker(
    fd: Annotated[int, typer.Option(help="The connection to the service.")],
    slot: Annotated[int, typer.Option(help="Which of the service's workers this is.")],
    set_: SetOption = None,
) -> None:
    """Grades for a service; started by it, never by hand."""
    settings = config.load(overrides=pairs_of(set_ or []))
    _configure_logs(settings)
    from judge.app.worker import run_worker

    run_worker(settings, fd)


def verifier(
    fd: Annotated[int, typer.Option(help="The connection to the service.")],
    set_: SetOption = None,
) -> None:
    """Verifies one problem for a service; started by it, never by hand."""
    settings = config.load(overrides=pairs_of(set_ or []))
    _configure_logs(settings)
    from judge.app.verifier import run_verifier

    run_verifier(settings, fd)


def _configure_logs(settings: Settings) -> None:
    from judge import logs

    logs.configure(settings.log_format, settings.log_level, for_good=True)


def _announce(address: str) -> None:
    print(json.dumps({"address": address}), flush=True)


def pairs_of(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"--set: expected KEY=VALUE, found {text!r}")
        pairs[key] = value
    return pairs
