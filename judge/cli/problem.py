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
from judge.cli.register import connected, register_problem
from judge.cli.report import report_problem
from judge.cli.verify import verify_problems
from judge.errors import SubmissionError

app = typer.Typer(help="The tools of a problem's author.", no_args_is_help=True)


app.command("new")(new_problem)
app.command("certify")(certify_problem)
app.command("verify")(verify_problems)
app.command("examples")(grade_examples)
app.command("report")(report_problem)
app.command("serve")(serve_problem)
app.command("register")(register_problem)


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
    server: Annotated[str | None, typer.Option(help="The address of a service that has the problem.")] = None,
    output: FormatOption = "text",
) -> None:
    """Compiles a package to its test plan, checks it against the lock file, and prints the plan's digest.

    Without a lock file, or with --update-lock, it compiles twice, and pins the tests when they are the same. With
    --server the service compiles its own problem of that slug; nothing is pinned.
    """
    from judge.app.slots import open_companions, open_sandbox
    from judge.metrics import PrometheusObserver
    from judge.spec.catalogue import Catalogue
    from judge.spec.compiler import compile_plan
    from judge.spec.pinning import pin_plan

    as_json = check_format(output)
    if server is not None:
        if update_lock:
            raise SubmissionError("--update-lock", "expected it without --server: a service pins nothing")
        with connected(server) as client:
            there = client.compile_problem(problem)
        _print_plan(problem, there.plan_digest, there.case_count, as_json=as_json)
        return
    settings = config.load()
    found = Catalogue(settings.problems_dir).find(problem)
    pinned = found.lock is not None and not update_lock
    observer = PrometheusObserver()
    with (
        open_sandbox(settings, observer) as sandbox,
        open_companions(settings, observer, sandbox) as companions,
    ):
        if pinned:
            plan, written = compile_plan(found, sandbox, companions=companions), None
        else:
            plan, written = pin_plan(found, sandbox, companions)
    if written is not None and not as_json:
        print(f"pinned {len(plan.cases)} cases in {written}")
    _print_plan(plan.slug, plan.digest, len(plan.cases), as_json=as_json)


def _print_plan(slug: str, digest: str, cases: int, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"problem": slug, "digest": digest, "cases": cases}))
    else:
        print(f"{slug}: {cases} cases, plan {digest}")
