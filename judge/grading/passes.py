"""One test in which the author's validator takes part: pass after pass, or speaking with the program.

Each pass is a run of the program in a box of its own. The validator's word on it is the end, or asks for another pass
with an input that it made; the first pass that is not accepted decides. More passes than the package allows are a fault
of the package, as is everything that the validator does and that is no word.
"""

from __future__ import annotations

from collections.abc import Mapping

from judge.author.box import AuthorFault, Interrupted
from judge.author.rulings import AuthorValidator, Pass, Ruling
from judge.grading.answers import read_answer
from judge.grading.case_facts import Facts
from judge.grading.conversations import failure_of
from judge.model.plan import TestCase, TestPlan
from judge.model.report import CaseReport, Judgement
from judge.model.run import RunOutcome
from judge.model.verdict import Reason
from judge.ports import Box, Call

_BETWEEN_PASSES = "---"
_REJECTED = Judgement(accepted=False)


class PassesRun:
    """The run of one test: a CaseRun."""

    def __init__(self, plan: TestPlan, case: TestCase, validator: AuthorValidator, facts: Facts) -> None:
        self._plan = plan
        self._case = case
        self._validator = validator
        self._facts = facts
        self._given: bytes = plan.arguments_of(case)["stdin"]
        self._feedback: Mapping[str, bytes] = {}
        self._passes = 0
        self._transcripts: list[str] = []
        self._judgement: Judgement | None = None

    def next_box(self) -> int | None:
        """Each pass has a box of its own."""
        return None if self._judgement else self._passes

    def stdin(self) -> bytes | None:
        """The input of the pass."""
        return self._given

    def step(self, box: Box) -> None:
        """Makes one pass."""
        self._passes += 1
        try:
            ruling = self._converse(box) if self._plan.interactive else self._judge(box)
        except Interrupted as stop:
            self._facts.interrupt(stop.killer)
            ruling = None
        except AuthorFault as fault:
            self._judgement = _fault(fault.brief)
            return
        self._take(ruling)

    def is_close(self, percent: int) -> bool:
        """As the slowest pass."""
        return self._facts.is_close(percent)

    def report(self) -> CaseReport:
        """The report, with what was said."""
        if self._plan.passes > 1:
            self._facts.evidence["passes"] = self._passes
        if self._plan.interactive:
            self._facts.evidence["transcript"] = f"\n{_BETWEEN_PASSES}\n".join(self._transcripts)
        return self._facts.report(self._judgement or _REJECTED)

    def _judge(self, box: Box) -> Ruling | None:
        """Runs the program, then the validator on what it wrote; None when the program failed."""
        outcome = self._facts.ask(box, self._plan.question_of(self._case))
        output, self._facts.failure = read_answer(outcome, self._plan.limits, self._plan.signature.returns)
        return None if self._facts.failure else self._validator.rule(self._told(), output)

    def _converse(self, box: Box) -> Ruling | None:
        """Has both speak; None when the program failed."""
        call = Call(arguments=self._plan.question_of(self._case), limits=self._plan.limits)
        outcome, said = self._validator.converse(box, call, self._told())
        self._add(outcome)
        self._facts.failure = failure_of(outcome, said, self._plan.limits, self._validator.file)
        return said if self._facts.failure is None and isinstance(said, Ruling) else None

    def _add(self, outcome: RunOutcome) -> None:
        self._facts.add(outcome)
        if outcome.dialogue is not None:
            self._transcripts.append(outcome.dialogue.transcript)

    def _told(self) -> Pass:
        stem = self._case.name.rpartition("/")[2]
        expected = self._plan.expected_of(self._case)
        return Pass(stem=stem, given=self._given, expected=expected, feedback=self._feedback)

    def _take(self, ruling: Ruling | None) -> None:
        if ruling is None:
            self._judgement = _REJECTED
        elif not ruling.judgement.accepted or ruling.next_input is None:
            self._judgement = ruling.judgement
        elif self._plan.passes == 1:
            self._judgement = _fault(f"{self._validator.file} asks for another pass; the problem has one")
        elif self._passes >= self._plan.passes:
            message = f"{self._validator.file} asks for more than {self._plan.passes} passes, which are allowed"
            self._judgement = _fault(message)
        else:
            self._given, self._feedback = ruling.next_input, ruling.feedback


def _fault(message: str) -> Judgement:
    return Judgement(accepted=False, reason=Reason.CHECKER, message=message)
