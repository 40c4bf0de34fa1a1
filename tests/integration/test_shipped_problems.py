"""The shipped problems, in real boxes: every example submission gets the verdict that its package declares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from judge.app.graders import build_grader
from judge.app.slots import open_companions, open_sandbox
from judge.config import Settings
from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.model.event import Event, EventKind
from judge.model.problem import ExampleSubmission
from judge.ports import GradingRequest
from judge.spec.catalogue import Catalogue
from judge.spec.compiler import compile_plan
from judge.spec.plans import PlanStore
from judge.twins import RecordingObserver

PROBLEMS = Path(__file__).parents[2] / "problems"
CATALOGUE = Catalogue(PROBLEMS)
Row = tuple[str, ExampleSubmission]
EXAMPLES: list[Row] = [(slug, example) for slug in CATALOGUE.slugs() for example in CATALOGUE.get(slug).examples]
SETTINGS = Settings(problems_dir=PROBLEMS, salt="tests", uid_base=64_000)

pytestmark = pytest.mark.sandbox


@dataclass(frozen=True)
class Bench:
    """A grader, and the sandbox under it."""

    grader: Grader
    plans: PlanStore


def _one_of_each_ending() -> Iterator[Row]:
    """The first example of each verdict and language, among problems that are run alike.

    What the path could change in others, it would change in it too: the checker knows nothing of the path.
    """
    seen = set()
    for slug, example in EXAMPLES:
        problem = CATALOGUE.get(slug)
        run = (problem.kind, problem.isolation, problem.runtime, problem.complexity is None)
        kind = (*run, example.verdict, example.program.language)
        if kind not in seen:
            seen.add(kind)
            yield slug, example


ROWS = [("warm", *row) for row in EXAMPLES] + [("cold", *row) for row in _one_of_each_ending()]


@pytest.fixture(scope="module")
def benches() -> Iterator[dict[str, Bench]]:
    """A grader on each path; plans are compiled here, without a cache on disk."""
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (SETTINGS.runtime_root / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {SETTINGS.runtime_root} (make runtime)")
    observer = RecordingObserver()
    with ExitStack() as stack:
        sandboxes = {path: stack.enter_context(open_sandbox(SETTINGS, observer, path)) for path in ("warm", "cold")}
        plans = PlanStore(CATALOGUE, sandboxes["warm"])
        made = {}
        for path, sandbox in sandboxes.items():
            companions = stack.enter_context(open_companions(SETTINGS, observer, sandbox))
            made[path] = Bench(build_grader(SETTINGS, sandbox, plans, observer, companions=companions), plans)
        yield made


@pytest.mark.parametrize(("path", "slug", "example"), ROWS, ids=[f"{p}-{s}/{e.path[12:]}" for p, s, e in ROWS])
def test_every_example_gets_the_verdict_that_its_package_declares(
    benches: dict[str, Bench], path: str, slug: str, example: ExampleSubmission
) -> None:
    events: list[Event] = []
    bench = benches[path]
    request = GradingRequest(submission_id="example", problem=slug, program=example.program)
    report = bench.grader.grade(request, events.append, Uninterrupted())
    assert report.verdict is example.verdict, report.message
    assert example.reason in (None, report.reason), report.message
    assert events[-1].kind is EventKind.FINISHED
    assert len(report.cases) == len(bench.plans.plan(slug).reported)


@pytest.mark.parametrize("slug", CATALOGUE.slugs())
def test_a_second_compile_gives_the_same_digest_and_fits_the_lock(benches: dict[str, Bench], slug: str) -> None:
    bench = benches["warm"]
    problem = CATALOGUE.get(slug)
    assert problem.lock is not None
    compiled = compile_plan(problem, bench.grader.sandbox)
    assert compiled.digest == bench.plans.plan(slug).digest
    assert {case.name: case.digest for case in compiled.pinned_cases} == problem.lock
