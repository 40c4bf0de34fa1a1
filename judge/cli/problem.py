"""``judge problem``: what a problem's author uses."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from judge import config
from judge.cli.certify import certify_problem
from judge.cli.desk import serve_problem
from judge.cli.examples import grade_examples
from judge.cli.new import new_problem
from judge.cli.options import FormatOption, ProblemArgument, check_format
from judge.cli.report import report_problem
from judge.cli.verify import verify_problems

app = typer.Typer(help="The tools of a problem's author.", no_args_is_help=True)


app.command("new")(new_problem)
app.command("certify")(certify_problem)
app.command("verify")(verify_problems)
app.command("examples")(grade_examples)
app.command("report")(report_problem)
app.command("serve")(serve_problem)


@app.command("keys")
def list_keys() -> None:
    """Prints the keys of judge.yaml with types, defaults and meanings, in Markdown."""
    from judge.authoring.reference import key_reference

    print(key_reference(), end="")


@app.command("list")
def list_problems() -> None:
    """Lists the problems of the catalogue, and what is wrong with those that do not load."""
    from judge.spec.catalogue import Catalogue

    catalogue = Catalogue(config.load().problems_dir)
    errors = catalogue.errors()
    console = Console(highlight=False)
    for slug in catalogue.slugs():
        if slug in errors:
            console.print(f"[red]{slug}[/red]  {errors[slug]}", soft_wrap=True, markup=True)
        else:
            found = catalogue.get(slug)
            console.print(f"{found.family}/{slug}  {found.name}", soft_wrap=True)
    raise typer.Exit(1 if errors else 0)


@app.command("compile")
def compile_problem(
    problem: ProblemArgument,
    update_lock: Annotated[bool, typer.Option("--update-lock", help="Pin the cases as they are now.")] = False,
    output: FormatOption = "text",
) -> None:
    """Compiles a package to its test plan, checks it against the lock file, and prints the plan's digest.

    Without a lock file, or with --update-lock, it compiles twice, and pins the tests when they are the same.
    """
    from judge import app as composition
    from judge.metrics import PrometheusObserver
    from judge.spec.catalogue import Catalogue
    from judge.spec.compiler import compile_plan
    from judge.spec.pinning import pin_plan

    as_json = check_format(output)
    settings = config.load()
    found = Catalogue(settings.problems_dir).find(problem)
    pinned = found.lock is not None and not update_lock
    observer = PrometheusObserver()
    with (
        composition.open_sandbox(settings, observer) as sandbox,
        composition.open_companions(settings, observer, sandbox) as companions,
    ):
        if pinned:
            plan, written = compile_plan(found, sandbox, companions=companions), None
        else:
            plan, written = pin_plan(found, sandbox, companions)
    if as_json:
        print(json.dumps({"problem": plan.slug, "digest": plan.digest, "cases": len(plan.cases)}))
        return
    if written is not None:
        print(f"pinned {len(plan.cases)} cases in {written}")
    print(f"{plan.slug}: {len(plan.cases)} cases, plan {plan.digest}")
