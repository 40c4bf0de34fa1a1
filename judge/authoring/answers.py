"""Answers that nobody gave, and what the checker says of them.

``right_answers`` are the expected values where those are answers, else what an accepted submission returns.
``judge_answers`` judges made-up answers as the grader judges real ones: they are encoded, decoded and conformed first,
and one that does not conform is wrong. A checker of the author's is asked in a worker's sandbox, any other one here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from judge.authoring.package import Package
from judge.authoring.workers import Tools
from judge.checkers.contract import AuthoredChecker, CaseChecker, CaseFacts, SeriesChecker
from judge.grading.authors import AuthorCode
from judge.grading.grader import checker_of
from judge.grading.interrupts import Uninterrupted
from judge.harness import wire
from judge.model.conform import Mismatch, conform
from judge.model.plan import TestPlan
from judge.model.problem import ExampleSubmission, Problem
from judge.model.report import Judgement
from judge.model.run import Isolation
from judge.model.verdict import Reason, Verdict
from judge.ports import BoxSpec, Call

Asked = tuple[int, bytes]  # the position of a test, and an encoded answer


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswersJob:
    """What a worker is asked for: what a submission returns on these tests."""

    problem: Problem
    example: ExampleSubmission
    positions: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgeJob:
    """What a worker is asked for: what the package's checker says of these answers."""

    problem: Problem
    asked: tuple[Asked, ...]


def judges_answers(package: Package) -> bool:
    """Whether the checker judges one answer to one question, so that answers can be made up."""
    plan = package.plan
    conversation = plan.environment is not None or plan.examiner is not None or plan.validator_takes_part
    return not isinstance(package.checker, SeriesChecker) and not conversation


def right_answers(package: Package, positions: Sequence[int]) -> dict[int, Any]:
    """A right answer to each of these tests, typed; none to those where there is none."""
    plan = package.plan
    if plan.expected_type == plan.signature.returns:
        return {at: plan.expected_of(plan.cases[at]) for at in positions}
    if package.is_plain:
        return {at: plan.expected_of(plan.cases[at])[0] for at in positions}
    example = _an_accepted(package)
    if example is None:
        return {}
    depends = [plan.digest, example.program.digest, list(positions)]
    job = AnswersJob(problem=package.problem, example=example, positions=tuple(positions))
    found = package.once(list[bytes | None], "answers", depends, lambda: package.ask(answers_of, job))
    kind = plan.signature.returns
    pairs = zip(positions, found, strict=True)
    return {at: conform(wire.decode(answer), kind) for at, answer in pairs if answer is not None}


def _an_accepted(package: Package) -> ExampleSubmission | None:
    return next((one for one in package.problem.examples if one.verdict is Verdict.ACCEPTED), None)


def answers_of(tools: Tools, job: AnswersJob) -> list[bytes | None]:
    """A worker's job: the encoded answers; None where there was none."""
    plan = tools.plan_of(job.problem)
    program = job.example.program
    spec = BoxSpec(
        program=program,
        entry_point=program.entry_point or plan.entry_point,
        isolation=Isolation.TEST,
        load_limits=plan.load_limits,
        runtime=plan.runtime,
        signature=plan.signature,
    )
    with tools.sandbox.open(spec) as box:
        if not box.load().loaded:
            return [None] * len(job.positions)
        found = []
        for at in job.positions:
            question = plan.question_of(plan.cases[at])
            found.append(box.call(Call(arguments=question, limits=plan.limits)).answer if box.alive else None)
        return found


def judge_answers(package: Package, answers: Sequence[tuple[int, Any]]) -> list[Judgement]:
    """What the checker says of each answer to the test at that position of the plan."""
    asked = tuple((at, wire.encode(answer)) for at, answer in answers)
    checker = package.checker
    if isinstance(checker, AuthoredChecker):
        depends = [package.problem.source_digest, package.plan.digest, [[at, answer] for at, answer in asked]]
        job = JudgeJob(problem=package.problem, asked=asked)
        return package.once(list[Judgement], "judgements", depends, lambda: package.ask(judge_by_author, job))
    assert not isinstance(checker, SeriesChecker)
    return _judged(package.plan, checker, asked)


def judge_by_author(tools: Tools, job: JudgeJob) -> list[Judgement]:
    """A worker's job: asks the author's checker."""
    plan = tools.plan_of(job.problem)
    with AuthorCode(plan, tools.companions, Uninterrupted()) as authors:
        checker = authors.behind(checker_of(plan))
        assert not isinstance(checker, SeriesChecker)
        return _judged(plan, checker, job.asked)


def _judged(plan: TestPlan, checker: CaseChecker, asked: Sequence[Asked]) -> list[Judgement]:
    facts: dict[int, CaseFacts] = {}
    judgements = []
    for at, answer in asked:
        if at not in facts:
            case = plan.cases[at]
            facts[at] = CaseFacts(name=case.name, arguments=plan.facts_of(case), expected=plan.expected_of(case))
        judgements.append(_judge(plan, checker, facts[at], answer))
    return judgements


def _judge(plan: TestPlan, checker: CaseChecker, facts: CaseFacts, answer: bytes) -> Judgement:
    try:
        value = conform(wire.decode(answer), plan.signature.returns)
    except (Mismatch, wire.WireError) as error:
        return Judgement(accepted=False, reason=Reason.WRONG_TYPE, message=str(error))
    try:
        return checker.check(facts, value)
    except Exception as error:
        return Judgement(accepted=False, reason=Reason.CHECKER, message=f"{type(error).__name__}: {error}")
