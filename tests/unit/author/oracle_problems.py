"""Two problems with oracles: the k-th smallest of hidden values by comparisons, and a bandit."""

from __future__ import annotations

import textwrap
from typing import Any

from judge.model.plan import Budget, CheckerSpec, Environment, TestCase, TestPlan
from judge.model.run import Limits
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from tests.unit.author.conftest import LIMITS, author_function, custom
from tests.unit.grading.scripted import case, plan

COMPARISONS = """
import random

class Refused(Exception):
    pass

def start(arguments, seed):
    global values, asked
    values, asked = arguments["values"], 0

def less(i, j):
    global asked
    asked += 1
    if not 0 <= i < len(values) or not 0 <= j < len(values):
        raise Refused(f"there are the indices 0 to {len(values) - 1}, found {i} and {j}")
    return values[i] < values[j]

def finish():
    return {"asked": asked}
"""
BY_SORTING = """
from functools import cmp_to_key

def kth_smallest(n, k, less):
    order = sorted(range(n), key=cmp_to_key(lambda i, j: -1 if less(i, j) else 1))
    return order[k]
"""
BANDIT = """
import random

def start(arguments, seed):
    global rng, means, rewards
    rng, means, rewards = random.Random(seed), arguments["means"], 0.0

def pull(arm):
    global rewards
    reward = float(rng.random() < means[arm % len(means)])
    rewards += reward
    return reward

def finish():
    return rewards
"""
REGRET = """
def check(arguments, expected, answer, oracle):
    if oracle is None:
        return True
    if oracle["calls"]["pull"] < 200:
        return {"accepted": False, "message": "too few pulls"}
    return answer == expected and oracle["result"] > 100
"""
EXPLORES = """
def best(arms, pulls, pull):
    means = [sum(pull(arm) for _ in range(50)) / 50 for arm in range(arms)]
    top = max(range(arms), key=means.__getitem__)
    for _ in range(pulls - 50 * arms):
        pull(top)
    return top
"""


def signed(text: str, returns: str, **parameters: str) -> Signature:
    """A signature that may take oracles."""
    typed = tuple(Parameter(name=name, type=parse_type(kind, oracles=True)) for name, kind in parameters.items())
    return Signature(parameters=typed, returns=parse_type(returns))


def comparisons(
    source: str = COMPARISONS,
    *,
    budget: int | str = 1000,
    limits: Limits = LIMITS,
    answers: Limits = LIMITS,
    **changes: Any,
) -> TestPlan:
    """Which index has the k-th smallest of the hidden values?"""
    rows = {"sample/1": [30, 10, 20], "secret/a": [5, 3, 8, 1, 9, 2, 7], "secret/b": list(range(40, 0, -1))}
    cases: tuple[TestCase, ...] = tuple(
        case(name, values.index(sorted(values)[1]), n=len(values), k=1, values=values) for name, values in rows.items()
    )
    fields: dict[str, Any] = {
        "entry_point": "kth_smallest",
        "signature": signed("", "int", n="int", k="int", less="callable[[int, int], bool]"),
        "limits": limits,
        "load_limits": limits,
        "cases": cases,
        "checker": CheckerSpec(name="exact", parameters={}),
        "environment": Environment(
            author=author_function(textwrap.dedent(source), "oracles/order.py", "start"),
            budgets=(Budget(oracle="less", limit=budget),),
            hidden=(Parameter(name="values", type=parse_type("list[int]")),),
            limits=answers,
        ),
    }
    return plan(**fields | changes)


def bandit(source: str = BANDIT, check: str = REGRET, *, limits: Limits = LIMITS, **changes: Any) -> TestPlan:
    """Which arm is the best? The checker looks at what was earned meanwhile."""
    means = Parameter(name="means", type=parse_type("list[float]"))
    fields: dict[str, Any] = {
        "entry_point": "best",
        "signature": signed("", "int", arms="int", pulls="int", pull="callable[[int], float]"),
        "limits": limits,
        "load_limits": limits,
        "cases": (case("secret/a", 1, arms=3, pulls=250, means=[0.1, 0.9, 0.2]),),
        "checker": custom(check),
        "environment": Environment(
            author=author_function(textwrap.dedent(source), "oracles/bandit.py", "start"),
            budgets=(Budget(oracle="pull", limit="pulls"),),
            hidden=(means,),
            limits=limits,
        ),
    }
    return plan(**fields | changes)
