"""``judge problem report``: what is known of a package, as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from judge import config
from judge.cli.options import ProblemArgument
from judge.cli.verify import WorkersOption, showing_progress
from judge.errors import SubmissionError

OutputOption = Annotated[Path | None, typer.Option(help="The file; by default SLUG.html.", show_default=False)]


def report_problem(problem: ProblemArgument, output: OutputOption = None, workers: WorkersOption = 2) -> None:
    """Verifies a package at the level quick and writes a page with plots; exit 0 also when it does not pass."""
    from judge.app.tools import fact_store, open_workers
    from judge.authoring.package import Package
    from judge.authoring.page import page
    from judge.authoring.rules.rule import Level
    from judge.authoring.verify import verify
    from judge.spec.catalogue import Catalogue

    settings = config.load()
    root = Catalogue(settings.problems_dir).locate(problem)
    if not root.is_dir():
        raise SubmissionError("problem", f"expected the directory of a package, found none at {root}")
    target = output or Path(f"{root.resolve().name}.html")
    facts = fact_store(settings)
    with open_workers(settings, workers) as opened, showing_progress(str(root)) as tell:
        findings = list(verify(root, Level.QUICK, opened, facts, tell))
        made = page(Package(root, opened, facts, tell), findings)
    target.write_text(made, encoding="utf-8")
    print(f"{target}: {len(made) // 1024} KiB")
