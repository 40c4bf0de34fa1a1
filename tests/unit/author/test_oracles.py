"""Oracles in this process: what the function may ask, what is counted, and whose fault a failure is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from judge.model.plan import Budget, CheckerSpec, TestPlan
from judge.model.run import Isolation
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason, Verdict
from tests.unit.author.conftest import LIMITS, Roles, custom, grade
from tests.unit.author.oracle_problems import BANDIT, BY_SORTING, COMPARISONS, EXPLORES, bandit, comparisons, signed
from tests.unit.grading.scripted import BoxScript, ScriptedSandbox, case, returns


@pytest.mark.parametrize("isolation", [Isolation.TEST, Isolation.SUBMISSION])
def test_an_honest_program_asks_and_is_accepted(isolation: Isolation) -> None:
    report = grade(comparisons(isolation=isolation), BY_SORTING)
    assert report.verdict is Verdict.ACCEPTED, report.message
    calls = [found.evidence["oracle_calls"]["less"] for found in report.cases]
    assert calls[0] in range(2, 7)
    assert calls[2] >= 39


def test_a_wrong_answer_is_wrong() -> None:
    report = grade(comparisons(), "def kth_smallest(n, k, less):\n    return 0 if less(0, 1) else 1\n")
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE)


@pytest.mark.parametrize("isolation", [Isolation.TEST, Isolation.SUBMISSION])
def test_one_question_too_many_ends_the_call(isolation: Isolation) -> None:
    source = "def kth_smallest(n, k, less):\n    for _ in range({}):\n        less(0, 1)\n    return 2\n"
    report = grade(comparisons(budget=5, isolation=isolation), source.format(5))
    assert report.cases[0].verdict is Verdict.ACCEPTED
    source = """
        def kth_smallest(n, k, less):
            try:
                while True:
                    less(0, 1)
            except Exception:
                return 2
    """
    report = grade(comparisons(budget=5, isolation=isolation), source)
    assert (report.verdict, report.reason) == (Verdict.WRONG_ANSWER, Reason.BUDGET_EXCEEDED)
    assert report.message == "sample/1: it asked the oracle 'less' 6 times; it may 5 times"
    assert report.cases[0].evidence["oracle_calls"] == {"less": 6}


def test_a_budget_of_zero_forbids_to_ask() -> None:
    report = grade(comparisons(budget=0), BY_SORTING)
    assert report.reason is Reason.BUDGET_EXCEEDED


def test_the_budget_may_be_an_argument() -> None:
    report = grade(
        comparisons(budget="n"), "def kth_smallest(n, k, less):\n    return [less(0, 1) for _ in range(n)] and 2\n"
    )
    assert report.cases[0].verdict is Verdict.ACCEPTED
    assert report.cases[0].evidence["oracle_calls"] == {"less": 3}


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("less(0)", "TypeError: less: expected 2 arguments, found 1"),
        ("less()", "TypeError: less: expected 2 arguments, found 0"),
        ("less(0, '1')", "TypeError: less: argument 2: expected int, found a str of length 1"),
        ("less(0, True)", "TypeError: less: argument 2: expected int, found bool True"),
        ("less(0, 1.0)", "TypeError: less: argument 2: expected int, found float 1.0"),
        ("less(0, [1])", "TypeError: less: argument 2: expected int, found a list of length 1"),
        ("less(0, object())", "TypeError: a value of type 'object' cannot be"),
        ("less(0, i=1)", "TypeError: "),
        ("less(0, 10 ** 6)", "ValueError: there are the indices 0 to 2, found 0 and 1000000"),
        ("less(b'x' * 2_000_000, 1)", "ValueError: less: the arguments have 2000013 bytes; at most 1048576 are taken"),
        ("less([None] * 200_000, 1)", "ValueError: "),
    ],
)
def test_a_question_that_cannot_be_answered_raises_where_it_is_asked(question: str, error: str) -> None:
    source = f"""
        def kth_smallest(n, k, less):
            try:
                {question}
            except Exception as error:
                raise RuntimeError(f"{{type(error).__name__}}: {{error}}")
    """
    report = grade(comparisons(), source)
    assert (report.verdict, report.reason) == (Verdict.RUNTIME_ERROR, Reason.EXCEPTION)
    assert f"RuntimeError: {error}" in report.message


def test_questions_that_are_refused_count() -> None:
    source = """
        def kth_smallest(n, k, less):
            for _ in range(6):
                try:
                    less("x")
                except TypeError:
                    pass
            return 2
    """
    report = grade(comparisons(budget=5), source)
    assert report.reason is Reason.BUDGET_EXCEEDED


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "return values[i] < values[j]",
            "return values[i] < missing",
            "less of oracles/order.py raised an exception at oracles/order.py:16, in less",
        ),
        (
            "return values[i] < values[j]",
            "return int(values[i])",
            "less of oracles/order.py gave an answer of another type",
        ),
        (
            "return values[i] < values[j]",
            "return object()",
            "less of oracles/order.py returned a value that has no encoding",
        ),
        ("return values[i] < values[j]", "exit(0)", "less of oracles/order.py ended with the exit status 0"),
        ("return values[i] < values[j]", "while True: pass", "less of oracles/order.py exceeded the CPU limit of"),
        ('"values"]', '"valeus"]', "start of oracles/order.py raised an exception at oracles/order.py:9, in start"),
        ('return {"asked": asked}', "return 1 / 0", "finish of oracles/order.py raised an exception"),
        (
            'return {"asked": asked}',
            "return object()",
            "finish of oracles/order.py returned a value that has no encoding",
        ),
        ("def less(", "def lses(", "expected oracles/order.py to define a function 'less', found"),
        ("def start(", "def begin(", "expected oracles/order.py to define a function 'start', found"),
        ("import random", "import nothing_of_that_name", "oracles/order.py raised an exception"),
    ],
)
def test_a_failure_of_the_environment_is_no_verdict_on_the_candidate(old: str, new: str, message: str) -> None:
    assert COMPARISONS.count(old) == 1
    problem = comparisons(COMPARISONS.replace(old, new), answers=replace(LIMITS, cpu_ns=10**8))
    report = grade(problem, BY_SORTING)
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.ORACLE), report.message
    assert message in report.message
    assert "oracles/order.py" in report.message


@pytest.mark.parametrize(
    ("languages", "number", "failed"),
    [
        (("python3",), "2**70", False),
        (("python3", "java17"), "2**63 - 1", False),
        (("python3", "java17"), "2**63", True),
        (("python3", "cpp20"), "-(2**70)", True),
    ],
)
def test_an_answer_beyond_a_compiled_languages_integers_is_the_environments_fault(
    languages: tuple[str, ...], number: str, failed: bool
) -> None:
    typed = signed("", "int", n="int", k="int", less="callable[[int, int], list[tuple[int, str]]]")
    source = COMPARISONS.replace("return values[i] < values[j]", f"return [(1, 'a'), ({number}, 'b')]")
    ask = "def kth_smallest(n, k, less):\n    less(0, 1)\n    return -1\n"
    report = grade(comparisons(source, signature=typed, languages=languages), ask)
    assert (report.reason is Reason.ORACLE) == failed, report.message
    assert ("less of oracles/order.py gave an answer that is too wide" in report.message) == failed


def test_what_a_failing_environment_says_is_not_told() -> None:
    source = COMPARISONS.replace("return values[i] < values[j]", "raise ValueError(values)  # secret")
    report = grade(comparisons(source), BY_SORTING)
    assert report.reason is Reason.ORACLE
    assert "30, 10, 20" not in str(report)
    assert "secret\n" not in str(report)


def test_a_candidates_own_failure_is_its_own() -> None:
    report = grade(comparisons(), "def kth_smallest(n, k, less):\n    less(0, 1)\n    return 1 / 0\n")
    assert (report.verdict, report.reason) == (Verdict.RUNTIME_ERROR, Reason.EXCEPTION)


def test_hidden_arguments_are_not_given_to_the_candidate() -> None:
    source = "def kth_smallest(*arguments):\n    raise RuntimeError([type(a).__name__ for a in arguments])\n"
    report = grade(comparisons(), source)
    assert "['int', 'int', 'function']" in report.message


def test_every_call_has_an_environment_of_its_own() -> None:
    source = COMPARISONS.replace('values, asked = arguments["values"], 0', "values = arguments['values']").replace(
        "import random", "asked = 0"
    )
    check = (
        "def check(arguments, expected, answer, oracle):\n    return oracle is None or oracle['result']['asked'] == 1\n"
    )
    problem = comparisons(source, checker=custom(check))
    report = grade(problem, "def kth_smallest(n, k, less):\n    return int(less(0, 1))\n")
    assert report.verdict is Verdict.ACCEPTED, report.message


def test_the_checker_is_told_what_the_oracles_saw() -> None:
    assert grade(bandit(), EXPLORES).verdict is Verdict.ACCEPTED
    lazy = "def best(arms, pulls, pull):\n    return 1\n"
    report = grade(bandit(), lazy)
    assert (report.verdict, report.message) == (Verdict.WRONG_ANSWER, "secret/a: too few pulls")


def test_the_environments_seed_is_the_same_for_the_same_call() -> None:
    check = "def check(arguments, expected, answer, oracle):\n    raise ValueError\n"
    seen = []
    for salt_like in ("", "", "# another program\n"):
        source = BANDIT.replace("return rewards", "raise KeyError") + ""
        problem = bandit(source.replace("raise KeyError", "return rng.random()"), check)
        report = grade(
            problem,
            EXPLORES.replace("return top", "raise RuntimeError(pull(0) + 2 * pull(1) + 4 * pull(2))").replace(
                "pulls - 50", "pulls - 3 - 50"
            )
            + salt_like,
        )
        seen.append(report.message)
    assert seen[0] == seen[1]
    assert re.search(r"RuntimeError: \d", seen[0])


REGRET = """
import random

