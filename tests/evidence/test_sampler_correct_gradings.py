"""Right samplers of every make are accepted in whole gradings, from source to report, in boxes of this process.

Each submission has a text of its own, so that each gets other seeds. ``GRADINGS`` in the environment says how many of
each make are graded (20; with 1,000 it takes some minutes): at an alpha of 1e-6 none may be rejected.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

from judge.checkers.sampler import Sampler
from judge.grading.grader import Grader
from judge.grading.interrupts import Uninterrupted
from judge.model.plan import CheckerSpec, TestPlan
from judge.model.program import Program, SourceFile
from judge.model.run import Isolation
from judge.model.type_expr import parse_type
from judge.model.verdict import Verdict
from judge.ports import GradingRequest
from judge.testing import InProcessSandbox
from tests.unit.grading.scripted import NotingObserver, OnePlan, TickingClock, case, plan, signature

pytestmark = pytest.mark.evidence

GRADINGS = int(os.environ.get("GRADINGS", "20"))
CALLS = 100
LAW = np.array([[0.4, 0.3, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25], [0.0, 0.5, 0.3, 0.2], [0.97, 0.01, 0.01, 0.01]])
MAKES = {
    "numpy": """
import numpy as np

def draw(law, seed):
    rng = np.random.default_rng(seed)
    return [int(rng.choice(len(row), p=row)) for row in law]
""",
    "pure Python": """
import random

def draw(law, seed):
    rng = random.Random(seed)
    return [rng.choices(range(len(row)), weights=list(row))[0] for row in law]
""",
    "Gumbel-max": """
import numpy as np

def draw(law, seed):
    noise = np.random.default_rng(seed).gumbel(size=law.shape)
    with np.errstate(divide="ignore"):
        return [int(j) for j in (np.log(law) + noise).argmax(axis=1)]
""",
    "alias": """
import random

def table(row):
    count = len(row)
    scaled, alias = [p * count for p in row], list(range(count))
    small, large = [j for j in range(count) if scaled[j] < 1], [j for j in range(count) if scaled[j] >= 1]
    while small and large:
        low, high = small.pop(), large[-1]
        alias[low] = high
        scaled[high] -= 1 - scaled[low]
        if scaled[high] < 1:
            small.append(large.pop())
    for j in large + small:
        if row[j] > 0:
            scaled[j] = 1.0
    return scaled, alias

def draw(law, seed):
    rng = random.Random(seed)
    drawn = []
    for row in law:
        keep, alias = table([float(p) for p in row])
        j = rng.randrange(len(row))
        drawn.append(j if rng.random() < keep[j] else alias[j])
    return drawn
""",
    "inverse CDF": """
import numpy as np

def draw(law, seed):
    u = np.random.default_rng(seed).random((len(law), 1))
    sums = np.cumsum(law, axis=1)
    return [int(j) for j in (u * sums[:, -1:] >= sums).sum(axis=1)]
""",
}


def problem() -> TestPlan:
    """One test, whose argument is the law itself."""
    types = {"law": "array[float64, (n, m)]", "seed": "int"}
    checker = Sampler(calls=CALLS)
    return plan(
        slug="draw",
        entry_point="draw",
        signature=signature(**types, returns="list[int]"),
        expected_type=parse_type("array[float64, (n, m)]"),
        isolation=Isolation.SUBMISSION,
        checker=CheckerSpec(name="sampler", parameters={"calls": checker.calls}),
        cases=(case("secret/one", LAW, law=LAW),),
    )


@pytest.mark.parametrize("make", MAKES)
def test_a_right_sampler_is_accepted_in_whole_gradings(make: str) -> None:
    chosen = problem()
    grader = Grader(InProcessSandbox(), OnePlan(chosen), TickingClock(), NotingObserver(), "salt")
    for number in range(GRADINGS):
        source = f"# submission {number}\n{MAKES[make]}".encode()
        program = Program(language="python3", files=(SourceFile(path="solution.py", content=source),))
        request = GradingRequest(submission_id=str(number), problem=chosen.slug, program=program)
        report = grader.grade(request, lambda _event: None, Uninterrupted())
        assert report.verdict is Verdict.ACCEPTED, f"submission {number}: {report.message}"
