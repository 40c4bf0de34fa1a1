"""A test whose calls a test program of the author's makes: in one box it asserts, in another the candidate answers.

The judge's process stands between the two. A question of the test program becomes a call in the candidate's box; its
answer is decoded here with limits and encoded again, so that only plain values cross. The judge counts the calls, adds
up their CPU time against the limit, and says how it ended: only a test program that ran to its end, and reached as many
assertions as it does with the author's own solution, accepts.

The author's own solution was tried when the plan was compiled, and there may be a record of the calls that it got and
of its answers. The candidate is then asked those questions first. While its answers are the same bytes the test program
would do what it did then, for it is a function of the answers; when all are, it has been run on them already, and
passed. At the first one that differs it is begun, told the answers that there are, and asks on. So the candidate gets
the same calls in the same order as if the test program had run from the beginning: all that are recorded are asked
together, and when one of them runs into a limit, or the test program then asks another question than the recorded one,
everything is done once more in a new box, call by call.

Before the first answer nothing of the candidate's can have changed what the test program does: whatever goes wrong is
the author's fault. Afterwards it is the answers that it stumbled over, when the author's own solution has passed it.
"""

from __future__ import annotations

from typing import Any, Protocol

from judge.author.box import AuthorFault, Interrupted
from judge.author.examination import Examination, how_it_failed
from judge.grading import close_calls
from judge.grading.candidate import CANDIDATE, CandidateDesk
from judge.grading.classify import Failure
from judge.grading.rehearsals import rehearsal_of
from judge.harness import examiner as inside
from judge.harness import wire
from judge.model.plan import TestCase, TestPlan
from judge.model.report import CaseReport, Judgement
from judge.model.run import Killer, OracleRecord, RunOutcome, Stage
from judge.model.verdict import Reason, Verdict
from judge.ports import Box

_WRONG = Reason.WRONG_VALUE


class _OneByOne(Exception):
    """The test must be run again in a new box, each call when the one before is known."""


class Facts(Protocol):
    """What is added up over the calls of one test, and its report."""

    failure: Failure | None
    oracle: OracleRecord | None

    def add(self, outcome: RunOutcome, calls: int = 1) -> None:
        """Adds up what a call took, or several together."""
        ...

    def interrupt(self, killer: Killer) -> None:
        """Notes that the grading was cancelled while the author's code ran."""
        ...

    def report(self, judgement: Judgement) -> CaseReport:
        """The report: the failure's verdict when there is one."""
        ...


