"""A box with a program of the author's, open while a candidate's box is: it stands in a slot of the judge's own.

It is opened when it is first asked and again after it died. Every call runs in a fresh fork of the loaded program, so
that nothing of one question is left for the next; a session is a sequence of calls that share one fork.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import structlog

from judge.author.failures import describe_failure, missing_function, place_of
from judge.harness import wire
from judge.model.program import AuthorFunction, Program
from judge.model.run import Isolation, Killer, Limits, RunOutcome
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.ports import Box, BoxSpec, Call, Interrupt, Sandbox

_LOG = structlog.get_logger(__name__)


class AuthorFault(Exception):
    """The author's code failed: ``told`` is for the author, ``brief`` (without the code's own words) for anybody."""

    def __init__(self, told: str, brief: str, file: str, line: int | None = None) -> None:
        self.told = told
        self.brief = brief
        self.file = file  # relative to the package
        self.line = line
        super().__init__(told)


class Interrupted(Exception):
    """The grading was cancelled while the author's code ran."""

    def __init__(self, killer: Killer) -> None:
        self.killer = killer
        super().__init__(killer.value)


class AuthorBox:
    """A program of the author's, ready to be asked; a context, which closes the box."""

    def __init__(
        self,
        sandbox: Callable[[], Sandbox],
        author: AuthorFunction,
        program: Program,
        limits: Limits,
        interrupt: Interrupt | None = None,
        runtime: str = DEFAULT_RUNTIME,
        *,
        live_stdin: bool = False,
    ) -> None:
        self._sandbox = sandbox
        self._author = author
        self._program = program
        self._limits = limits  # of loading, and of each call
        self._interrupt = interrupt
        self._runtime = runtime
        self._live_stdin = live_stdin  # whether it speaks with another box
        self._stack = ExitStack()
        self._box: Box | None = None

    def __enter__(self) -> Self:
        """Opens nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the box; a fault of ours is told to its sandbox, which rebuilds the slot."""
        self._box = None
        self._stack.__exit__(kind, error, traceback)

    @property
    def alive(self) -> bool:
        """Whether the box is open and can be asked, with what the session left in it."""
        return self._box is not None and self._box.alive

    def load(self) -> Box:
        """Returns the box, opened and loaded if it is not. Raises AuthorFault when the program does not load."""
        if self._box is not None and self._box.alive:
            return self._box
        self._box = None
        self._stack.close()
        spec = BoxSpec(
            program=self._program,
            entry_point=self._program.entry_point,
            isolation=Isolation.TEST,
            load_limits=self._limits,
            interrupt=self._interrupt,
            runtime=self._runtime,
            live_stdin=self._live_stdin,
        )
        box = self._stack.enter_context(self._sandbox().open(spec))
        outcome = box.load()
        if not outcome.loaded:
            raise self._fault(outcome, f"{self._author.file}", missing_function(outcome, self._author))
        self._box = box
        return box

    def ask(self, *, function: str, more: bool = False, **arguments: Any) -> Any:
        """Calls the program and returns its answer as ``wire.decode`` gives it.

        ``function`` names the author's function that is called, for messages; with ``more`` the next call is made in
        the same process. Raises AuthorFault, Interrupted or InfrastructureError.
        """
        question = self.question(function=function, more=more, **arguments)
        return self.answer(self.load().call(question), function=function)

    def question(self, *, function: str, more: bool = False, **arguments: Any) -> Call:
        """The call that asks this. Raises AuthorFault when it cannot be sent."""
        try:
            return Call(arguments=wire.encode(arguments), limits=self._limits, more=more)
        except wire.WireError as error:
            raise self.fault(self._called(function), "cannot be asked", error) from None

    def answer(self, outcome: RunOutcome, *, function: str) -> Any:
        """What such a call gave, as ``wire.decode`` gives it. Raises AuthorFault or Interrupted."""
        what = self._called(function)
        if outcome.answer is None or outcome.killer is not None:
            raise self._fault(outcome, what)
        try:
            return wire.decode(outcome.answer)
        except wire.WireError as error:
            raise self.fault(what, "returned something that cannot be read", error) from None

    def _called(self, function: str) -> str:
        return f"{function} of {self._author.file}"

    def fault(self, what: str, failure: str, words: object) -> AuthorFault:
        """The fault that a reply is not what it must be, logged; ``words`` may hold secrets and are for the author."""
        return self._logged(AuthorFault(f"{what} {failure}: {words}", f"{what} {failure}", self._author.file))

    def _fault(self, outcome: RunOutcome, what: str, missing: str | None = None) -> AuthorFault:
        if outcome.killer in (Killer.CANCELLED, Killer.DEADLINE):
            raise Interrupted(outcome.killer)
        if missing is not None:
            return self._logged(AuthorFault(missing, missing, self._author.file))
        told, brief = (
            f"{what} {describe_failure(outcome, self._author, self._limits, candid=candid)}" for candid in (True, False)
        )
        place = place_of(outcome, self._author)
        file, line = (self._author.file, None) if place is None else (str(place[0]), place[1])
        return self._logged(AuthorFault(told, brief, file, line))

    def _logged(self, fault: AuthorFault) -> AuthorFault:
        _LOG.error("author_code_failed", key=self._author.key, file=fault.file, line=fault.line, failure=fault.told)
        return fault
