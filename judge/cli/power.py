"""``judge problem power``: what a statistical problem promises to its candidates and its author."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from judge import config
from judge.cli.options import FormatOption, ProblemArgument, check_format

MOST_SIMULATIONS = 100_000

SimulationsOption = Annotated[
    int, typer.Option(min=1, max=MOST_SIMULATIONS, help="Simulated gradings of each declared wrong law on each test.")
]


def power(problem: ProblemArgument, simulations: SimulationsOption = 200, output: FormatOption = "text") -> None:
    """Says how surely a problem's statistical checker rejects the wrong laws that the package declares.

    For each test: the largest probability of rejecting a correct submission, the calls, the smallest defect, and for
    each declared wrong law how often it was rejected in simulated gradings, with the 99 % interval of its power.
    """
    from judge.app.graders import plan_store
    from judge.app.slots import open_companions, open_sandbox
    from judge.authoring.power import as_json, case_powers
    from judge.authoring.power_text import case_lines, summary_lines
    from judge.metrics import PrometheusObserver
    from judge.spec.catalogue import Catalogue

    json_wanted = check_format(output)
    settings = config.load()
    found = Catalogue(settings.problems_dir).find(problem)
    observer = PrometheusObserver()
    with (
        open_sandbox(settings, observer) as sandbox,
        open_companions(settings, observer, sandbox) as companions,
    ):
        plan = plan_store(settings, sandbox, companions).plan_of(found)
    powers = []
    for case in case_powers(found, plan, simulations):
        powers.append(case)
        if not json_wanted:
            print("\n".join(case_lines(case)), flush=True)
    print(json.dumps(as_json(plan, powers)) if json_wanted else "\n".join(summary_lines(powers, found.alternatives)))
