"""The author's output validator at work on one test: it judges pass after pass, or speaks with the program.

Each pass has a box of its own, so that an interactor's standard streams hold nothing of another pass; what the
validator left in its feedback directory is handed on. A Python one is run by ``judge.harness.validator``, a compiled
one as the program that it is. In a conversation the program's box is called with the validator's as its partner, and
both outcomes come back: what they amount to is judged in ``judge.grading.conversations``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from judge.author.box import AuthorBox, AuthorFault
from judge.author.shim import program_of
from judge.author.validator import CompiledRuns
from judge.checkers.validator import CONVENTIONS, IGNORED_POINTS, NEXT_PASS, TESTLIB_POINTS, Validator
from judge.harness import wire
from judge.model.program import AuthorFunction
from judge.model.report import Judgement
from judge.model.run import Killer, Limits, RunOutcome
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.ports import Box, Call, Interrupt, Partner, Sandbox

_CALLED = "main"  # in messages
_RULE = """
def judge_rule(facts):
    return author.rule(*facts)
"""
_OUTPUT_BYTES = _FEEDBACK_BYTES = 64 << 20  # what an interactor says to the program; what a box has room for
_WORDS = 500  # bytes of standard error that the author is told of


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """What a validator says of one pass."""

    judgement: Judgement
    next_input: bytes | None = None  # of the pass that must follow; None: this was the last
    feedback: Mapping[str, bytes] = field(default_factory=dict)  # the files of its feedback directory


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """What a validator is told of one pass, beside what the program says."""

    stem: str  # the name of the test's files
    given: bytes  # the pass's input
    expected: Any  # the answer file, the validator's arguments, and the most points that it may give
    feedback: Mapping[str, bytes]  # as earlier passes left it


class AuthorValidator:
    """Opens a box for each pass; Interrupted when the grading was cancelled meanwhile."""

    def __init__(
        self,
        checker: Validator,
        author: AuthorFunction,
        sandbox: Callable[[], Sandbox],
        interrupt: Interrupt | None = None,
        runtime: str = DEFAULT_RUNTIME,
    ) -> None:
        limits = replace(checker.limits(), output_bytes=_OUTPUT_BYTES, answer_bytes=_FEEDBACK_BYTES)
        self._checker = checker
        points = (TESTLIB_POINTS,) if checker.convention != "kattis" else ()
        self._accepting = (*CONVENTIONS[checker.convention][0], *points)
        self._runs: _Runs
        if author.program.language == "python3":
            self._runs = _Scripts(author, sandbox, limits, interrupt, runtime)
        else:
            self._runs = _Programs(CompiledRuns(checker, author, sandbox, interrupt, limits=limits))
        self.file = author.file

    def rule(self, told: Pass, output: bytes) -> Ruling:
        """Judges what the program wrote in one pass. Raises AuthorFault, Interrupted or InfrastructureError."""
        with self._runs.opened(told, output) as (box, call):
            return self._ruling(told, self._runs.reply(box.call(call)))

    def converse(self, program: Box, call: Call, told: Pass) -> tuple[RunOutcome, Ruling | AuthorFault | None]:
        """Has the validator speak with the program; returns the outcome of the program and what the validator said.

        It said nothing (None) when it was stopped because the program had failed. Raises AuthorFault when it does not
        load, Interrupted or InfrastructureError.
        """
        with self._runs.opened(told, None) as (box, question):
            partner = Partner(box=box, call=question, decides=self._rejects)
            outcome = program.call(replace(call, partner=partner))
            if outcome.dialogue is None:
                raise RuntimeError("a box that made a call with a partner tells of no dialogue")
            said = outcome.dialogue.partner
            if said.killer is Killer.PARTNER:
                return outcome, None
            try:
                return outcome, self._ruling(told, self._runs.reply(said), said.stderr.data)
            except AuthorFault as fault:
                return outcome, fault

    def _rejects(self, outcome: RunOutcome) -> bool:
        """Whether the program need not go on after such an end of the validator: unless it accepts."""
        return self._runs.status(outcome) not in self._accepting

    def _ruling(self, told: Pass, reply: Mapping[str, Any], words: bytes = b"") -> Ruling:
        """Raises AuthorFault for a reply that says nothing."""
        files = dict(reply["files"])
        following = files.pop(NEXT_PASS, None)
        large = sorted(name for name, content in files.items() if content is None)
        try:
            if following is not None and large:
                raise ValueError(f"the feedback file {large[0]} is too large, or one of more than can be kept")
            if NEXT_PASS in reply["files"] and reply["exit"] not in self._accepting:
                raise ValueError(f"it left {NEXT_PASS} and did not accept: expected exit status {self._accepting[0]}")
            if NEXT_PASS in reply["files"] and following is None:
                raise ValueError(f"the feedback file {NEXT_PASS} is too large")
            points = told.expected[2] if following is None else IGNORED_POINTS  # those of the last pass count
            judgement = self._checker.judgement({**reply, "files": files, "points": points})
        except ValueError as error:
            said = words[-_WORDS:].decode("utf-8", "replace").strip()
            raise self._runs.fault("did not judge", f"{error}{said and f'; it said: {said}'}") from None
        kept = {name: content for name, content in files.items() if content is not None}
        return Ruling(judgement=judgement, next_input=following, feedback=kept)


class _Runs(Protocol):
    """How a validator is run."""

    @contextmanager
    def opened(self, told: Pass, output: bytes | None) -> Iterator[tuple[Box, Call]]:
        """A loaded box and the call that runs it; without ``output`` it is to speak. Raises AuthorFault."""
        ...

    def status(self, outcome: RunOutcome) -> int | None:
        """The exit status of a run that ended by itself."""
        ...

    def reply(self, outcome: RunOutcome) -> Mapping[str, Any]:
        """How a run ended, and its feedback files. Raises AuthorFault or Interrupted."""
        ...

    def fault(self, failure: str, words: object) -> AuthorFault:
        """The fault that it did what it must not, logged."""
        ...


class _Scripts:
    """A validator in Python, behind the harness's shim."""

    def __init__(
        self,
        author: AuthorFunction,
        sandbox: Callable[[], Sandbox],
        limits: Limits,
        interrupt: Interrupt | None,
        runtime: str,
    ) -> None:
        program = program_of(author, ["rule"], _RULE, "judge_rule")
        self._file = author.file
        self._make: Callable[[bool], AuthorBox] = lambda live: AuthorBox(
            sandbox, author, program, limits, interrupt, runtime, live_stdin=live
        )
        self._box = self._make(False)

    @contextmanager
    def opened(self, told: Pass, output: bytes | None) -> Iterator[tuple[Box, Call]]:
        facts = (told.stem, told.given, told.expected[0], told.expected[1], output, dict(told.feedback))
        with self._make(output is None) as self._box:
            yield self._box.load(), self._box.question(function=_CALLED, facts=facts)

    def status(self, outcome: RunOutcome) -> int | None:
        try:
            reply = wire.decode(outcome.answer or b"")
        except wire.WireError:
            return None
        return reply.get("exit") if isinstance(reply, dict) else None

    def reply(self, outcome: RunOutcome) -> Mapping[str, Any]:
        reply: Mapping[str, Any] = self._box.answer(outcome, function=_CALLED)
        return reply

    def fault(self, failure: str, words: object) -> AuthorFault:
        return self._box.fault(self._file, failure, words)


class _Programs:
    """A compiled validator."""

    def __init__(self, runs: CompiledRuns) -> None:
        self._runs = runs

    @contextmanager
    def opened(self, told: Pass, output: bytes | None) -> Iterator[tuple[Box, Call]]:
        answer, flags, _ = told.expected
        with self._runs.opened(told.stem, told.given, answer, flags, output, told.feedback) as opened:
            yield opened

    def status(self, outcome: RunOutcome) -> int | None:
        return outcome.exit_code

    def reply(self, outcome: RunOutcome) -> Mapping[str, Any]:
        return self._runs.reply(outcome)

    def fault(self, failure: str, words: object) -> AuthorFault:
        return self._runs.fault(failure, words)
