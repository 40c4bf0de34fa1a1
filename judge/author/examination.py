"""A test program at work: the author's code, in a box of its own; the judge makes the calls that it asks for.

The roles of an oracle are swapped: here the author's program runs, and what it may ask is the candidate's function. It
runs no line of the candidate's. Each examination has a box that is opened for it and thrown away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from judge.author.box import AuthorFault, Interrupted
from judge.author.failures import describe_failure
from judge.harness import wire
from judge.model.plan import Examiner
from judge.model.program import AuthorFunction, Program
from judge.model.run import Isolation, Killer, Limits, RunOutcome
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.ports import BoxSpec, Call, Interrupt, Oracles, Sandbox

EXAMINE, REHEARSE = "judge_examine", "judge_rehearse"  # the functions of ours that a test program ends with

_LOG = structlog.get_logger(__name__)


class Examination:
    """Runs a plan's test program, once for each time that it is asked to."""

    def __init__(
        self,
        examiner: Examiner,
        sandbox: Callable[[], Sandbox],
        interrupt: Interrupt | None = None,
        runtime: str = DEFAULT_RUNTIME,
    ) -> None:
        self.examiner = examiner
        self._sandbox = sandbox
        self._interrupt = interrupt
        self._runtime = runtime

    def run(self, candidate: Oracles) -> RunOutcome:
        """Runs it; ``candidate`` makes the calls. Raises AuthorFault when it does not load, Interrupted."""
        author = self.examiner.author
        return run_program(
            self._sandbox(),
            author,
            author.program,
            EXAMINE,
            Call(arguments=wire.encode({"seed": self.examiner.seed}), limits=self.examiner.limits, oracles=candidate),
            interrupt=self._interrupt,
            runtime=self._runtime,
        )

    def fault(self, failure: str) -> AuthorFault:
        """The fault that ``failure`` tells, logged."""
        return logged(self.examiner.author, failure)


def call_of(question: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Returns what a test program's question asks: a call's arguments, encoded, and the names of the last of them."""
    given: Any = wire.decode(question)
    positional, keywords = given
    named = {str(at): value for at, value in enumerate(positional)} | {f"={key}": v for key, v in keywords.items()}
    return wire.encode(named), tuple(keywords)


def run_program(
    sandbox: Sandbox,
    author: AuthorFunction,
    program: Program,
    function: str,
    call: Call,
    *,
    interrupt: Interrupt | None = None,
    runtime: str = DEFAULT_RUNTIME,
) -> RunOutcome:
    """Loads a test program in a box of its own and calls it. Raises AuthorFault or Interrupted."""
    spec = BoxSpec(
        program=program,
        entry_point=function,
        isolation=Isolation.SUBMISSION,
        load_limits=call.limits,
        interrupt=interrupt,
        runtime=runtime,
    )
    with sandbox.open(spec) as box:
        outcome = box.load()
        if outcome.killer in (Killer.CANCELLED, Killer.DEADLINE):
            raise Interrupted(outcome.killer)
        if not outcome.loaded:
            raise logged(author, f"do not load: they {how_it_failed(outcome, author, call.limits)}")
        return box.call(call)


def how_it_failed(outcome: RunOutcome, author: AuthorFunction, limits: Limits) -> str:
    """Returns "exceeded the CPU limit of 10 s", "raised NameError", without the tests' own words."""
    return describe_failure(outcome, author, limits, candid=False)


def logged(author: AuthorFunction, failure: str) -> AuthorFault:
    """The fault of a test program, which the log has too."""
    told = f"the tests of {author.file} {failure}"
    _LOG.error("author_code_failed", key=author.key, file=author.file, line=None, failure=told)
    return AuthorFault(told, told, author.file)