class ExaminedRun:
    """The run of one such test; a ``CaseRun``."""

    def __init__(self, plan: TestPlan, case: TestCase, examination: Examination, facts: Facts) -> None:
        self._plan = plan
        self._examination = examination
        self._facts = facts
        self._rehearsal = rehearsal_of(case)
        self._expected = self._rehearsal.assertions
        self._judgement: Judgement | None = None
        self._box = 0
        self._together = bool(self._rehearsal.record)  # whether what is recorded is asked together
        self._total = RunOutcome(stage=Stage.CALL)

    def next_box(self) -> int | None:
        """The first box, and perhaps a second one."""
        return None if self._judgement else self._box

    def step(self, box: Box) -> None:
        """Runs the test program."""
        desk = CandidateDesk(self._plan.limits, box, self._facts.add)
        try:
            self._judgement = self._examine(desk)
        except _OneByOne:
            self._box, self._together = 1, False
            return
        except AuthorFault as fault:
            self._judgement = _faulty(fault)
        except Interrupted as stop:
            self._judgement = Judgement(accepted=False)
            self._facts.interrupt(stop.killer)
        self._total = desk.total
        self._facts.oracle = OracleRecord(calls={CANDIDATE: desk.calls})

    def report(self) -> CaseReport:
        """The report."""
        return self._facts.report(self._judgement or Judgement(accepted=False, reason=Reason.NO_ANSWER))

    def stdin(self) -> bytes | None:
        """A function has none."""
        return None

    def is_close(self, percent: int) -> bool:
        """Whether all calls together ended within so many percent of a time limit."""
        return close_calls.is_close(self._total, self._plan.limits, percent)

    # --- judging ---

    def _examine(self, desk: CandidateDesk) -> Judgement:
        if self._rehearsal.record and desk.follows(self._rehearsal, together=self._together):
            return Judgement(accepted=True, evidence={"assertions": self._expected})
        if desk.lost:
            raise _OneByOne
        if desk.failure is not None:
            return self._fail(desk.failure)
        return self._judge(desk, self._examination.run(desk))

    def _judge(self, desk: CandidateDesk, outcome: RunOutcome) -> Judgement:
        if desk.failure is not None:
            return self._fail(desk.failure)
        if desk.strayed:
            if self._together:
                raise _OneByOne
            raise self._examination.fault("ask something else each time that they run")
        if outcome.killer in (Killer.CANCELLED, Killer.DEADLINE):
            raise Interrupted(outcome.killer)
        told = _told(outcome)
        if told is None:
            return self._stumbled(desk, outcome)
        how, reached = told["how"], told["reached"]
        evidence = {"assertions": reached}
        if how == inside.ENDED:
            return self._counted(desk, reached, evidence)
        if how == inside.CANDIDATE:
            return self._fail(desk.uncaught())
        if not desk.answered:
            raise self._examination.fault(f"raise {told['type']} before the candidate has answered")
        if how == inside.ASSERTION:
            message = f"assertion {reached + 1} of the tests does not hold"
            return Judgement(accepted=False, reason=_WRONG, message=message, evidence=evidence)
        message = f"the tests cannot go on with the answer after assertion {reached}: {told['type']}"
        return Judgement(accepted=False, reason=Reason.WRONG_TYPE, message=message, evidence=evidence)

    def _counted(self, desk: CandidateDesk, reached: int, evidence: dict[str, Any]) -> Judgement:
        """The test program ran to its end: it must have asserted what it asserts with the author's solution."""
        if desk.answered and reached and reached == (self._expected or reached):
            return Judgement(accepted=True, evidence=evidence)
        if not desk.answered or not self._expected:
            raise self._examination.fault(f"ended after {reached} assertions and {desk.calls} calls")
        message = f"the tests reached {reached} assertions, expected {self._expected}"
        return Judgement(accepted=False, reason=_WRONG, message=message, evidence=evidence)

    def _stumbled(self, desk: CandidateDesk, outcome: RunOutcome) -> Judgement:
        """The test program was stopped or died: by itself, or over the answers."""
        examiner = self._examination.examiner
        failed = how_it_failed(outcome, examiner.author, examiner.limits)
        if not (desk.answered and examiner.rehearsed):
            raise self._examination.fault(failed)
        message = f"the tests, with its answers, {failed}"
        if outcome.killer in (Killer.CPU, Killer.WALL):
            reason = Reason.CPU_TIME if outcome.killer is Killer.CPU else Reason.WALL_TIME
            return self._fail(Failure(verdict=Verdict.TIME_LIMIT_EXCEEDED, reason=reason, message=message))
        return Judgement(accepted=False, reason=Reason.WRONG_TYPE, message=message)

    def _fail(self, failure: Failure | None) -> Judgement:
        self._facts.failure = failure
        return Judgement(accepted=False, reason=Reason.NO_ANSWER)


def _told(outcome: RunOutcome) -> dict[str, Any] | None:
    """What the test program said of its end; None when it did not come to say it."""
    if outcome.answer is None or outcome.killer is not None:
        return None
    told: Any = wire.decode(outcome.answer)
    return dict(told)


def _faulty(fault: AuthorFault) -> Judgement:
    return Judgement(accepted=False, reason=Reason.CHECKER, message=fault.brief)
