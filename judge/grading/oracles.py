"""The judge's side of the oracles of one call: what the candidate's process asks is decoded, counted and answered here.

Every question counts, also one that is wrong: nobody can ask without end. Its bytes are data: decoded with limits,
conformed to the oracle's parameter types, encoded again for the author's environment, whose answer is conformed to the
oracle's result type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judge.author.box import AuthorFault, Interrupted
from judge.author.environment import AuthorEnvironment, RefusedError, Session
from judge.grading.classify import Failure, classify
from judge.harness import wire
from judge.model.conform import Mismatch, brief, conform, describe
from judge.model.plan import TestPlan
from judge.model.run import Killer, OracleRecord, RunOutcome, Stage
from judge.model.type_expr import TypeExpr
from judge.model.widths import COMPILED, integer_beyond
from judge.ports import OracleReply

MAX_QUESTION_BYTES = 1 << 20
MAX_QUESTION_NODES = 100_000


class Desk:
    """The port ``Oracles`` of one call, over a session of the author's environment."""

    def __init__(self, plan: TestPlan, environment: AuthorEnvironment, arguments: Mapping[str, Any], seed: int) -> None:
        assert plan.environment is not None
        self._limits = plan.limits
        self._types = {oracle.name: oracle.type for oracle in plan.signature.oracles}
        self._file = plan.environment.author.file
        compiled = not set(COMPILED).isdisjoint(plan.languages)
        self._bits = plan.signature.integer_bits if compiled else None  # of integers, where they have a width
        self._budgets = {budget.oracle: budget.of(arguments) for budget in plan.environment.budgets}
        self._calls = dict.fromkeys(self._types, 0)
        self._stopped: OracleReply | None = None
        self._session: Session | None = None
        self.positions = {p.name: at for at, p in enumerate(plan.signature.parameters) if p.is_oracle}
        try:
            self._session = environment.begin(arguments, seed)
        except (AuthorFault, Interrupted) as error:
            self._stop(error)

    @property
    def failure(self) -> Failure | None:
        """Why the call has no verdict of its own: the environment failed, or the grading was cancelled meanwhile."""
        if self._stopped is None or self._stopped.stop is Killer.BUDGET:
            return None
        told = RunOutcome(stage=Stage.CALL, killer=self._stopped.stop, oracle_stop=self._stopped.message)
        return classify(told, self._limits)

    def ask(self, name: str, question: bytes) -> OracleReply:
        """Answers one question, or says what is wrong with it, or that the call is over."""
        self._calls[name] += 1
        if self._stopped is not None or self._session is None:
            return self._stopped or OracleReply(stop=Killer.FAULT, message="the environment has not started")
        if self._calls[name] > self._budgets[name]:
            return self._over_budget(name)
        kind = self._types[name]
        try:
            arguments = _typed(name, kind, question)
            answer = self._session.ask(name, arguments)
        except Mismatch as mismatch:
            return OracleReply(error=str(mismatch), wrong_type=mismatch.kind == "type")
        except (wire.WireError, RefusedError) as error:
            return OracleReply(error=str(error))
        except (AuthorFault, Interrupted) as error:
            return self._stop(error)
        return self._answer(name, kind.arguments[-1], answer)

    def close(self, *, answered: bool) -> OracleRecord:
        """Ends the session; the environment has its say about a call that was ``answered``."""
        result, session = None, self._session
        if session is not None and answered and self._stopped is None:
            try:
                result = session.finish()
            except (AuthorFault, Interrupted) as error:
                self._stop(error)
        if session is not None:
            session.abandon()
        return OracleRecord(calls=dict(self._calls), result=result)

    def _over_budget(self, name: str) -> OracleReply:
        budget = self._budgets[name]
        message = f"it asked the oracle {name!r} {budget + 1} times; it may {budget} times"
        self._stopped = OracleReply(stop=Killer.BUDGET, message=message)
        return self._stopped

    def _answer(self, name: str, returns: TypeExpr, answer: Any) -> OracleReply:
        assert self._session is not None
        what = f"{name} of {self._file}"
        try:
            value = conform(answer, returns, "its answer")
            beyond = None if self._bits is None else integer_beyond(value, self._bits)
            if beyond is not None:
                found = f"expected integers of {self._bits} bits, which compiled languages have, found {brief(beyond)}"
                return self._stop(self._session.fault(what, "gave an answer that is too wide", found))
            return OracleReply(value=wire.encode(value))
        except (Mismatch, wire.WireError) as error:
            return self._stop(self._session.fault(what, "gave an answer of another type", error))

    def _stop(self, error: AuthorFault | Interrupted) -> OracleReply:
        if isinstance(error, Interrupted):
            self._stopped = OracleReply(stop=error.killer)
        else:
            self._stopped = OracleReply(stop=Killer.FAULT, message=error.brief)
        return self._stopped


def _typed(name: str, kind: TypeExpr, question: bytes) -> tuple[Any, ...]:
    """Returns the arguments of a question. Raises Mismatch or WireError."""
    if len(question) > MAX_QUESTION_BYTES:
        raise wire.LimitError(
            f"{name}: the arguments have {len(question)} bytes; at most {MAX_QUESTION_BYTES} are taken"
        )
    given = wire.decode(question, max_nodes=MAX_QUESTION_NODES)
    expected = kind.arguments[:-1]
    if not isinstance(given, tuple) or len(given) != len(expected):
        found = f"{len(given)}" if isinstance(given, tuple) else describe(given)
        raise Mismatch(name, f"{len(expected)} arguments", found)
    return tuple(
        conform(value, member, f"{name}: argument {at}")
        for at, (value, member) in enumerate(zip(given, expected, strict=True), 1)
    )
