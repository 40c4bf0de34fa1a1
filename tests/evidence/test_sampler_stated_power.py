"""The power that the checker states is that of real gradings.

200 submissions (effort.py) that draw from a declared wrong law are graded, from source to report, in boxes of this
process; each has a text of its own, so that each gets other seeds. The share that is rejected must lie within the
stated 99 % interval, widened by the interval of the gradings themselves: correct figures miss one time in 3000.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from judge.checkers.contract import CaseFacts
from judge.checkers.sampler import Sampler
from judge.checkers.sizing import Power
from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.harness import wire
from judge.model.plan import CheckerSpec, TestPlan
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason, Verdict
from judge.ports import GradingRequest
from judge.testing import InProcessSandbox
from tests.evidence.effort import simulated
from tests.unit.grading.scripted import NotingObserver, OnePlan, TickingClock, case, plan, signature

pytestmark = pytest.mark.evidence

GRADINGS = simulated(200)
CALLS = 100
SOURCE = """\
import numpy as np  # submission {number}


def draw(wrong, seed):
    u = np.random.default_rng(seed).random((len(wrong), 1))
    sums = np.cumsum(wrong, axis=1)
    return [int(j) for j in (u * sums[:, -1:] >= sums).sum(axis=1)]
"""
LAW = np.array([[0.4, 0.3, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25], [0.0, 0.5, 0.3, 0.2]])
WRONG = {
    "squared": LAW**2 / (LAW**2).sum(axis=1, keepdims=True),  # rejected about one time in eight
    "uniform": (LAW > 0) / (LAW > 0).sum(axis=1, keepdims=True),  # two times in three
}


def problem(name: str) -> TestPlan:
    """One test, on which submissions are given the wrong law itself."""
    types = {"wrong": "array[float64, (n, m)]", "seed": "int"}
    one = dataclasses.replace(
        case("secret/one", LAW, wrong=WRONG[name]), alternatives={"wrong": wire.encode(WRONG[name])}
    )
    return plan(
        slug="draw",
        entry_point="draw",
        signature=signature(**types, returns="list[int]"),
        expected_type=parse_type("array[float64, (n, m)]"),
        isolation=Isolation.SUBMISSION,
        checker=CheckerSpec(name="sampler", parameters={"calls": CALLS}),
        cases=(one,),
    )


def power(name: str) -> Power:
    """What the checker states."""
    facts = CaseFacts(name="secret/one", arguments={}, expected=LAW, alternatives={"wrong": WRONG[name]})
    (stated,) = Sampler(calls=CALLS).sizing(facts, b"p" * 32, GRADINGS).powers
    return stated


def is_rejected(name: str, number: int) -> bool:
    """Whether one submission is, after a grading that was not disturbed."""
    grader = Grader(InProcessSandbox(), OnePlan(problem(name)), TickingClock(), NotingObserver(), "salt")
    source = SourceFile(path="solution.py", content=SOURCE.format(number=number).encode())
    request = GradingRequest(
        submission_id=str(number), problem="draw", program=Program(language="python3", files=(source,))
    )
    report = grader.grade(request, lambda event: None, Uninterrupted())
    assert report.reason in (None, Reason.WRONG_DISTRIBUTION, Reason.DEPENDENT_DRAWS), report.message
    return report.verdict is Verdict.WRONG_ANSWER


@pytest.mark.parametrize("name", WRONG)
def test_the_stated_power_is_that_of_gradings(name: str) -> None:
    stated = power(name)
    rejected = sum(is_rejected(name, number) for number in range(GRADINGS))
    graded = dataclasses.replace(stated, rejected=rejected, simulations=GRADINGS)
    print(f"{name}: stated {stated.interval}, {rejected} of {GRADINGS} gradings rejected")
    assert graded.interval[0] <= stated.interval[1]
    assert graded.interval[1] >= stated.interval[0]
