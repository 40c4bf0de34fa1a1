"""Assertion tests in real boxes: the test program in one, the candidate in another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from judge.errors import SpecError
from judge.model.plan import TestPlan
from judge.model.report import Report
from judge.model.verdict import Reason, Verdict
from judge.spec.examined import examined_plan, problem_of
from judge.spec.humaneval import read_task
from tests.integration.author.conftest import Courtroom
from tests.unit.author.tasks import RAISING, SCALED, TYPED, task

pytestmark = pytest.mark.sandbox

EVIL = """
    class Evil({base}):
        def __eq__(self, other): return True
        def __ne__(self, other): return False
        __hash__ = None
    return Evil()
"""
FRAMES = """
    import sys
    frame = sys._getframe()
    while frame:
        frame.f_globals["check"] = frame.f_globals["judge_run"] = lambda *_: None
        frame = frame.f_back
    return None
"""
PATCHES = """
    return None
import builtins, sys
builtins.AssertionError = builtins.Exception = type("Quiet", (BaseException,), {})
builtins.all = builtins.any = lambda *_: True
def check(candidate): pass
sys.settrace(lambda *_: None)
for module in [*sys.modules.values()]:
    if getattr(module, "__name__", "").startswith("harness"):
        module.ENDED = module.ASSERTION = module.ERROR = "ended"
        module.note = lambda: None
