"""What the calls of one test come to: facts are added up call by call, and end as the test's report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from judge.grading import close_calls
from judge.grading.answers import read_answer
from judge.grading.authors import AuthorCode
from judge.grading.classify import Failure, classify
from judge.grading.oracles import Desk
from judge.grading.secret import case_secret, oracle_seed
from judge.model.plan import TestCase, TestPlan
from judge.model.report import CaseReport, Judgement
from judge.model.run import Captured, Frame, Killer, OracleRecord, RunOutcome, Stage
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason, Verdict
from judge.ports import Box, Call


class BoxSpent(Exception):
    """A test must be begun again, in a new box."""


_SCORES = (Fraction(0), Fraction(1))
_NO_CHANGES: Mapping[str, Any] = {}


class Facts:
    """What is added up over the calls of one test."""

    def __init__(self, plan: TestPlan, case: TestCase, secret: bytes, authors: AuthorCode) -> None:
        self._plan = plan
        self._case = case
        self._secret = secret
        self._authors = authors
        self._calls = 0
        self._cpu_ns = self._wall_ns = self._memory = 0
        self._stdout = self._stderr = Captured()
        self._last: RunOutcome | None = None
        self._slowest: RunOutcome | None = None
        self.failure: Failure | None = None
        self.fault: Failure | None = None  # of the author's environment in the last call, which is not the candidate's
        self.oracle: OracleRecord | None = None  # of the last call, when the function takes oracles
        self.evidence: dict[str, Any] = {}  # told whatever the verdict

    def read(self, outcome: RunOutcome, returns: TypeExpr) -> Any:
        """Returns the typed answer, meaningless when there is a failure; one of the author's comes first."""
        answer, failure = read_answer(outcome, self._plan.limits, returns)
        self.failure = self.fault or failure
        return answer

    def ask(
        self,
        box: Box,
        arguments: bytes,
        audit_seed: int | None = None,
        changes: Mapping[str, Any] = _NO_CHANGES,
    ) -> RunOutcome:
        """Makes a call and adds up what it took; its answer is not looked at.

        ``changes`` are those of the arguments that are not the case's own.
        """
        if self._plan.environment is None:
            return self._ask(box, arguments, audit_seed, None)
        number = 0 if changes else self._calls  # a seed that the checker chose stands for one environment
        seed = oracle_seed(case_secret(self._secret, self._case), arguments, number)
        desk = self._authors.desk(self._plan.facts_of(self._case) | dict(changes), seed)
        outcome = RunOutcome(stage=Stage.CALL)
        if desk.failure is None:
            outcome = self._ask(box, arguments, audit_seed, desk)
            self.oracle = desk.close(answered=outcome.answer is not None)
        self.fault = desk.failure
        return outcome

    def _ask(self, box: Box, arguments: bytes, audit_seed: int | None, desk: Desk | None) -> RunOutcome:
        call = Call(arguments=arguments, limits=self._plan.limits, audit_seed=audit_seed, oracles=desk)
        outcome = box.call(call) if box.alive else RunOutcome(stage=Stage.CALL)  # it ended after its last answer
        self.add(outcome)
        return outcome

    def add(self, outcome: RunOutcome, calls: int = 1) -> None:
        """Adds up what a call took, or several together."""
        self._calls += calls
        self._cpu_ns += outcome.cpu_ns
        self._wall_ns += outcome.wall_ns
        self._memory = max(self._memory, outcome.memory_peak_bytes)
        if self._last is None or outcome.stdout.total_bytes or outcome.stderr.total_bytes:
            self._stdout, self._stderr = outcome.stdout, outcome.stderr
        self._last = outcome
        if self._slowest is None or outcome.cpu_ns >= self._slowest.cpu_ns or outcome.killer is not None:
            self._slowest = outcome

    def is_close(self, percent: int) -> bool:
        """Whether the slowest call ended within so many percent of a time limit."""
        return self._slowest is not None and close_calls.is_close(self._slowest, self._plan.limits, percent)

    def interrupt(self, killer: Killer) -> None:
        """Notes that the grading was cancelled while the author's code ran."""
        self.failure = classify(RunOutcome(stage=Stage.CALL, killer=killer), self._plan.limits)

    def report(self, judgement: Judgement) -> CaseReport:
        """The report: the failure's verdict when there is one, the checker's otherwise."""
        failure = self.failure
        accepted = failure is None and judgement.accepted
        verdict = failure.verdict if failure else _verdict_of(judgement)
        return CaseReport(
            name=self._case.name,
            sample=self._case.sample,
            verdict=verdict,
            reason=failure.reason if failure else judgement.reason,
            message=failure.message if failure else judgement.message,
            score=judgement.score if accepted and judgement.score is not None else _SCORES[accepted],
            cpu_ns=self._cpu_ns,
            wall_ns=self._wall_ns,
            memory_peak_bytes=self._memory,
            calls=self._calls,
            stdout=self._stdout,
            stderr=self._stderr,
            traceback=self._traceback(),
            exit_code=self._last.exit_code if self._last else None,
            signal=self._last.signal if self._last else None,
            margin=None if failure else judgement.margin,
            evidence=({} if failure else judgement.evidence) | self._asked() | self.evidence,
        )

    def _asked(self) -> dict[str, Any]:
        """How often each oracle was asked in the last call."""
        return {} if self.oracle is None else {"oracle_calls": dict(self.oracle.calls)}

    def _traceback(self) -> tuple[Frame, ...]:
        raised = self._last.raised if self._last else None
        return raised.frames if raised and self.failure else ()


def failed_checker(checker: str, error: Exception) -> Judgement:
    """The judgement when a checker raised what it must not raise."""
    message = f"checker {checker!r} failed: {type(error).__name__}: {error}"
    return Judgement(accepted=False, reason=Reason.CHECKER, message=message)


class Arguments(Mapping[str, Any]):
    """A test's arguments, decoded when a checker first looks at them: most never do, and they may be large."""

    def __init__(self, plan: TestPlan, case: TestCase) -> None:
        self._plan = plan
        self._case = case

    @cached_property
    def _decoded(self) -> dict[str, Any]:
        return self._plan.facts_of(self._case)

    def __getitem__(self, name: str) -> Any:
        return self._decoded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._decoded)

    def __len__(self) -> int:
        return len(self._decoded)


def _verdict_of(judgement: Judgement) -> Verdict:
    """A checker that failed is a fault of the problem's, not of the candidate's."""
    if judgement.reason is Reason.CHECKER:
        return Verdict.JUDGE_ERROR
    return Verdict.ACCEPTED if judgement.accepted else Verdict.WRONG_ANSWER
