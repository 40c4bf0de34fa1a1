"""One submission from source to report, over boxes that follow a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from judge.errors import InfrastructureError, SlotFault, SubmissionError
from judge.grading.interrupts import Uninterrupted
from judge.model.plan import CheckerSpec
from judge.model.program import SourceFile
from judge.model.report import Report
from judge.model.run import Captured, Frame, Isolation, Killer, Raised, RunOutcome, Stage
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason, Verdict
from judge.ports import Call
from tests.unit.grading.conftest import Bench
from tests.unit.grading.scripted import (
    LIMITS,
    LOAD_LIMITS,
    BoxScript,
    ScriptedSandbox,
    answered,
    case,
    failed,
    plan,
    program,
    returns,
    signature,
)

SKIPPED = (Verdict.SKIPPED, Reason.EARLIER_FAILURE)
FRAME = Frame(file="solution.py", line=3, function="<module>", source="import nothing")


def verdicts(report: Report) -> list[str]:
    return [case.verdict.value for case in report.cases]


def replies(*outcomes: RunOutcome) -> Callable[[Call], RunOutcome]:
    """Replies with one outcome after the other."""
    left = list(outcomes)
    return lambda _call: left.pop(0)


def wrong_from(limit: int) -> BoxScript:
    """Doubles numbers below ``limit`` only."""
    return BoxScript(call=returns(lambda n: 2 * n if n < limit else 2 * n + 1))


# --- accepted -----------------------------------------------------------------------------------------------------


def test_a_correct_submission_is_accepted_after_every_test_in_one_box(bench: Bench) -> None:
    sandbox = ScriptedSandbox(BoxScript())
    report = bench.grade(sandbox)
    assert (report.verdict, report.reason, report.score) == (Verdict.ACCEPTED, None, Fraction(1))
    assert report.message == "all 7 tests passed"
    assert [case.name for case in report.cases] == [case.name for case in plan().cases]
    assert set(verdicts(report)) == {"ACCEPTED"}
    assert sandbox.steps == ["open", "load", *["call"] * 7, "close"]


def test_the_samples_are_asked_first_and_the_others_in_an_order_of_the_programs_own(
    benches: Callable[[], Bench],
) -> None:
    orders = []
    for source in (b"a", b"b", b"c", b"a"):
        sandbox = ScriptedSandbox(BoxScript())
        benches().grade(sandbox, submitted=program(source))
        orders.append([what["n"] for step, what in sandbox.journal if step == "call"])
    assert all(order[:2] == [1, 2] and sorted(order[2:]) == list(range(1000, 1005)) for order in orders)
    assert orders[0] == orders[3]
    assert len(set(map(tuple, orders))) > 1


def test_a_box_is_opened_for_what_the_plan_says(bench: Bench) -> None:
    sandbox = ScriptedSandbox(BoxScript())
    report = bench.grade(sandbox, plan(isolation=Isolation.SUBMISSION, runtime="python3-science"))
    (spec,) = sandbox.specs
    assert (spec.runtime, report.toolchain) == ("python3-science", "Script 1.0 in python3-science")
    assert (spec.program, spec.entry_point, spec.isolation) == (program(), "double", Isolation.SUBMISSION)
    assert (spec.load_limits, spec.hash_seed, spec.interrupt) == (LOAD_LIMITS, 0, bench.interrupt)


def test_a_programs_own_entry_point_comes_before_the_problems(bench: Bench) -> None:
    sandbox = ScriptedSandbox(BoxScript())
    bench.grade(sandbox, submitted=program(entry_point="twice"))
    assert sandbox.specs[0].entry_point == "twice"


def test_a_report_tells_the_facts(bench: Bench) -> None:
    outcomes = [answered(2 * n, cpu_ns=n, wall_ns=2 * n, memory_peak_bytes=3 * n) for n in (1, 5, 3)]
    problem = plan(cases=tuple(case(f"sample/{n}", 2 * n, n=n) for n in (1, 5, 3)))
    report = bench.grade(ScriptedSandbox(BoxScript(call=replies(*outcomes))), problem)
    assert (report.submission_id, report.problem, report.language) == ("s-1", "double", "python3")
    assert (report.path, report.slot, report.toolchain) == ("scripted", 7, "Script 1.0")
    assert (report.cpu_ns, report.total_cpu_ns, report.memory_peak_bytes) == (5, 20_000_009, 15)
    assert (report.plan_digest, report.program_digest) == (problem.digest, program().digest)
    assert [(each.cpu_ns, each.wall_ns, each.memory_peak_bytes, each.calls) for each in report.cases] == [
        (1, 2, 3, 1),
        (5, 10, 15, 1),
        (3, 6, 9, 1),
    ]


def test_phases_follow_each_other(bench: Bench) -> None:
    report = bench.grade(ScriptedSandbox(BoxScript()))
    assert [phase.name for phase in report.phases] == ["compile", "test"]
    times = [time for phase in report.phases for time in (phase.start_unix_ns, phase.end_unix_ns)]
    assert times == sorted(times)
    assert len(set(times)) == 4


def test_a_plan_without_tests_is_accepted_when_it_loads(bench: Bench) -> None:
    report = bench.grade(ScriptedSandbox(BoxScript()), plan(cases=()))
    assert (report.verdict, report.message, report.cpu_ns) == (Verdict.ACCEPTED, "all 0 tests passed", 0)


# --- events -------------------------------------------------------------------------------------------------------


def test_events_come_in_order_with_counts_and_positions(bench: Bench) -> None:
    report = bench.grade(ScriptedSandbox(BoxScript()))
    assert bench.kinds == ["compiling", "compiled", *["test_started", "test_finished"] * 7, "finished"]
    assert {event.case_count for event in bench.events} == {7}
    started = [event for event in bench.events if event.kind.value == "test_started"]
    finished = [event for event in bench.events if event.kind.value == "test_finished"]
    assert [event.case_index for event in started] == [event.case_index for event in finished]
    assert sorted(event.case_index for event in started) == list(range(7))
    for event in finished:
        assert event.case == report.cases[event.case_index]
        assert event.case_name == report.cases[event.case_index].name
    assert bench.events[-1].report is report
    assert [event.unix_ns for event in bench.events] == sorted(event.unix_ns for event in bench.events)


def test_metrics_are_told(bench: Bench) -> None:
    bench.grade(ScriptedSandbox(wrong_from(2)))
    assert bench.observer.labels_of("judge_grades_total") == [{"verdict": "WRONG_ANSWER", "language": "python3"}]
    assert bench.observer.labels_of("judge_tests_total") == [{"verdict": "ACCEPTED"}, {"verdict": "WRONG_ANSWER"}]
    assert bench.observer.labels_of("judge_stage_seconds") == [{"stage": "compile"}, {"stage": "test"}]
    assert bench.observer.labels_of("judge_sandbox_overhead_seconds") == [{"path": "scripted"}]


# --- failures -----------------------------------------------------------------------------------------------------


def test_the_first_failure_skips_the_rest(bench: Bench) -> None:
    sandbox = ScriptedSandbox(wrong_from(2))
    report = bench.grade(sandbox)
    assert (report.verdict, report.reason, report.score) == (Verdict.WRONG_ANSWER, Reason.WRONG_VALUE, Fraction(0))
    assert report.message.startswith("sample/2: answer is 5")
    assert verdicts(report) == ["ACCEPTED", "WRONG_ANSWER", *["SKIPPED"] * 5]
    assert [case.score for case in report.cases] == [1, *[0] * 6]
    assert {(case.verdict, case.reason) for case in report.cases[2:]} == {SKIPPED}
    assert {(case.calls, case.cpu_ns, case.message) for case in report.cases[2:]} == {(0, 0, "")}
    assert sandbox.steps == ["open", "load", "call", "call", "close"]
    assert bench.kinds.count("test_started") == 2
    assert bench.kinds[-1] == "finished"


@pytest.mark.parametrize(
    ("outcome", "verdict", "reason"),
    [
        (failed(killer=Killer.CPU, cpu_ns=2 * 10**9), Verdict.TIME_LIMIT_EXCEEDED, Reason.CPU_TIME),
        (failed(killer=Killer.WALL, wall_ns=5 * 10**9), Verdict.TIME_LIMIT_EXCEEDED, Reason.IDLE),
        (failed(oom_kills=1, signal=9), Verdict.MEMORY_LIMIT_EXCEEDED, Reason.OUT_OF_MEMORY),
        (failed(signal=31), Verdict.SECURITY_VIOLATION, Reason.FORBIDDEN_SYSCALL),
        (failed(exit_code=0), Verdict.RUNTIME_ERROR, Reason.NO_ANSWER),
        (failed(killer=Killer.PROTOCOL, protocol_error="x"), Verdict.RUNTIME_ERROR, Reason.PROTOCOL),
        (answered("4"), Verdict.WRONG_ANSWER, Reason.WRONG_TYPE),
        (replace(answered(2), exit_code=1), Verdict.RUNTIME_ERROR, Reason.EXIT_STATUS),
    ],
)
def test_a_failure_of_a_call_is_the_verdict(bench: Bench, outcome: Any, verdict: Verdict, reason: Reason) -> None:
    report = bench.grade(ScriptedSandbox(BoxScript(call=replies(outcome))))
    assert (report.verdict, report.reason) == (verdict, reason)
    assert report.message == f"sample/1: {report.cases[0].message}"
    assert (report.cases[0].verdict, report.cases[0].reason) == (verdict, reason)
    assert (report.cases[0].exit_code, report.cases[0].signal) == (outcome.exit_code, outcome.signal)
    assert {(case.verdict, case.reason) for case in report.cases[1:]} == {SKIPPED}


def test_how_far_a_limit_was_overshot_is_told(bench: Bench) -> None:
    bench.grade(ScriptedSandbox(BoxScript(call=replies(failed(killer=Killer.CPU, cpu_ns=1_250_000_000)))))
    bench.grade(ScriptedSandbox(BoxScript(call=replies(failed(killer=Killer.WALL, wall_ns=4_500_000_000)))))
    told = [each for each in bench.observer.told if each[0] == "judge_kill_overshoot_seconds"]
    assert [(labels["kind"], value) for _, labels, value in told] == [("cpu", 0.25), ("wall", 0.5)]


def test_a_report_shows_the_traceback_and_what_was_printed(bench: Bench) -> None:
    raised = Raised(type_name="ValueError", message="no", frames=(replace(FRAME, function="double"),))
    printed = Captured(data=b"debug", total_bytes=5)
    outcome = failed(raised=raised, stdout=printed, stderr=Captured(data=b"warn", total_bytes=4))
    case = bench.grade(ScriptedSandbox(BoxScript(call=replies(outcome)))).cases[0]
    assert case.traceback == raised.frames
    assert (case.stdout, case.stderr.data) == (printed, b"warn")
    assert case.message == "ValueError: no, line 3"


def test_a_box_that_ended_after_its_last_answer_answers_nothing_more(bench: Bench) -> None:
    sandbox = ScriptedSandbox(BoxScript(lives=2))
    report = bench.grade(sandbox)
    assert (report.verdict, report.reason) == (Verdict.RUNTIME_ERROR, Reason.NO_ANSWER)
    assert sorted(verdicts(report)) == sorted(["ACCEPTED"] * 2 + ["RUNTIME_ERROR"] + ["SKIPPED"] * 4)
    assert sandbox.steps.count("call") == 2


# --- every test -----------------------------------------------------------------------------------------------------


def test_a_thorough_grading_runs_every_test_and_has_the_verdict_of_any_other(bench: Bench) -> None:
    report = bench.grade(ScriptedSandbox(wrong_from(2)), thorough=True)
    assert verdicts(report) == ["ACCEPTED", *["WRONG_ANSWER"] * 6]
    assert (report.verdict, report.message) == (
        Verdict.WRONG_ANSWER,
        bench.grade(ScriptedSandbox(wrong_from(2))).message,
    )


def test_a_thorough_grading_goes_on_in_another_box_when_a_test_has_ended_one(bench: Bench) -> None:
    killed = BoxScript(call=replies(failed(killer=Killer.CPU, cpu_ns=2 * 10**9)))
    sandbox = ScriptedSandbox(killed, BoxScript())
    report = bench.grade(sandbox, thorough=True)
    assert verdicts(report) == ["TIME_LIMIT_EXCEEDED", *["ACCEPTED"] * 6]
    assert sandbox.steps == ["open", "load", "call", "close", "open", "load", *["call"] * 6, "close"]
    assert report.verdict is Verdict.TIME_LIMIT_EXCEEDED


@pytest.mark.parametrize("patience", [1, 2, 3])
def test_patience_with_tests_that_run_out_of_time_ends(bench: Bench, patience: int) -> None:
    slow = BoxScript(call=returns(lambda n: 2 * n if n < 1000 else failed(killer=Killer.CPU, cpu_ns=10**9)))
    report = bench.grade(ScriptedSandbox(*[slow] * patience), thorough=True, patience=patience)
    assert verdicts(report).count(Verdict.TIME_LIMIT_EXCEEDED) == patience
    assert verdicts(report).count(Verdict.SKIPPED) == 5 - patience


def test_nothing_is_run_after_a_fault_however_thorough(bench: Bench) -> None:
    stopped = BoxScript(call=replies(failed(killer=Killer.CANCELLED)))
    report = bench.grade(ScriptedSandbox(stopped), thorough=True)
    assert verdicts(report) == ["CANCELLED", *["SKIPPED"] * 6]


def test_a_thorough_grading_has_a_digest_of_its_own(benches: Callable[[], Bench]) -> None:
    digests = {benches().grade(ScriptedSandbox(BoxScript()), thorough=thorough).grading_digest for thorough in (0, 1)}
    assert len(digests) == 2


# --- samples and secrets ------------------------------------------------------------------------------------------


def test_a_failed_sample_shows_what_was_expected(bench: Bench) -> None:
    report = bench.grade(ScriptedSandbox(wrong_from(1)))
    assert report.cases[0].message.endswith("; expected 2, found 3")


def test_a_failed_sample_shows_the_optimum_where_that_is_what_is_expected(bench: Bench) -> None:
    edges = [(0, 1, 1), (1, 2, 1), (0, 2, 5)]
    problem = plan(
        signature=signature(e="list[tuple[int, int, int]]", s="int", t="int", returns="list[int]"),
        expected_type=parse_type("Optional[int]"),
        checker=CheckerSpec(name="path", parameters={"edges": "e", "source": "s", "target": "t"}),
        cases=(case("sample/1", 2, e=edges, s=0, t=2), case("secret/1", 2, e=edges, s=0, t=2)),
    )
    sample = bench.grade(ScriptedSandbox(BoxScript(call=replies(answered([0, 2])))), problem).cases[0]
    assert sample.message.endswith("is 5, which is not the least possible; expected 2, found [0, 2]")
    secret = replace(problem, cases=problem.cases[1:])
    (hidden,) = bench.grade(ScriptedSandbox(BoxScript(call=replies(answered([0, 2])))), secret).cases
    assert hidden.message.endswith("is 5, which is not the least possible")


def test_a_failed_secret_test_does_not(bench: Bench) -> None:
    report = bench.grade(ScriptedSandbox(wrong_from(1000)))
    (case,) = [case for case in report.cases if case.verdict is Verdict.WRONG_ANSWER]
    position = report.cases.index(case)
    assert not case.sample
    assert str(2 * (position - 2 + 1000)) not in case.message + report.message
    assert "expected 2" not in case.message


# --- compiling ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "verdict", "reason"),
    [
        (Stage.COMPILE, Verdict.COMPILE_ERROR, Reason.SYNTAX),
        (Stage.LOAD, Verdict.RUNTIME_ERROR, Reason.EXCEPTION),
    ],
)
def test_what_does_not_load_is_not_called(bench: Bench, stage: Stage, verdict: Verdict, reason: Reason) -> None:
    raised = Raised(type_name="ImportError", message="no module", frames=(FRAME,))
    printed = Captured(data=b"printed \xff", total_bytes=9)
    sandbox = ScriptedSandbox(BoxScript(load=RunOutcome(stage=stage, raised=raised, cpu_ns=5, stderr=printed)))
    report = bench.grade(sandbox)
    assert (report.verdict, report.reason, report.score) == (verdict, reason, 0)
    assert report.message == "ImportError: no module, line 3"
    assert report.compile_output.splitlines() == [
        'File "solution.py", line 3, in <module>',
        "    import nothing",
        "ImportError: no module, line 3",
        "printed \ufffd",
    ]
    assert {(case.verdict, case.reason) for case in report.cases} == {SKIPPED}
    assert report.total_cpu_ns == 5
    assert sandbox.steps == ["open", "load", "close"]
    assert bench.kinds == ["compiling", "finished"]


def test_a_missing_entry_point_is_a_compile_error(bench: Bench) -> None:
    load = RunOutcome(stage=Stage.LOAD, entry_point_missing="solution.py must define a function 'double'")
    report = bench.grade(ScriptedSandbox(BoxScript(load=load)))
    assert (report.verdict, report.reason) == (Verdict.COMPILE_ERROR, Reason.ENTRY_POINT)
    assert report.message == "solution.py must define a function 'double'"


def test_loading_has_limits_of_its_own(bench: Bench) -> None:
    slow = RunOutcome(stage=Stage.LOAD, loaded=True, cpu_ns=LIMITS.cpu_ns + 1)
    assert bench.grade(ScriptedSandbox(BoxScript(load=slow))).verdict is Verdict.ACCEPTED
    slower = replace(slow, cpu_ns=LOAD_LIMITS.cpu_ns + 1)
    assert bench.grade(ScriptedSandbox(BoxScript(load=slower))).verdict is Verdict.TIME_LIMIT_EXCEEDED


def test_more_directories_than_a_box_has_room_for_never_open_one(bench: Bench) -> None:
    sandbox = ScriptedSandbox()
    own = program()
    deep = [SourceFile(path=f"{number}/{'a/' * 99}b.py", content=b"") for number in range(30)]
    report = bench.grade(sandbox, submitted=replace(own, files=(*own.files, *deep)))
    assert (report.verdict, report.reason) == (Verdict.COMPILE_ERROR, Reason.SOURCE_SIZE)
    assert report.message == "the source has 3031 files and directories; at most 2048 are taken"
    assert sandbox.journal == []


def test_a_source_that_is_too_large_never_opens_a_box(bench: Bench) -> None:
    sandbox = ScriptedSandbox()
    report = bench.grade(sandbox, submitted=program(b"#" * 1001))
    assert (report.verdict, report.reason) == (Verdict.COMPILE_ERROR, Reason.SOURCE_SIZE)
    assert report.message == "the source has 1001 B; at most 1000 B are taken"
    assert sandbox.journal == []
    assert bench.kinds == ["compiling", "finished"]
    assert {(case.verdict, case.reason) for case in report.cases} == {SKIPPED}


def test_a_source_of_just_the_allowed_size_is_graded(bench: Bench) -> None:
    assert bench.grade(ScriptedSandbox(BoxScript()), submitted=program(b"#" * 1000)).verdict is Verdict.ACCEPTED


# --- requests that cannot be graded -------------------------------------------------------------------------------


def test_a_language_that_the_problem_does_not_take_is_refused(bench: Bench) -> None:
    sandbox = ScriptedSandbox()
    with pytest.raises(SubmissionError) as caught:
        bench.grade(sandbox, submitted=program(language="cobol"))
    assert caught.value.field == "program.language"
    assert str(caught.value) == "program.language: problem 'double' takes python3, found 'cobol'"
    assert (sandbox.journal, bench.events) == ([], [])


def test_a_language_that_the_sandbox_does_not_have_is_refused(bench: Bench) -> None:
    with pytest.raises(SubmissionError, match="expected python3, found 'cobol'"):
        bench.grade(ScriptedSandbox(), plan(languages=("cobol",)), program(language="cobol"))


def test_a_checker_that_does_not_exist_is_refused_before_a_box_is_opened(bench: Bench) -> None:
    sandbox = ScriptedSandbox()
    with pytest.raises(ValueError, match="unknown checker 'close'"):
        bench.grade(sandbox, plan(checker=CheckerSpec(name="close", parameters={})))
    assert sandbox.journal == []


# --- faults of ours -----------------------------------------------------------------------------------------------


def fault(_call: Call) -> RunOutcome:
    raise SlotFault("the slot is in doubt")


@pytest.mark.parametrize("first", [SlotFault("no jail"), BoxScript(call=fault)])
def test_a_grading_that_meets_a_fault_is_repeated_as_a_whole(bench: Bench, first: Any) -> None:
    sandbox = ScriptedSandbox(first, BoxScript())
    report = bench.grade(sandbox)
    assert report.verdict is Verdict.ACCEPTED
    assert [case.calls for case in report.cases] == [1] * 7
    assert [phase.name for phase in report.phases] == ["compile", "test"]
    assert sandbox.steps[-10:] == ["open", "load", *["call"] * 7, "close"]
    assert bench.kinds.count("finished") == 1
    assert bench.observer.labels_of("judge_slot_rebuilds_total") == []  # the sandbox tells of it
    assert bench.observer.labels_of("judge_grades_total") == [{"verdict": "ACCEPTED", "language": "python3"}]


def test_a_second_fault_is_raised_and_no_verdict(bench: Bench) -> None:
    sandbox = ScriptedSandbox(SlotFault("no jail"), BoxScript(call=fault), BoxScript())
    with pytest.raises(SlotFault, match="the slot is in doubt"):
        bench.grade(sandbox)
    assert len(sandbox.specs) == 2
    assert "finished" not in bench.kinds
    assert bench.observer.labels_of("judge_grades_total") == []


def test_another_fault_of_ours_is_not_repeated(bench: Bench) -> None:
    sandbox = ScriptedSandbox(InfrastructureError("no cgroup"), BoxScript())
    with pytest.raises(InfrastructureError, match="no cgroup"):
        bench.grade(sandbox)
    assert len(sandbox.specs) == 1


# --- cancellation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("killer", "reason"), [(Killer.CANCELLED, Reason.CLIENT_CANCELLED), (Killer.DEADLINE, Reason.DEADLINE)]
)
def test_a_grading_that_is_stopped_is_cancelled(bench: Bench, killer: Killer, reason: Reason) -> None:
    while_calling = BoxScript(call=replies(answered(2), failed(killer=killer)))
    report = bench.grade(ScriptedSandbox(while_calling))
    assert (report.verdict, report.reason, report.score) == (Verdict.CANCELLED, reason, 0)
    assert verdicts(report) == ["ACCEPTED", "CANCELLED", *["SKIPPED"] * 5]
    while_loading = BoxScript(load=RunOutcome(stage=Stage.COMPILE, killer=killer))
    report = bench.grade(ScriptedSandbox(while_loading))
    assert (report.verdict, report.reason) == (Verdict.CANCELLED, reason)
    assert set(verdicts(report)) == {"SKIPPED"}


def test_nobody_interrupts_a_grading_that_has_no_caller() -> None:
    interrupt = Uninterrupted()
    assert (interrupt.fileno(), interrupt.cancelled(), interrupt.deadline_ns) == (-1, False, None)


# --- digests ------------------------------------------------------------------------------------------------------


def test_the_same_inputs_have_the_same_digest_whatever_came_out(benches: Callable[[], Bench]) -> None:
    accepted = benches().grade(ScriptedSandbox(BoxScript()))
    rejected = benches().grade(ScriptedSandbox(wrong_from(0)))
    assert accepted.grading_digest == rejected.grading_digest
    assert len(accepted.grading_digest) == 64


def test_whatever_can_change_the_answer_changes_the_digest(benches: Callable[[], Bench]) -> None:
    reports = [
        benches().grade(ScriptedSandbox(BoxScript())),
        benches().grade(ScriptedSandbox(BoxScript()), salt="t"),
        benches().grade(ScriptedSandbox(BoxScript()), submitted=program(b"other")),
        benches().grade(ScriptedSandbox(BoxScript()), submitted=program(entry_point="other")),
        benches().grade(ScriptedSandbox(BoxScript()), plan(limits=replace(LIMITS, cpu_ns=5))),
        benches().grade(ScriptedSandbox(BoxScript(), toolchain="Script 1.1")),
        benches().grade(ScriptedSandbox(BoxScript()), plan(runtime="python3-science")),
    ]
    assert len({report.grading_digest for report in reports}) == len(reports)
