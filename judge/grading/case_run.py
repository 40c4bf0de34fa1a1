"""One test of one grading: its calls, and what becomes of them.

``CaseRun`` hides whether a checker judges one answer or a series. It says in which box its next call must be made: all
calls of box 0 come first, then those of box 1, so that a grading opens each box once for all of its tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from judge.author.box import Interrupted
from judge.checkers.contract import CaseChecker, CaseFacts, SeriesChecker
from judge.errors import InfrastructureError
from judge.grading.authors import AuthorCode
from judge.grading.case_facts import Arguments, Facts, failed_checker
from judge.grading.classify import classify
from judge.grading.examined import ExaminedRun
from judge.grading.passes import PassesRun
from judge.grading.series_run import SeriesRun
from judge.model.conform import brief
from judge.model.plan import TestCase, TestPlan
from judge.model.report import CaseReport, Judgement
from judge.model.signature import Form
from judge.model.verdict import Reason
from judge.ports import Box

# Checkers by which an answer of the very bytes of the key is right, without being decoded: a key was accepted as an
# answer when its plan was compiled, and these checkers say no more of an answer than that it is right.
IDENTICAL = frozenset({"exact"})


class CaseRun(Protocol):
    """The run of one test."""

    def next_box(self) -> int | None:
        """The box of its next call; None when it is finished."""
        ...

    def step(self, box: Box) -> None:
        """Makes that call, and others of the same box if that saves time. Raises BoxSpent."""
        ...

    def stdin(self) -> bytes | None:
        """What a program is given in that box; None for the test's own input."""
        ...

    def report(self) -> CaseReport:
        """The report, once it is finished."""
        ...

    def is_close(self, percent: int) -> bool:
        """Whether any call ended within so many percent of a time limit."""
        ...


def starter(
    plan: TestPlan, checker: CaseChecker | SeriesChecker, secret: bytes, authors: AuthorCode
) -> Callable[[TestCase], CaseRun]:
    """Returns what begins the run of a test; ``secret`` is the grading's, from which a series derives its own."""

    if isinstance(checker, SeriesChecker):  # asked once: to ask it of a protocol takes long
        return _series_starter(plan, checker, secret, authors)
    single: CaseChecker = checker

    def start(case: TestCase) -> CaseRun:
        facts = Facts(plan, case, secret, authors)
        if plan.examiner is not None:
            return ExaminedRun(plan, case, authors.examination(), facts)
        if plan.validator_takes_part:
            return PassesRun(plan, case, authors.validator(), facts)
        return _SingleRun(plan, case, single, facts)

    return start


def _series_starter(
    plan: TestPlan, checker: SeriesChecker, secret: bytes, authors: AuthorCode
) -> Callable[[TestCase], CaseRun]:
    def start(case: TestCase) -> CaseRun:
        return SeriesRun(plan, case, checker, secret, authors)

    return start


class _SingleRun:
    """One call, judged by a CaseChecker."""

    def __init__(self, plan: TestPlan, case: TestCase, checker: CaseChecker, facts: Facts) -> None:
        self._plan = plan
        self._case = case
        self._checker = checker
        self._facts = facts
        self._identical = checker.name in IDENTICAL
        self._judgement: Judgement | None = None

    def next_box(self) -> int | None:
        return None if self._judgement else 0

    def step(self, box: Box) -> None:
        outcome, expected = self._facts.ask(box, self._plan.question_of(self._case)), self._case.expected
        sound = self._facts.fault is None and classify(outcome, self._plan.limits) is None
        if self._identical and sound and outcome.answer == expected:
            self._judgement = Judgement(accepted=True)
            return
        answer = self._facts.read(outcome, self._plan.signature.returns)
        if self._facts.failure is not None:
            self._judgement = Judgement(accepted=False)
            return
        facts = CaseFacts(
            name=self._case.name,
            arguments=Arguments(self._plan, self._case),
            expected=self._plan.expected_of(self._case),
            alternatives=self._plan.alternatives_of(self._case),
            oracle=self._facts.oracle,
        )
        try:
            self._judgement = self._explained(self._checker.check(facts, answer), facts, answer)
        except InfrastructureError:
            raise
        except Interrupted as stop:
            self._facts.interrupt(stop.killer)
            self._judgement = Judgement(accepted=False)
        except Exception as error:
            self._judgement = failed_checker(self._checker.name, error)

    def _explained(self, judgement: Judgement, facts: CaseFacts, answer: Any) -> Judgement:
        """Adds what was expected, for the samples, which hold no secret: an answer, or the optimum."""
        if judgement.accepted or judgement.reason is Reason.CHECKER or not self._case.sample:
            return judgement
        same = self._plan.expected_type == self._plan.signature.returns
        if not (same or _is_optimum(facts.expected)) or self._plan.signature.form is Form.TESTS:
            return judgement
        expected, found = facts.expected, answer
        if self._plan.signature.methods and "call" in judgement.evidence:
            expected, found = (results[judgement.evidence["call"]][1] for results in (expected, found))
        said = f"{judgement.message}; expected {brief(expected)}, found {brief(found)}"
        return Judgement(
            accepted=False,
            reason=judgement.reason,
            message=said,
            margin=judgement.margin,
            evidence=judgement.evidence,
        )

    def stdin(self) -> bytes | None:
        return None

    def is_close(self, percent: int) -> bool:
        return self._facts.is_close(percent)

    def report(self) -> CaseReport:
        return self._facts.report(self._judgement or Judgement(accepted=False, reason=Reason.NO_ANSWER))


def _is_optimum(expected: Any) -> bool:
    """Whether an expected value that is no answer is what the best answer has: a number, or None for none."""
    return expected is None or isinstance(expected, (int, float))