def start(arguments, seed):
    global rng, means, lost
    rng, means, lost = random.Random(seed), arguments["means"], 0.0

def pull(arm):
    global lost
    lost += max(means) - means[arm]
    return float(rng.random() < means[arm])

def finish():
    return {"regret": lost}
"""


def regret(**parameters: Any) -> TestPlan:
    """A bandit whose policies are judged by their expected regret over many runs."""
    rounds = 60
    return bandit(
        REGRET,
        checker=CheckerSpec(name="regret", parameters={"oracle": "pull", **parameters}),
        expected_type=parse_type("tuple[float, float, int]"),
        cases=(case("secret/a", (20.0, 60.0, rounds), arms=2, pulls=rounds, means=[0.1, 0.9]),),
    )


GREEDY = """
def best(arms, pulls, pull):
    seen = [[pull(arm) for _ in range(5)] for arm in range(arms)]
    top = max(range(arms), key=lambda arm: sum(seen[arm]))
    for _ in range(pulls - 5 * arms):
        pull(top)
    return top
"""


def test_a_policy_is_judged_by_its_regret_over_fresh_environments() -> None:
    report = grade(regret(), GREEDY)
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert report.cases[0].calls == 60
    lazy = "def best(arms, pulls, pull):\n    for _ in range(pulls):\n        pull(0)\n    return 0\n"
    assert grade(regret(), lazy).verdict is Verdict.WRONG_ANSWER
    idle = "def best(arms, pulls, pull):\n    return 1\n"
    assert grade(regret(), idle).verdict is Verdict.WRONG_ANSWER


def seeds_of(problem: TestPlan, source: str) -> list[int]:
    """The seeds with which the environment was started, in order."""

    def reply(step: str, name: str, values: Any) -> Any:
        return ("answer", 0.5) if step == "ask" else {"regret": 1.0}

    environment = ScriptedSandbox(BoxScript(call=returns(reply)))
    grade(problem, source, companions=Roles(environment=environment))
    calls = [what for step, what in environment.journal if step == "call"]
    return [what["values"][1] for what in calls if what["step"] == "start"]


def test_calls_that_a_checker_does_not_tell_apart_meet_different_environments() -> None:
    seeds = seeds_of(regret(), GREEDY)
    assert len(seeds) == len(set(seeds)) == 60
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert seeds == seeds_of(regret(), GREEDY)
    assert not set(seeds) & set(seeds_of(regret(), GREEDY + "# another program\n"))


def test_calls_with_the_same_seed_meet_the_same_environment() -> None:
    draws = """
        import random

        def draw(n, m, seed, pull):
            pull(0)
            rng = random.Random(seed)
            return [rng.randrange(m) for _ in range(n)]
    """
    problem = bandit(
        entry_point="draw",
        signature=signed("", "list[int]", n="int", m="int", seed="int", pull="callable[[int], float]"),
        expected_type=parse_type("array[float64, (n, m)]"),
        checker=CheckerSpec(name="sampler", parameters={"calls": 40, "repeats": 8}),
        cases=(case("secret/a", [[0.5, 0.5], [0.5, 0.5]], n=2, m=2, means=[0.5]),),
    )
    assert problem.environment is not None
    environment = replace(problem.environment, budgets=(Budget(oracle="pull", limit=1),))
    seeds = seeds_of(replace(problem, environment=environment), draws)
    assert len(seeds) == 40
    assert len(set(seeds)) == 32


def test_an_oracle_that_is_kept_cannot_be_asked_later() -> None:
    source = """
        kept = []

        def kth_smallest(n, k, less):
            kept.append(less)
            return 2
    """
    report = grade(comparisons(isolation=Isolation.SUBMISSION), source)
    assert report.cases[0].verdict is Verdict.ACCEPTED


def test_time_that_the_author_takes_is_not_the_candidates() -> None:
    slow = COMPARISONS.replace("asked += 1", "asked += sum(1 for _ in range(3 * 10**6)) > 0")
    problem = comparisons(slow, limits=replace(LIMITS, cpu_ns=10**8), answers=replace(LIMITS, cpu_ns=10**10))
    source = """
        def kth_smallest(n, k, less):
            for _ in range(3):
                less(0, 1)
            return {3: 2, 7: 5, 40: 38}[n]
    """
    report = grade(problem, source)
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert report.cpu_ns < 10**8
