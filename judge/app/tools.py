"""What an author's tools work with: processes with a slot each, and what is known of packages already."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager

from judge.app.graders import build_grader, plan_store
from judge.app.slots import open_companions, open_sandbox
from judge.authoring.facts import FactStore
from judge.authoring.pool import ProcessWorkers
from judge.authoring.workers import Tools
from judge.config import Settings
from judge.grading.grader import Grader
from judge.languages import load_toolchains
from judge.metrics import PrometheusObserver
from judge.model.digest import digest_of
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.model.toolchain import Toolchains
from judge.ports import PlanSource
from judge.sandbox import toolchains
from judge.spec.plans import PlanCache, plan_key


@contextmanager
def open_tools(settings: Settings) -> Iterator[Tools]:
    """What a job of an author's tools may use: a slot of this process, its companions, and graders in them."""
    observer = PrometheusObserver()
    with (
        open_sandbox(settings, observer, settings.path) as sandbox,
        open_companions(settings, observer, sandbox) as companions,
    ):

        def grader_of(plans: PlanSource, patience: int | None) -> Grader:
            return build_grader(
                settings, sandbox, plans, observer, companions=companions, thorough=True, patience=patience
            )

        store = plan_store(settings, sandbox, companions)
        yield Tools(sandbox=sandbox, companions=companions, plan_of=store.plan_of, grader_of=grader_of)


def open_workers(settings: Settings, count: int) -> ProcessWorkers:
    """Processes for an author's tools, at most ``count``, with a slot each; none is started before it is needed."""
    known = load_toolchains(settings.runtime_root, settings.state_dir)

    def describe(language: str, runtime: str) -> str:
        return toolchains.describe(known, language, runtime)

    def known_plan(problem: Problem) -> TestPlan | None:
        return _known_plan(settings, problem, known)

    return ProcessWorkers(functools.partial(open_tools, settings), count, describe, known_plan)


def _known_plan(settings: Settings, problem: Problem, known: Toolchains) -> TestPlan | None:
    """The plan that was compiled before; None when there is none."""
    toolchain = toolchains.describe(known, "python3", problem.runtime)
    return PlanCache(settings.state_dir / "plans").get(plan_key(problem, toolchain))


def plan_here(settings: Settings, problem: Problem) -> TestPlan:
    """The plan; one that is not known is compiled in a slot of this process. Raises SpecError."""
    plan = _known_plan(settings, problem, load_toolchains(settings.runtime_root, settings.state_dir))
    if plan is not None:
        return plan
    with open_tools(settings) as tools:
        return tools.plan_of(problem)


def fact_store(settings: Settings) -> FactStore:
    """What has been found out about packages under these settings, without what is too old or too much."""
    scope = digest_of([settings.salt, settings.close_percent, settings.path])
    facts = FactStore(settings.state_dir / "facts", scope)
    facts.prune(age_ns=settings.facts_age_ns, size_bytes=settings.facts_size_bytes)
    return facts
