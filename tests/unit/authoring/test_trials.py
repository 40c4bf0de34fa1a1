"""Submissions on all tests, in this process; what is known is not run again."""

from __future__ import annotations

from pathlib import Path

import pytest

from judge.authoring.facts import FactStore
from judge.authoring.trials import Matrix, Progress, run_trials
from judge.model.verdict import Verdict
from judge.spec.loader import load_problem
from tests.unit.authoring.workshop import Workshop
from tests.unit.spec.conftest import Package

WRONG = "submissions/wrong_answer/unscaled.py"


@pytest.fixture
def package(tmp_path: Path) -> Package:
    return Package(tmp_path / "sums" / "sum-and-order")


def tried(package: Package, facts: FactStore, workshop: Workshop | None = None) -> tuple[Matrix, list[Progress]]:
    workers, told = workshop or Workshop(), list[Progress]()
    problem = load_problem(package.root)
    return run_trials(problem, workers.plan_of(problem), workers, facts, told.append), told


def test_every_submission_is_run_on_every_test(package: Package) -> None:
    package.write("submissions/wrong_answer/late.py", "def total(values, scale):\n    return len(values) / 7 - 1\n")
    matrix, told = tried(package, FactStore(None))
    assert matrix.tests[:2] == ("sample/01", "secret/empty")
    assert [trial.as_declared for trial in matrix.trials] == [True, True, True]
    wrong = matrix.by_path[WRONG]
    assert {case.verdict for case in wrong.report.cases} == {Verdict.ACCEPTED, Verdict.WRONG_ANSWER}
    assert wrong.failed == ("sample/01", "secret/small-01", "secret/small-02", "secret/small-03", "secret/larger-01")
    assert matrix.killers["secret/empty"] == ("submissions/wrong_answer/late.py",)
    assert [(progress.done, progress.total) for progress in told] == [(1, 3), (2, 3), (3, 3)]


def test_a_submission_that_is_not_as_declared_is_seen(package: Package) -> None:
    package.write("submissions/accepted/loop.py", "def total(values, scale):\n    return sum(values)\n")
    trial = tried(package, FactStore(None))[0].by_path["submissions/accepted/loop.py"]
    assert (trial.as_declared, trial.declared, trial.report.verdict) == (
        False,
        Verdict.ACCEPTED,
        Verdict.WRONG_ANSWER,
    )


def test_only_what_has_changed_is_run_again(package: Package, tmp_path: Path) -> None:
    facts, workshop = FactStore(tmp_path / "facts"), Workshop()
    first, _ = tried(package, facts, workshop)
    again, told = tried(package, facts, workshop)
    assert (workshop.jobs, told) == (2, [])
    assert again.trials == first.trials
    package.write("statement/problem.en.md", "Other words.\n")
    package.write(WRONG, "def total(values, scale):\n    return 1.0\n")
    changed, told = tried(package, facts, workshop)
    assert [progress.what for progress in told] == [WRONG]
    assert changed.by_path[WRONG].failed != first.by_path[WRONG].failed
    package.replace("judge.yaml", "seed: 50", "seed: 51")  # another plan
    tried(package, facts, workshop)
    assert workshop.jobs == 5


def test_facts_of_another_scope_and_facts_that_cannot_be_read_are_not_taken(package: Package, tmp_path: Path) -> None:
    workshop = Workshop()
    tried(package, FactStore(tmp_path, "a"), workshop)
    tried(package, FactStore(tmp_path, "b"), workshop)
    assert workshop.jobs == 4
    for path in tmp_path.glob("*.fact"):
        path.write_bytes(b"\xc1")
    tried(package, FactStore(tmp_path, "a"), workshop)
    assert workshop.jobs == 6
