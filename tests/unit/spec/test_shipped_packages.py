"""The packages under ``problems/``: they load, fit their lock files, and their example submissions get their verdicts.

Graded in this process: of each package the first example of each verdict, for the tests with a real sandbox grade all.
Those that would end, fill or flood it are left to them too; the tests at the bounds are made for the slow solutions
only, with a fraction of the time limit.
"""

from __future__ import annotations

import dataclasses
import time
from functools import cache
from pathlib import Path

import pytest

from judge.grading.grader import Grader
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.spec.catalogue import Catalogue
from judge.spec.compiler import compile_plan
from judge.testing import InProcessCompanions, InProcessSandbox

CATALOGUE = Catalogue(Path(__file__).parents[3] / "problems")
SLUGS = CATALOGUE.slugs()
# The groups of generated tests that this module makes; of other problems, all but those at the bounds: "large...".
GROUPS = {
    "hard-negative-sampler": {"peaked", "duplicates", "huge", "clusters", "lone-thousand"},
    "hops-through-boards": {"tiny", "small", "repeated", "same-user", "apart", "short-cut", "offset-decimal"},
    "shortest-cover-all-distinct": {"tiny", "ties", "rare-ends", "wide-ids", "equal-in-64-bits", "skewed"},
}
# The group at the bounds that shows which solutions are slow; of other problems, the first "large...".
SLOW_GROUPS = {
    "board-tree-serialisation": "chain",
    "hops-through-boards": "large-chain",
    "lru-cache": "large-full",
    "shortest-cover-all-distinct": "large-some",
}
SECOND_BOX = {"board-tree-serialisation"}  # tests end in a second box, which a failure in the first one comes before
# They end this process, fill its memory, differ only from process to process, must be compiled,
# or are not stopped here: SQLite does not return to the interpreter.
NEED_A_SANDBOX = (
    *("exits_early.py", "fork_bomb.py", "hoards.py", "hash_of_seed.py", "leaves.py", "all_rankings.py"),
    *("does_not_flush.py", "goes_round_in_circles.py"),
    *("endless.sql", "each_pair.sql", ".c", ".cpp", ".java"),
)


def groups_of(slug):
    small = (group.name for group in CATALOGUE.get(slug).generated if not group.name.startswith("large"))
    return GROUPS.get(slug) or set(small)


def slow_group_of(slug):
    names = (group.name for group in CATALOGUE.get(slug).generated)
    return SLOW_GROUPS.get(slug) or next(name for name in names if name.startswith("large"))


class BothRuntimes(InProcessSandbox):
    """The packages of python3-science are installed beside the tests."""

    runtimes = ("python3", "python3-science")


@cache
def plan_of(slug, *groups, gate=False):
    problem = CATALOGUE.get(slug)
    kept = tuple(group for group in problem.generated if group.name in groups)
    changed = dataclasses.replace(problem, generated=kept, complexity=problem.complexity if gate else None)
    return compile_plan(changed, BothRuntimes(), lock=False)


def examples(*, slow):
    found, seen = [], set()
    for slug in SLUGS:
        for example in CATALOGUE.get(slug).examples:
            needs_bounds = example.verdict is Verdict.TIME_LIMIT_EXCEEDED or example.path.endswith("recursive.py")
            at_gate = example.reason is Reason.COMPLEXITY_EXCEEDED
            kind = (slug, example.verdict)
            fits = needs_bounds == slow and not at_gate and not example.path.endswith(NEED_A_SANDBOX)
            if fits and kind not in seen:
                seen.add(kind)
                name = f"{slug}-{example.path.removeprefix('submissions/')}"
                found.append(pytest.param(slug, example, id=name))
    return found


class Quiet:
    """A clock that stands by the machine's, an observer that forgets, and an interrupt that never comes."""

    deadline_ns = None

    def unix_ns(self):
        return time.time_ns()

    def monotonic_ns(self):
        return time.monotonic_ns()

    def count(self, *_args, **_kwargs):
        return None

    observe = set = count

    def fileno(self):
        return -1

    def cancelled(self):
        return False


class OnePlan:
    def __init__(self, plan):
        self.plan = lambda _slug: plan


def grade(plan, example):
    request = GradingRequest(submission_id="1", problem=plan.slug, program=example.program)
    grader = Grader(BothRuntimes(), OnePlan(plan), Quiet(), Quiet(), "salt", companions=InProcessCompanions())
    return grader.grade(request, lambda _event: None, Quiet())


def test_what_is_shipped():
    assert {"hard-negative-sampler", "hops-through-boards", "shortest-cover-all-distinct"} <= set(SLUGS)
    assert CATALOGUE.errors() == {}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_package_fits_its_lock(slug):
    problem = CATALOGUE.get(slug)
    plan = plan_of(slug, *groups_of(slug), gate=True)
    gate = problem.complexity
    assert (problem.certificate is None) == (gate is None)
    inputs = len(gate.families) * len(gate.sizes) if gate else 0
    assert {case.name: case.digest for case in plan.pinned_cases}.items() <= problem.lock.items()
    assert len(problem.lock) == len(problem.written) + sum(group.count for group in problem.generated) + inputs


@pytest.mark.parametrize("slug", SLUGS)
def test_a_package_has_what_authors_promise(slug):
    problem = CATALOGUE.get(slug)
    verdicts = [example.verdict for example in problem.examples]
    assert verdicts.count(Verdict.ACCEPTED) >= 2
    assert verdicts.count(Verdict.WRONG_ANSWER) >= 4
    assert "## Examples" in problem.statement
    samples = sum(case.sample for case in problem.written)
    assert samples == 0 if problem.kind == "tests" else samples >= 2  # to show an implementation would tell it


@pytest.mark.parametrize(("slug", "example"), examples(slow=False))
def test_an_example_gets_its_verdict(slug, example):
    report = grade(plan_of(slug, *groups_of(slug)), example)
    assert report.verdict is example.verdict, report.message
    assert example.reason in (None, report.reason), report.message


@pytest.mark.parametrize(("slug", "example"), examples(slow=True))
def test_an_example_fails_at_the_bounds(slug, example):
    plan = plan_of(slug, slow_group_of(slug))
    share = 4 if example.verdict is Verdict.TIME_LIMIT_EXCEEDED else 1
    limits = dataclasses.replace(plan.limits, cpu_ns=plan.limits.cpu_ns // share)
    report = grade(dataclasses.replace(plan, limits=limits), example)
    assert (report.verdict, report.reason) == (example.verdict, example.reason)
    samples = Verdict.SKIPPED if slug in SECOND_BOX else Verdict.ACCEPTED
    assert {case.verdict for case in report.cases if case.sample} == {samples}
