"""A custom checker at work: the author's function judges an answer in a box, and its reply becomes a judgement.

The function gets plain values only, decoded from what the candidate sent and encoded again: nothing of the candidate's
is run there. A reply that is not one, an exception, a crash or a limit is a fault of the author's: the judgement then
has the reason ``checker``, which is never a verdict on the candidate.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, ClassVar, Self

from judge.author.box import AuthorBox, AuthorFault
from judge.author.shim import program_of
from judge.checkers.contract import AuthoredChecker, CaseFacts
from judge.model.program import AuthorFunction
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason
from judge.ports import Interrupt, Sandbox

_CHECK = """
check = author.__dict__[{function!r}]


def judge_check(facts):
    reply = check(*facts)
    score = reply.get("score") if type(reply) is dict else None
    return reply | {{"score": str(score)}} if type(score).__name__ == "Fraction" else reply
"""


class AuthoredCheck:
    """The port between an author's checker and its box: a CaseChecker; a context, which closes the box."""

    name: ClassVar[str] = "custom"

    def __init__(
        self,
        checker: AuthoredChecker,
        author: AuthorFunction,
        sandbox: Callable[[], Sandbox],
        *,
        oracles: bool = False,
        interrupt: Interrupt | None = None,
        runtime: str = DEFAULT_RUNTIME,
        candid: bool = False,
    ) -> None:
        self._checker = checker
        self._author = author
        self._oracles = oracles  # whether the function is told what the oracles saw
        self._candid = candid  # whether messages are for the author, not for candidates
        program = program_of(author, [author.function], _CHECK.format(function=author.function), "judge_check")
        self._box = AuthorBox(sandbox, author, program, checker.limits(), interrupt, runtime)

    def __enter__(self) -> Self:
        """Opens nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the box."""
        self._box.__exit__(kind, error, traceback)

    def load(self) -> None:
        """Opens the box. Raises AuthorFault when the function does not load."""
        self._box.load()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """As the checker says."""
        return self._checker.expected_type(signature)

    def check_key(self, case: CaseFacts) -> None:
        """As the checker says."""
        self._checker.check_key(case)

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Asks the author's function. Raises Interrupted when the grading was cancelled meanwhile."""
        facts: tuple[Any, ...] = (dict(case.arguments), case.expected, answer)
        if self._oracles:
            seen = case.oracle
            facts += (None if seen is None else {"calls": dict(seen.calls), "result": seen.result},)
        try:
            return self._judgement(self._box.ask(function=self._author.function, facts=facts))
        except AuthorFault as fault:
            message = f"checker {self.name!r}: {fault.told if self._candid else fault.brief}"
            return Judgement(accepted=False, reason=Reason.CHECKER, message=message)

    def _judgement(self, reply: Any) -> Judgement:
        try:
            return self._checker.judgement(reply)
        except ValueError as error:
            what = f"{self._author.function} of {self._author.file}"
            raise self._box.fault(what, "returned something else than a judgement", error) from None
