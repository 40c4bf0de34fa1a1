"""Every rule from facts to a verdict, and which of two rules comes first."""

from __future__ import annotations

import signal
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.grading.classify import Failure, classify
from judge.model.run import Audit, Captured, Frame, Killer, Limits, Raised, RunOutcome, Stage
from judge.model.verdict import Reason, Verdict
from tests.unit.grading.scripted import LIMITS, LOADED, answered

FRAME = Frame(file="solution.py", line=7, function="f", source="return 1 / 0")
ERROR = Raised(type_name="ZeroDivisionError", message="division by zero", frames=(FRAME,))
NO_MEMORY = Raised(type_name="MemoryError", message="")
PRINTED = Captured(data=b"x", total_bytes=600)

TIME = Verdict.TIME_LIMIT_EXCEEDED
MEMORY = Verdict.MEMORY_LIMIT_EXCEEDED
OUTPUT = Verdict.OUTPUT_LIMIT_EXCEEDED
ERRORS = Verdict.RUNTIME_ERROR
Row = tuple[dict[str, Any], Verdict, Reason, str]

# Facts of a call, in the order in which they decide: those of a row come before those of every row below it.
TABLE: list[Row] = [
    ({"killer": Killer.CANCELLED}, Verdict.CANCELLED, Reason.CLIENT_CANCELLED, "cancelled"),
    ({"killer": Killer.DEADLINE}, Verdict.CANCELLED, Reason.DEADLINE, "the deadline of the request passed"),
    ({"killer": Killer.FAULT, "oracle_stop": "x.py:3"}, Verdict.JUDGE_ERROR, Reason.ORACLE, "be answered: x.py:3"),
    ({"signal": signal.SIGSYS}, Verdict.SECURITY_VIOLATION, Reason.FORBIDDEN_SYSCALL, "that no solution needs"),
    ({"oom_kills": 1}, MEMORY, Reason.OUT_OF_MEMORY, "it used more memory than 64 MiB"),
    ({"killer": Killer.MEMORY}, MEMORY, Reason.OUT_OF_MEMORY, "it used more memory than 64 MiB"),
    ({"cpu_ns": 10**9 + 1}, TIME, Reason.CPU_TIME, "it needed more than 1 s of CPU time"),
    ({"killer": Killer.CPU}, TIME, Reason.CPU_TIME, "it needed more than 1 s of CPU time"),
    ({"killer": Killer.WALL, "cpu_ns": 4 * 10**8}, TIME, Reason.WALL_TIME, "it was not done after 4 s"),
    ({"killer": Killer.WALL, "cpu_ns": 4 * 10**8 - 1}, TIME, Reason.IDLE, "4 s, of which it computed 400 ms"),
    ({"stdout": PRINTED, "stderr": PRINTED}, OUTPUT, Reason.OUTPUT_SIZE, "it printed more than 1000 B"),
    ({"killer": Killer.OUTPUT}, OUTPUT, Reason.OUTPUT_SIZE, "it printed more than 1000 B"),
    ({"killer": Killer.ANSWER}, OUTPUT, Reason.ANSWER_SIZE, "more than can be taken: 9.766 KiB"),
    ({"too_large": "70 levels"}, OUTPUT, Reason.ANSWER_SIZE, "more than can be taken: 70 levels"),
    ({"killer": Killer.BUDGET, "oracle_stop": "6 times"}, Verdict.WRONG_ANSWER, Reason.BUDGET_EXCEEDED, "6 times"),
    ({"entry_point_missing": "no function 'f'"}, Verdict.COMPILE_ERROR, Reason.ENTRY_POINT, "no function 'f'"),
    ({"raised": NO_MEMORY}, MEMORY, Reason.ALLOCATION_REFUSED, "it may use 64 MiB"),
    ({"raised": ERROR}, ERRORS, Reason.EXCEPTION, "ZeroDivisionError: division by zero, line 7"),
    ({"raised": replace(ERROR, frames=())}, ERRORS, Reason.EXCEPTION, "ZeroDivisionError: division by zero"),
    ({"protocol_error": "too much"}, ERRORS, Reason.PROTOCOL, "it wrote to the judge's own channel: too much"),
    ({"killer": Killer.PROTOCOL}, ERRORS, Reason.PROTOCOL, "it wrote to the judge's own channel"),
    ({"signal": signal.SIGSEGV}, ERRORS, Reason.SIGNAL, "it was ended by SIGSEGV"),
    ({"signal": 99}, ERRORS, Reason.SIGNAL, "it was ended by signal 99"),
    ({"unencodable": "a set"}, Verdict.WRONG_ANSWER, Reason.WRONG_TYPE, "a set"),
    ({"exit_code": 3}, ERRORS, Reason.EXIT_STATUS, "it ended with exit status 3"),
    ({"exit_code": 0, "answer": None}, ERRORS, Reason.NO_ANSWER, "it ended without an answer"),
]
NAMES = [" ".join(f"{key}={str(value)[:20]}" for key, value in row[0].items()) for row in TABLE]


