"""``judge problem examples``: what packages say of their own submissions, and what the judge says of them.

Every example submission is graded on every test, as ``judge problem verify`` does it, whose rules are not asked; what
was graded before and has not changed is not graded again. Submissions that are not graded here are named, with why.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from judge import config
from judge.errors import SpecError, SubmissionError

if TYPE_CHECKING:
    from judge.authoring.facts import FactStore
    from judge.authoring.trials import Matrix, Trial
    from judge.authoring.workers import Workers
    from judge.model.problem import ExampleSubmission, Problem

_SHOWN = 4  # of what is not as declared of one submission
PackagesArgument = Annotated[list[str], typer.Argument(help="Slugs, or paths of packages.", show_default=False)]
OnlyDifferent = Annotated[bool, typer.Option("--different", help="Show only submissions that are not as declared.")]
SandboxesOption = Annotated[int, typer.Option("--workers", min=1, max=64, help="Sandboxes that are used at a time.")]


def grade_examples(problems: PackagesArgument, different: OnlyDifferent = False, workers: SandboxesOption = 2) -> None:
    """Grades packages' own submissions: exit 0 when all are as declared, 1 when one is not, or a package is refused."""
    from judge.app.tools import fact_store, open_workers
    from judge.cli.verify import showing_progress
    from judge.spec.catalogue import Catalogue

    settings = config.load()
    roots = [Catalogue(settings.problems_dir).locate(problem) for problem in problems]
    missing = [str(root) for root in roots if not root.is_dir()]
    if missing:
        raise SubmissionError("problem", f"expected the directory of a package, found none at {', '.join(missing)}")
    with open_workers(settings, workers) as opened:
        facts, right = fact_store(settings), True
        for root in roots:
            with showing_progress(str(root)) as tell:
                tell("grading")
                found = _graded(root, opened, facts)
            if isinstance(found, SpecError):
                print(f"{root}: refused: {found}", flush=True)
                right = False
                continue
            print("\n".join(_lines(root, *found, different=different)), flush=True)
            right = right and all(trial.as_declared for trial in found[1].trials)
    raise typer.Exit(0 if right else 1)


def _graded(root: Path, workers: Workers, facts: FactStore) -> tuple[Problem, Matrix] | SpecError:
    """Returns the package and what was found, or why it cannot be graded. Raises InfrastructureError."""
    from judge.authoring.trials import run_trials
    from judge.spec.loader import load_problem

    try:
        problem = load_problem(root)
        return problem, run_trials(problem, workers.plan_of(problem), workers, facts)
    except SpecError as error:
        return error


def _lines(root: Path, problem: Problem, matrix: Matrix, *, different: bool) -> list[str]:
    wrong = [trial for trial in matrix.trials if not trial.as_declared]
    silent = {example.path for example in problem.examples if not is_declared(example)}
    shown = wrong if different else matrix.trials
    lines = [line for trial in shown for line in _trial(root, trial, declared=trial.path not in silent)]
    lines += [f"{root}/{path}: left out: {why}" for path, why in problem.left_out.items()]
    right = len(matrix.trials) - len(wrong) - len(silent)
    counts = f"{right} submissions as declared, {len(wrong)} different"
    counts += f", {len(silent)} of which nothing is declared" if silent else ""
    return [*lines, f"{root}: {counts}, {len(problem.left_out)} left out; {len(matrix.tests)} tests"]


def is_declared(example: ExampleSubmission) -> bool:
    """Whether the package says anything of what the judge must say of a submission."""
    from judge.spec.submissions import CODE_NAMES

    rules = [rule for rule in example.expectations if set(rule.permitted) & set(rule.required) != set(CODE_NAMES)]
    stated = example.verdict or example.verdicts or example.full_score is not None
    return bool(stated or rules or any(rule.score or rule.message for rule in example.expectations))


def _trial(root: Path, trial: Trial, *, declared: bool) -> list[str]:
    """One submission in words: how it was judged, and what of that is not as declared."""
    report = trial.report
    head = f"{root}/{trial.path}: {report.verdict}" + ("" if report.score in (0, 1) else f", score {report.score}")
    if trial.as_declared:
        return [head if declared else f"{head}; nothing is declared of it"]
    broken = trial.broken or (f"expected the reason {trial.declared_reason}, found {report.reason}",)
    more = [f"and {len(broken) - _SHOWN} more"] if len(broken) > _SHOWN else []
    return [f"{head}: DIFFERENT", *(f"    {words}" for words in (*broken[:_SHOWN], *more))]
