"""The problems of the settings, their plans, and what grades by them in one slot."""

from __future__ import annotations

from contextlib import nullcontext

from judge.config import Settings
from judge.grading.companions import NO_COMPANIONS
from judge.grading.grader import Grader
from judge.grading.job import Alone
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.ports import Companions, Observer, PlanSource, Sandbox
from judge.scheduling.clock import SystemClock
from judge.spec.catalogue import Catalogue
from judge.spec.datasets import Dataset, Shelves
from judge.spec.plans import PlanCache, PlanStore
from judge.spec.registered import Registered


def catalogue_of(settings: Settings) -> Shelves:
    """The problems of the settings: packages, tasks of a data set, what clients have registered. Raises SpecError."""
    datasets = [Dataset(settings.dataset)] if settings.dataset else []
    registered = None if settings.registered_dir is None else Registered(settings.registered_dir)
    return Shelves(Catalogue(settings.problems_dir), datasets, registered)


def plan_store(settings: Settings, sandbox: Sandbox, companions: Companions | None = None) -> PlanStore:
    """The plans of the settings' problems, compiled in ``sandbox`` and cached on disk.

    The time limits of plain packages whose validators take part in runs are measured with ``companions``.
    """
    return PlanStore(catalogue_of(settings), sandbox, PlanCache(settings.state_dir / "plans"), companions)


def build_grader(
    settings: Settings,
    sandbox: Sandbox,
    plans: PlanSource,
    observer: Observer,
    alone: Alone = nullcontext,
    companions: Companions = NO_COMPANIONS,
    thorough: bool = False,
    patience: int | None = None,
) -> Grader:
    """The grader of one slot; ``alone`` makes a context in which no other slot of the service runs.

    Problems with code of the author's that runs while grading need ``companions``. ``thorough`` and
    ``patience`` are the grader's.
    """
    percent = settings.close_percent
    return Grader(
        sandbox,
        plans,
        SystemClock(),
        observer,
        settings.salt,
        close_percent=percent,
        alone=alone,
        companions=companions,
        thorough=thorough,
        patience=patience,
    )


class OneProblem:
    """A PlanSource of a single problem that need not be in the catalogue."""

    def __init__(self, store: PlanStore, problem: Problem) -> None:
        self._store = store
        self._problem = problem

    def plan(self, slug: str) -> TestPlan:
        """The plan, whatever ``slug`` says."""
        return self._store.plan_of(self._problem)
