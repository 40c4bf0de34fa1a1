"""``judge problem certify``: shows that a complexity gate lies between accepted and slow submissions, and pins it."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from judge import config
from judge.cli.options import FormatOption, ProblemArgument, check_format
from judge.errors import SpecError

if TYPE_CHECKING:
    from judge.authoring.certify import Certification

RunsOption = Annotated[int, typer.Option("--repeats", min=1, max=1000, help="How often each submission is measured.")]


def certify_problem(problem: ProblemArgument, repeats: RunsOption = 5, output: FormatOption = "text") -> None:
    """Measures a package's accepted and slow submissions at its complexity gate; writes the slopes to the lock file.

    Exit 1, and nothing is written, unless every run decides as declared and the gate lies between the intervals.
    """
    from judge.app.slots import open_companions, open_sandbox
    from judge.authoring.certify import certify
    from judge.metrics import PrometheusObserver
    from judge.spec.catalogue import Catalogue
    from judge.spec.certificates import certificate_of
    from judge.spec.compiler import compile_plan
    from judge.spec.lock import write_lock

    as_json = check_format(output)
    settings = config.load()
    found = dataclasses.replace(Catalogue(settings.problems_dir).find(problem), certificate=None)
    observer = PrometheusObserver()
    with (
        open_sandbox(settings, observer) as sandbox,
        open_companions(settings, observer, sandbox) as companions,
    ):
        plan = compile_plan(found, sandbox, companions=companions)
        gate = plan.complexity
        if gate is None:
            raise SpecError("expected a complexity gate (key 'complexity' in judge.yaml), found none", file=found.root)
        made = certify(found, plan, gate, sandbox, repeats, _tell, companions)
    written = None if made.refusals else write_lock(found, plan, certificate_of(gate, made.slopes))
    if as_json:
        print(json.dumps(dataclasses.asdict(made), indent=2))
    else:
        _print(made)
    if written is None:
        raise typer.Exit(1)
    if not as_json:
        print(f"certified in {written}")


def _tell(what: str) -> None:
    """Says what is being measured, on a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{what}")


def _print(made: Certification) -> None:
    width = max(len(row.path) for row in made.rows)
    for row in made.rows:
        decided = f"accepted {row.accepted}, exceeded {row.exceeded} of {row.runs}"
        print(f"{row.path:{width}}  {row.family:12}  {row.expected or 'accepted':20}  {row.words:22}  {decided}")
    console = Console(highlight=False)
    for refusal in made.refusals:
        console.print(f"[red]not certified[/red]  {escape(refusal)}", soft_wrap=True)