"""
REJECTED = {
    "none": "    return None\n",
    "nothing": "    pass\n",
    "exits": "    import sys\n    sys.exit(0)\n",
    "leaves": "    import os\n    os._exit(0)\n",
    "leaves when loaded": "    return None\nimport os\nos._exit(0)\n",
    "exits when loaded": "    return None\nraise SystemExit(0)\n",
    "equal to everything": EVIL.format(base="object"),
    "a list equal to everything": EVIL.format(base="list"),
    "raises what assert raises": "    raise AssertionError\n",
    "patches": PATCHES,
    "looks up its frames": FRAMES,
    "forges an answer": "    import os\n    os.write(3, b'\\0\\0\\0\\1\\xc0')\n    return None\n",
    "right once": "    return [6, 9] if factor == 3 else None\n",
    "a tuple": "    return tuple(offset(value) * factor for value in values)\n",
}


def planned(courtroom: Courtroom, line: dict[str, Any]) -> TestPlan:
    return examined_plan(problem_of(read_task(line, "tasks.jsonl", 1)), courtroom.sandbox)


def graded(courtroom: Courtroom, line: dict[str, Any], completion: str, **changes: Any) -> Report:
    plan = replace(planned(courtroom, line), **changes)
    return courtroom.grade(plan, line["prompt"] + completion)


@pytest.mark.parametrize("line", [SCALED, TYPED, RAISING], ids=lambda line: str(line["task_id"]))
def test_its_own_solution_passes(courtroom: Courtroom, line: dict[str, Any]) -> None:
    report = graded(courtroom, line, line["canonical_solution"])
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert report.cases[0].evidence["assertions"] == {"Own/0": 6, "Own/1": 21, "Own/2": 2}[line["task_id"]]


def test_a_solution_of_another_way_passes_with_and_without_a_record(courtroom: Courtroom) -> None:
    other = "    values.reverse()\n    return sorted((v + 1) * factor for v in values)\n"  # its arguments are its own
    known = graded(courtroom, SCALED, other)
    bare = graded(courtroom, task(canonical_solution=None), other)
    assert [known.verdict, bare.verdict] == [Verdict.ACCEPTED] * 2, (known.message, bare.message)
    assert known.cases[0].calls == bare.cases[0].calls == 6
    assert bare.cases[0].evidence == {"assertions": 6, "oracle_calls": {"candidate": 6}}


@pytest.mark.parametrize("completion", REJECTED.values(), ids=REJECTED)
def test_nobody_talks_its_way_to_a_pass(courtroom: Courtroom, completion: str) -> None:
    report = graded(courtroom, SCALED, completion)
    assert report.verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR), report.message
    assert "secret word" not in str(report)


def test_what_was_wrong_is_told(courtroom: Courtroom) -> None:
    def told(line: dict[str, Any], completion: str) -> tuple[str, str]:
        report = graded(courtroom, line, completion)
        return f"{report.verdict}/{report.reason}", report.cases[0].message

    assert told(SCALED, "    return [6, 9]\n") == ("WRONG_ANSWER/wrong_value", "assertion 2 of the tests does not hold")
    assert told(RAISING, "    return 'x'\n")[0] == "WRONG_ANSWER/wrong_value"
    assert told(RAISING, "    return x ** 0.5\n") == (
        "WRONG_ANSWER/wrong_value",
        "assertion 2 of the tests does not hold",
    )
    kind, message = told(RAISING, "    raise KeyError('no')\n")
    assert (kind, message) == ("RUNTIME_ERROR/exception", "KeyError: 'no', line 3")
    adds = task(test="def check(candidate):\n    assert candidate([1], 2)[0] + 1 == 5\n")
    assert told(adds, "    return ['x']\n") == (
        "WRONG_ANSWER/wrong_type",
        "the tests cannot go on with the answer after assertion 0: TypeError",
    )


def test_all_calls_together_have_one_limit(courtroom: Courtroom) -> None:
    slow = "    import time\n    end = time.process_time() + 0.08\n    while time.process_time() < end: pass\n"
    limits = replace(planned(courtroom, SCALED).limits, cpu_ns=200_000_000)
    report = graded(courtroom, SCALED, slow + SCALED["canonical_solution"], limits=limits)
    assert (report.verdict, report.reason) == (Verdict.TIME_LIMIT_EXCEEDED, Reason.CPU_TIME)
    assert 2 <= report.cases[0].calls <= 3
    assert "200 ms" in report.message


CHAINED = task(
    test="def check(candidate):\n    x = candidate([1], 2)\n    y = candidate(x, 1)\n"
    "    assert y == [offset(v) for v in x]\n"
    "    assert candidate(y, 1) == [offset(v) for v in y]\n"
)
COUNTING = "    global calls\n    calls += 1\n    {body}\ncalls = 0\n"


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("return [offset(v) * factor for v in values] if calls < 4 else None", Verdict.ACCEPTED),
        ("return [offset(v) * factor + 0.0 for v in values] if calls < 4 else None", Verdict.ACCEPTED),
        ("return [7] if calls == 1 else [offset(v) for v in values] if calls < 4 else 1 / 0", Verdict.ACCEPTED),
        ("return [7] if calls < 3 else [8]", Verdict.WRONG_ANSWER),
    ],
    ids=["same", "other type", "other value", "wrong"],
)
def test_tests_whose_questions_depend_on_the_answers_ask_a_fresh_process(
    courtroom: Courtroom, body: str, verdict: Verdict
) -> None:
    report = graded(courtroom, CHAINED, COUNTING.format(body=body))
    assert report.verdict is verdict, report.message


def test_an_end_counts_only_when_the_tests_come_to_it(courtroom: Courtroom) -> None:
    def told(completion: str) -> str:
        report = graded(courtroom, SCALED, completion)
        return f"{report.verdict}/{report.reason}"

    right = SCALED["canonical_solution"]
    assert told(f"    if factor == 1:\n        import os\n        os._exit(3)\n{right}") == "RUNTIME_ERROR/exit_status"
    assert told(f"    if factor == 1:\n        raise KeyError\n{right}") == "RUNTIME_ERROR/exception"
    assert told(f"    if factor == 1:\n        return print\n{right}") == "WRONG_ANSWER/wrong_type"
    for end in ("import os\n        os._exit(3)", "raise KeyError", "return print", "while True: pass"):
        assert told(f"    if factor == 1:\n        {end}\n    return [6, 9]\n") == "WRONG_ANSWER/wrong_value", end


def test_only_calls_that_the_tests_ask_for_are_counted(courtroom: Courtroom) -> None:
    """Whether the first part of tests with two was passed is told by their number."""
    report = graded(courtroom, SCALED, "    return [6, 9]\n")
    assert report.cases[0].calls == report.cases[0].evidence["oracle_calls"]["candidate"] == 2
    raising = graded(courtroom, RAISING, "    return [2, 3][x != 4]\n")
    assert (raising.verdict, raising.cases[0].calls) == (Verdict.WRONG_ANSWER, 2)


def test_slow_answers_are_waited_for(courtroom: Courtroom) -> None:
    slow = "    import time\n    end = time.process_time() + 0.12\n    while time.process_time() < end: pass\n"
    report = graded(courtroom, SCALED, slow + SCALED["canonical_solution"])
    assert report.verdict is Verdict.ACCEPTED, report.message
    assert report.cases[0].calls == 6
    assert report.cases[0].cpu_ns > 600_000_000


WHILE = (
    "def check(candidate):\n    value = candidate([1], 2)\n    while value != [4]:\n        pass\n    assert value\n"
)


def test_a_test_program_that_an_answer_keeps_busy_is_the_candidates(courtroom: Courtroom) -> None:
    plan = planned(courtroom, task(test=WHILE))
    assert plan.examiner is not None
    short = replace(plan.examiner, limits=replace(plan.examiner.limits, cpu_ns=200_000_000))
    report = graded(courtroom, task(test=WHILE), "    return None\n", examiner=short)
    assert (report.verdict, report.reason) == (Verdict.TIME_LIMIT_EXCEEDED, Reason.CPU_TIME), report.message
    unknown = graded(
        courtroom, task(test=WHILE), "    return None\n", examiner=replace(short, rehearsed=False), cases=cases(plan)
    )
    assert (unknown.verdict, unknown.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER)
    assert "Own/0" in unknown.message


def cases(plan: TestPlan) -> Any:
    """Its cases without what a rehearsal told."""
    from judge.harness import wire

    return tuple(replace(case, expected=wire.encode((0, None))) for case in plan.cases)


@pytest.mark.parametrize(
    "tests",
    [
        "def check(candidate):\n    raise RuntimeError('ours')\n",
        "def check(candidate):\n    import os\n    os._exit(0)\n",
        "def check(candidate):\n    assert 1 == 2\n",
        "def check(candidate):\n    candidate(lambda: 0, 1)\n    assert True\n",
        "def check(candidate):\n    pass\n",
        "def check(candidate):\n    assert True\n",
        "def check(candidate):\n    assert candidate([1], 2) == [5]\n",
        "1 / 0\ndef check(candidate):\n    assert candidate([1], 2) == [4]\n",
    ],
)
def test_tests_that_fail_by_themselves_are_nobodys_wrong_answer(courtroom: Courtroom, tests: str) -> None:
    line = task(test=tests)
    with pytest.raises(SpecError, match=r"tasks\.jsonl:1: task 'Own/0': ") as caught:
        planned(courtroom, line)
    assert "ours" not in str(caught.value)
    if "[5]" in tests:
        return  # without a solution of its own it cannot be known that these are wrong
    report = graded(courtroom, task(test=tests, canonical_solution=None), str(SCALED["canonical_solution"]))
    assert (report.verdict, report.reason) == (Verdict.JUDGE_ERROR, Reason.CHECKER), report.message
    assert "Own/0" in report.message


def test_a_record_is_kept_only_of_tests_that_ask_the_same_again(courtroom: Courtroom) -> None:
    moody = task(
        test="import random\n\n\ndef check(candidate):\n    x = random.SystemRandom().getrandbits(60)\n"
        "    assert candidate([x], 1) == [x + 1]\n"
    )
    plan = planned(courtroom, moody)
    assert plan.expected_of(plan.cases[0]) == (1, None)
    assert planned(courtroom, SCALED).expected_of(planned(courtroom, SCALED).cases[0])[1] is not None
    assert graded(courtroom, moody, SCALED["canonical_solution"]).verdict is Verdict.ACCEPTED
    assert graded(courtroom, moody, "    return [2]\n").verdict is Verdict.WRONG_ANSWER


def test_a_task_compiles_to_the_same_plan_again(courtroom: Courtroom) -> None:
    assert planned(courtroom, SCALED).digest == planned(courtroom, SCALED).digest
