"""What an author's checker is given, what its replies mean, and what becomes of one that fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from judge.checkers import build
from judge.checkers.custom import Custom
from judge.harness import wire
from judge.model.report import Report
from judge.model.run import Isolation, Killer, RunOutcome, Stage
from judge.model.type_expr import parse_type
from judge.model.verdict import WRONG_ANSWERS, Reason, Verdict
from tests.unit.author.conftest import LIMITS, Roles, custom, grade
from tests.unit.grading.scripted import BoxScript, ScriptedSandbox, answered, case, plan, signature

Graded = Callable[..., Report]
HONEST = "def double(n):\n    return 2 * n\n"
FAIR = "def check(arguments, expected, answer):\n    return answer == expected\n"


def told(report: Report) -> tuple[Verdict, Reason | None]:
    return report.verdict, report.reason


def test_a_bool_is_a_judgement(graded: Graded) -> None:
    assert told(graded(FAIR, HONEST)) == (Verdict.ACCEPTED, None)
    report = graded(FAIR, "def double(n):\n    return n + n if n != 1003 else 0\n")
    assert told(report) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE)
    assert report.message == "secret/d: the answer is not accepted"


@pytest.mark.parametrize("reason", WRONG_ANSWERS)
def test_a_mapping_says_why(graded: Graded, reason: Reason) -> None:
    check = f"def check(*_):\n    return {{'accepted': False, 'reason': {reason.value!r}, 'message': 'look\\x1b'}}\n"
    report = graded(check, HONEST)
    assert told(report) == (Verdict.WRONG_ANSWER, reason)
    assert report.message == "sample/1: look\\x1b; expected 2, found 2"


def test_it_is_given_plain_values_of_the_signature(graded: Graded) -> None:
    check = """
        import numpy as np

        def check(arguments, expected, answer):
            assert list(arguments) == ["points", "pair"]
            assert type(arguments["points"]) is np.ndarray and arguments["points"].dtype == np.float64
            assert type(arguments["pair"]) is tuple and type(arguments["pair"][1]) is np.ndarray
            assert type(expected) is float and type(answer) is float, (expected, answer)
            return answer == expected == arguments["points"].sum()
    """
    changes = {
        "signature": signature(points="array[float64, (n,)]", pair="tuple[int, array[int64, (n,)]]", returns="float"),
        "expected_type": parse_type("float"),
        "cases": (case("secret/a", 3, points=np.array([1.0, 2.0]), pair=(1, np.array([4]))),),
    }
    report = graded(check, "def double(points, pair):\n    return int(points.sum())\n", changes)
    assert told(report) == (Verdict.ACCEPTED, None), report.message


def test_a_number_of_any_length_can_be_told(graded: Graded) -> None:
    check = "def check(arguments, expected, answer):\n    return {'accepted': False, 'message': f'found {answer}'}\n"
    report = graded(check, "def double(n):\n    return 10 ** 20_000\n")
    assert told(report) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE)
    assert report.message.startswith("sample/1: found 1000")


def test_nothing_of_one_check_is_left_for_the_next(graded: Graded) -> None:
    check = "seen = []\ndef check(arguments, expected, answer):\n    seen.append(answer)\n    return len(seen) == 1\n"
    assert told(graded(check, HONEST)) == (Verdict.ACCEPTED, None)


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (
            "def check(*_):\n    return 1 / 0\n",
            "check of checkers/check.py raised an exception at checkers/check.py:2, in check",
        ),
        ("def check(*_):\n    exit(0)\n", "check of checkers/check.py ended with the exit status 0 without an answer"),
        ("def check(*_):\n    return None\n", "check of checkers/check.py returned something else than a judgement"),
        ("def check(*_):\n    return {'accepted': 1}\n", "returned something else than a judgement"),
        ("def check(*_):\n    return object()\n", "returned a value that has no encoding"),
        ("def check(*_):\n    while True: pass\n", "exceeded the CPU limit of 100 ms"),
        ("def check(*_):\n    print('x' * 2_000_000)\n    return True\n", "exceeded the output limit of 1 MiB"),
        (
            "def check(*_):\n    return {'accepted': True, 'message': 'x' * 2_000_000}\n",
            "returned a value that is too large",
        ),
        (
            "import nothing_of_that_name\n",
            "checkers/check.py raised an exception at checkers/check.py:1, in <module>",
        ),
        ("def chekc(*_):\n    return True\n", "expected checkers/check.py to define a function 'check', found 'chekc'"),
        ("def check(:\n", "checkers/check.py raised an exception"),
    ],
)
def test_a_failure_of_the_checker_is_no_verdict_on_the_candidate(graded: Graded, check: str, message: str) -> None:
    report = graded(check, HONEST, cpu_time="100ms")
    assert told(report) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert re.search(f"^sample/1: checker 'custom': .*{re.escape(message)}", report.message), report.message
    assert "checkers/check.py" in report.message


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (None, "expected a bool, or a mapping with a bool 'accepted', found None"),
        (1, "expected a bool, or a mapping with a bool 'accepted', found 1"),
        ([True], "expected a bool, or a mapping with a bool 'accepted', found [True]"),
        ({}, "expected a bool, or a mapping with a bool 'accepted', found {}"),
        ({"accepted": 1}, "expected a bool, or a mapping with a bool 'accepted', found {'accepted': 1}"),
        ({"accepted": True, "points": 1}, "expected no keys but accepted, message, reason, score, found 'points'"),
        ({"accepted": False, "score": 0.5}, "score: expected none for an answer that is not accepted, found 0.5"),
        ({"accepted": True, "score": 1.5}, "score: expected a number from 0 to 1, or a text such as '2/3', found 1.5"),
        ({"accepted": True, "score": "-1/3"}, "score: expected a number from 0 to 1"),
        ({"accepted": True, "score": "1/0"}, "score: expected a number from 0 to 1"),
        ({"accepted": True, "score": float("nan")}, "score: expected a number from 0 to 1"),
        ({"accepted": True, "score": True}, "score: expected a number from 0 to 1"),
        ({"accepted": True, "score": 1e-300}, "score: expected a number from 0 to 1"),
        ({"accepted": True, "score": "1/1" + "0" * 18}, None),
        ({"accepted": True, "score": "1/1" + "0" * 19}, "score: expected a number from 0 to 1"),
        ({"accepted": True, "score": [1, 2]}, "score: expected a number from 0 to 1"),
        ({"accepted": False, "reason": "checker"}, "reason: expected one of wrong_value, "),
        ({"accepted": False, "reason": ["wrong_value"]}, "reason: expected one of wrong_value, "),
        ({"accepted": True, "reason": "wrong_value"}, "reason: expected none for an accepted answer"),
        ({"accepted": True, "message": 3}, "message: expected text, found 3"),
    ],
)
def test_a_reply_that_is_no_judgement_is_refused(reply: Any, message: str | None) -> None:
    if message is None:
        assert Custom(file="a.py").judgement(reply).accepted
        return
    with pytest.raises(ValueError, match=re.escape(message)):
        Custom(file="a.py").judgement(reply)


@pytest.mark.parametrize(
    "check",
    [
        "class Expected6(Exception): pass\ndef check(*_):\n    raise Expected6\n",
        "class Expected6: pass\ndef check(*_):\n    return Expected6()\n",
    ],
)
def test_the_name_of_the_authors_class_is_not_told(graded: Graded, check: str) -> None:
    report = graded(check, HONEST)
    assert told(report) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert "Expected6" not in str(report)


@pytest.mark.parametrize(
    ("score", "exact"), [(0, 0), (1, 1), (0.1, "1/10"), ("2/3", "2/3"), ("0.25", "1/4"), (1.0, 1), (None, None)]
)
def test_a_score_is_exact(score: Any, exact: Any) -> None:
    judgement = Custom(file="a.py").judgement({"accepted": True, "score": score})
    assert judgement.score == (None if exact is None else Fraction(exact))


def test_the_score_of_a_report_is_the_least_of_its_tests(graded: Graded) -> None:
    check = (
        "from fractions import Fraction\n"
        "def check(arguments, expected, answer):\n"
        "    return {'accepted': True, 'score': Fraction(1, arguments['n'])} if arguments['n'] % 2 else True\n"
    )
    cases = (case("sample/1", 3, n=3), case("secret/a", 3, n=2), case("secret/b", 3, n=7))
    report = graded(check, HONEST, {"cases": cases})
    assert told(report) == (Verdict.ACCEPTED, None)
    assert [one.score for one in report.cases] == [Fraction(1, 3), 1, Fraction(1, 7)]
    assert (report.score, report.message) == (Fraction(1, 7), "all 3 tests passed; the score is 1/7")
    rejects = check.replace("if arguments['n'] % 2 else True", "if arguments['n'] % 2 else False")
    assert graded(rejects, HONEST, {"cases": cases}).score == 0


def test_a_message_is_made_safe_to_show() -> None:
    judgement = Custom(file="a.py").judgement({"accepted": True, "message": "a\x1b[2J\ud800" + "x" * 9999})
    assert judgement.accepted
    assert judgement.message.startswith("a\\x1b[2J?xxx")
    assert len(judgement.message) < 2010


def test_what_a_failing_checker_returns_is_not_told_to_candidates(graded: Graded) -> None:
    report = graded("def check(arguments, expected, answer):\n    return f'secret {expected}'\n", HONEST)
    assert told(report) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert "secret" not in report.message


def test_what_a_failing_checker_says_is_not_told_to_candidates(graded: Graded) -> None:
    report = graded(
        "def check(arguments, expected, answer):\n    raise ValueError(f'not {expected}')  # secret\n", HONEST
    )
    assert told(report) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert "not 2" not in str(report)
    assert "secret\n" not in str(report)


def test_a_candidate_that_fails_is_never_checked(graded: Graded) -> None:
    report = graded("def check(*_):\n    return 1 / 0\n", "def double(n):\n    return 'two'\n")
    assert told(report) == (Verdict.WRONG_ANSWER, Reason.WRONG_TYPE)


@pytest.mark.parametrize("killer", [Killer.CANCELLED, Killer.DEADLINE])
def test_a_grading_that_is_cancelled_while_it_is_checked_is_cancelled(killer: Killer) -> None:
    stopped = BoxScript(call=lambda call: RunOutcome(stage=Stage.CALL, killer=killer))
    report = grade(plan(checker=custom(FAIR)), HONEST, companions=Roles(checker=ScriptedSandbox(stopped)))
    assert report.verdict is Verdict.CANCELLED


def test_a_box_that_died_is_opened_again() -> None:
    dying = BoxScript(call=lambda call: answered(True), lives=3)
    sandbox = ScriptedSandbox(dying, dying, dying)
    report = grade(plan(checker=custom(FAIR)), HONEST, companions=Roles(checker=sandbox))
    assert report.verdict is Verdict.ACCEPTED
    assert sandbox.steps.count("open") == sandbox.steps.count("close") == 3
    assert {spec.isolation for spec in sandbox.specs} == {Isolation.TEST}


def test_the_checker_has_the_problems_runtime() -> None:
    sandbox = ScriptedSandbox(BoxScript(call=lambda call: answered(True)))
    checked = plan(checker=custom(FAIR), runtime="python3-science")
    candidates = ScriptedSandbox(BoxScript())
    assert grade(checked, HONEST, sandbox=candidates, companions=Roles(checker=sandbox)).verdict is Verdict.ACCEPTED
    assert {spec.runtime for spec in (*sandbox.specs, *candidates.specs)} == {"python3-science"}


def test_the_candidates_source_never_reaches_the_checkers_box() -> None:
    sandbox = ScriptedSandbox(BoxScript(call=lambda call: answered(True)))
    grade(plan(checker=custom(FAIR)), HONEST + "# canary\n", companions=Roles(checker=sandbox))
    assert all(b"canary" not in file.content for spec in sandbox.specs for file in spec.program.files)
    questions = [what for step, what in sandbox.journal if step == "call"]
    assert questions[0] == {"facts": ({"n": 1}, 2, 2)}


def test_the_file_is_part_of_the_plan() -> None:
    digests = {plan(checker=custom(source)).digest for source in (FAIR, FAIR + "\n")}
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "checker 'custom' needs the parameter 'file'"),
        ({"file": 3}, "checker 'custom': file: expected text, found 3"),
        ({"file": "a.py", "expected": "lost[int]"}, "checker 'custom': expected: expected one of bool"),
        ({"file": "a.py", "cpu_time": "61s"}, "checker 'custom': cpu_time: expected 1ms to 60s, found '61s'"),
        ({"file": "a.py", "cpu_time": "soon"}, "checker 'custom': cpu_time: expected a duration"),
        ({"file": "a.py", "memory": "1MiB"}, "checker 'custom': memory: expected 16MiB to 8GiB, found '1MiB'"),
    ],
)
def test_parameters_are_checked(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        build("custom", parameters)


def test_limits_and_the_type_of_the_expected_value() -> None:
    checker = Custom(file="a.py", cpu_time="2s", memory="64MiB", expected="dict[str, float]")
    assert (checker.limits().cpu_ns, checker.limits().wall_ns) == (2 * 10**9, 7 * 10**9)
    assert checker.limits().memory_bytes == 64 << 20
    assert str(checker.expected_type(signature(returns="int"))) == "dict[str, float]"
    assert str(Custom(file="a.py").expected_type(signature(returns="int"))) == "int"


def test_questions_too_deep_to_ask_are_a_fault_of_the_package() -> None:
    deep = "list[" * 63 + "int" + "]" * 63
    value: Any = 1
    for _ in range(63):
        value = [value]
    problem = plan(
        signature=signature(n="int", returns=deep),
        expected_type=parse_type(deep),
        checker=custom(FAIR),
        cases=(case("secret/a", value, n=1),),
        limits=LIMITS,
        load_limits=LIMITS,
    )
    report = grade(problem, "def double(n):\n    for _ in range(63):\n        n = [n]\n    return n\n")
    assert told(report) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert "cannot be asked" in report.message
    assert wire.decode(problem.cases[0].expected)