def judged(facts: dict[str, Any], stage: Stage = Stage.CALL, limits: Limits = LIMITS) -> Failure | None:
    return classify(replace(answered(5), stage=stage, **facts), limits)


@pytest.mark.parametrize("row", TABLE, ids=NAMES)
def test_each_fact_has_its_verdict_reason_and_words(row: Row) -> None:
    facts, verdict, reason, words = row
    failure = judged(facts)
    assert failure is not None
    assert (failure.verdict, failure.reason) == (verdict, reason)
    assert words in failure.message


PAIRS = [
    (first, second)
    for first, second in combinations(TABLE, 2)
    if not set(first[0]) & set(second[0]) and (first[0] | second[0]).get("killer") is not Killer.WALL
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_two_facts_the_one_further_up_decides(first: Row, second: Row) -> None:
    failure = judged(second[0] | first[0])
    assert failure is not None
    assert (failure.verdict, failure.reason) == first[1:3]


def test_every_reason_of_a_run_is_in_the_table() -> None:
    reasons = {row[2] for row in TABLE}
    checkers = {
        reason for reason in Reason if reason.value.startswith(("wrong", "not_", "dependent", "input", "global"))
    }
    elsewhere = checkers | {
        Reason.RIGHT_REJECTED,
        Reason.MUTANT_SURVIVES,
        Reason.COMPLEXITY_EXCEEDED,
        Reason.SYNTAX,
        Reason.SOURCE_SIZE,
        Reason.COMPILE_TIME,
        Reason.EARLIER_FAILURE,
        Reason.INFRASTRUCTURE,
        Reason.CHECKER,
    }
    assert reasons | elsewhere == set(Reason)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"exit_code": 0},
        {"cpu_ns": 10**9},
        {"stdout": replace(PRINTED, total_bytes=1000)},
        {"wall_ns": 10**12},
        {"memory_peak_bytes": 1 << 40},
        {"audit": Audit(input_mutated=True, global_random_changed=True)},
    ],
)
def test_an_answer_within_the_limits_is_no_failure(facts: dict[str, Any]) -> None:
    assert judged(facts) is None


def test_a_loaded_module_is_no_failure() -> None:
    assert classify(LOADED, LIMITS) is None


@pytest.mark.parametrize("killer", Killer)
@given(st.fixed_dictionaries({}, optional={"answer": st.just(b"\x05"), "exit_code": st.just(0), "cpu_ns": st.just(5)}))
def test_a_run_that_was_killed_has_failed_whatever_it_answered(killer: Killer, facts: dict[str, Any]) -> None:
    for stage in Stage:
        failure = classify(RunOutcome(stage=stage, killer=killer, loaded=stage is Stage.LOAD, **facts), LIMITS)
        assert failure is not None
        assert failure.verdict is not Verdict.ACCEPTED


# --- compiling and loading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", TABLE[2:], ids=NAMES[2:])
def test_before_the_source_is_code_everything_is_a_compile_error(row: Row) -> None:
    facts, verdict, reason, words = row
    failure = judged(facts, Stage.COMPILE)
    assert failure is not None
    parsers = (Reason.EXCEPTION, Reason.ALLOCATION_REFUSED)  # a MemoryError is the parser's own limit
    expected = Reason.COMPILE_TIME if verdict is TIME else Reason.SYNTAX if reason in parsers else reason
    assert (failure.verdict, failure.reason) == (Verdict.COMPILE_ERROR, expected)
    assert words in failure.message


@pytest.mark.parametrize("row", TABLE[:2], ids=NAMES[:2])
def test_a_compilation_that_is_cancelled_is_cancelled(row: Row) -> None:
    failure = judged(row[0], Stage.COMPILE)
    assert failure is not None
    assert (failure.verdict, failure.reason) == row[1:3]


@pytest.mark.parametrize("row", TABLE, ids=NAMES)
def test_while_the_module_runs_a_failure_is_what_it_is(row: Row) -> None:
    assert judged(row[0], Stage.LOAD) == judged(row[0], Stage.CALL)
