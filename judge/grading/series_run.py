"""One test that is judged by many calls.

A checker that knows several calls ahead has them made in one exchange, which for short calls is most of what they cost.
What it sees is the same: the same calls in the same order in the same process. When a box died in such an exchange,
when the checker would go on otherwise than with the answers that were made in advance, or when something was printed,
the test is begun again in a new box, call by call: so a report never depends on how many calls an exchange had.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from judge.checkers.contract import (
    CaseFacts,
    ForesightedSeries,
    PairedChecker,
    Series,
    SeriesAnswer,
    SeriesCall,
    SeriesChecker,
)
from judge.grading.authors import AuthorCode
from judge.grading.case_facts import BoxSpent, Facts, failed_checker
from judge.grading.secret import case_secret
from judge.harness import wire
from judge.model.plan import TestCase, TestPlan
from judge.model.report import CaseReport, Judgement
from judge.model.run import RunOutcome
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.ports import Box, Burst

MOST_CALLS = 32  # of one exchange


@dataclass(frozen=True, kw_only=True, slots=True)
class _Function:
    """What is called, as far as a call needs it."""

    keys: Mapping[str, bytes]  # the names of its parameters but the oracles, and how they are encoded
    returns: TypeExpr

    @classmethod
    def of(cls, signature: Signature) -> _Function:
        names = [parameter.name for parameter in signature.parameters if not parameter.is_oracle]
        return cls(keys={name: wire.encode(name) for name in names}, returns=signature.returns)

    def arguments(self, changes: Mapping[str, Any], encoded: Mapping[str, bytes]) -> bytes:
        """Returns the arguments of a call: those of ``changes``, and the others of ``encoded``."""
        return wire.encode_mapping(
            [(key, wire.encode(changes[name]) if name in changes else encoded[name]) for name, key in self.keys.items()]
        )


class SeriesRun:
    """Many calls, judged by a SeriesChecker."""

    def __init__(
        self, plan: TestPlan, case: TestCase, checker: SeriesChecker, secret: bytes, authors: AuthorCode
    ) -> None:
        self._plan, self._case, self._checker, self._secret, self._authors = plan, case, checker, secret, authors
        second = checker.second(plan.signature)[1] if isinstance(checker, PairedChecker) else plan.signature
        self._functions = (_Function.of(plan.signature), _Function.of(second))  # of box 0, of the others
        self._encoded = {name: wire.encode(value) for name, value in plan.arguments_of(case).items()}
        self._most = 1 if plan.environment is not None else 4  # calls of the next exchange
        self._begin()

    def _begin(self) -> None:
        plan, case = self._plan, self._case
        seen = CaseFacts(
            name=case.name,
            arguments=plan.facts_of(case),
            expected=plan.expected_of(case),
            alternatives=plan.alternatives_of(case),
        )
        self._facts = Facts(plan, case, self._secret, self._authors)
        self._series: Series = self._checker.open(seen, case_secret(self._secret, case))
        self._broken: Judgement | None = None  # the checker failed
        self._next: SeriesCall | None = self._series.next_call()

    def next_box(self) -> int | None:
        return None if self._next is None else self._next.box

    def step(self, box: Box) -> None:
        call = self._next
        if call is None:
            raise RuntimeError("the series has no next call")
        calls = [call, *self._coming(call.box)]
        if len(calls) > 1 and box.alive:
            self._take_all(calls, self._burst(box, calls))
        else:
            self._take(call, self._facts.ask(box, self._arguments(call), call.audit_seed, call.changes))

    def _coming(self, box: int) -> Sequence[SeriesCall]:
        """The calls that come after the next one and may be made with it."""
        if self._most == 1 or not isinstance(self._series, ForesightedSeries):
            return ()
        return [call for call in self._series.coming(self._most - 1) if call.box == box]

    def _burst(self, box: Box, calls: Sequence[SeriesCall]) -> Sequence[RunOutcome]:
        """Makes the first of these calls. Raises BoxSpent when what they came to depends on how many there were."""
        made = box.burst(
            Burst(
                arguments=[self._arguments(call) for call in calls],
                limits=self._plan.limits,
                audit_seeds=[call.audit_seed for call in calls],
            )
        )
        if made is None or (made.others and (made.last.stdout.total_bytes or made.last.stderr.total_bytes)):
            self._begin_again()
        outcomes = made.each()
        self._most = min(MOST_CALLS, 2 * len(outcomes))
        return outcomes

    def _take_all(self, calls: Sequence[SeriesCall], outcomes: Sequence[RunOutcome]) -> None:
        for call, outcome in zip(calls, outcomes, strict=False):
            if self._next is None:
                return
            if self._next is not call:
                self._begin_again()
            self._facts.add(outcome)
            self._take(call, outcome)

    def _take(self, call: SeriesCall, outcome: RunOutcome) -> None:
        facts = self._facts
        answer = facts.read(outcome, self._function(call).returns)
        if facts.failure is not None:
            self._next = None
            return
        try:
            told = SeriesAnswer(value=answer, audit=outcome.audit, cpu_ns=outcome.cpu_ns, oracle=facts.oracle)
            self._series.observe(call, told)
            self._next = self._series.next_call()
        except Exception as error:
            self._broken, self._next = failed_checker(self._checker.name, error), None

    def _begin_again(self) -> NoReturn:
        """Has everything be asked again, call by call."""
        self._most = 1
        self._begin()
        raise BoxSpent

    def _function(self, call: SeriesCall) -> _Function:
        return self._functions[min(call.box, 1)]

    def _arguments(self, call: SeriesCall) -> bytes:
        return self._function(call).arguments(call.changes, self._encoded)

    def stdin(self) -> bytes | None:
        return None

    def is_close(self, percent: int) -> bool:
        return self._facts.is_close(percent)

    def report(self) -> CaseReport:
        if self._facts.failure is not None:
            return self._facts.report(Judgement(accepted=False))
        return self._facts.report(self._broken or self._series.judgement())
