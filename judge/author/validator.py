"""An output validator at work: a program of the author's that judges what a candidate's program wrote.

It runs in a slot of the judge's own, where nothing of a candidate's has ever run, once for each output and with nothing
left from another run. A compiled one has a box for each run: the input, the answer and an empty feedback directory lie
in its working directory, the output is its standard input, and the box's init hands out what it wrote there. A Python
one is run by ``judge.harness.validator``, in forks of one box. An end that is no judgement is a fault of the package:
the judgement then has the reason ``checker``, which is never a verdict on the candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, ClassVar, Self

import structlog

from judge.author.box import AuthorBox, AuthorFault, Interrupted
from judge.author.failures import describe_failure
from judge.author.shim import program_of
from judge.checkers.contract import CaseFacts
from judge.checkers.validator import FEEDBACK, Validator
from judge.harness import wire
from judge.model.program import AuthorFunction
from judge.model.report import Judgement
from judge.model.run import Isolation, Killer, Limits, RunOutcome
from judge.model.signature import Signature
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason
from judge.ports import Box, BoxSpec, Call, Interrupt, Sandbox

_LOG = structlog.get_logger(__name__)
_DIRECTORY = "feedback/"
_HERE = "/box/"
_TEAM_OUTPUT = "team.out"
_VALIDATE = "\n\ndef judge_validate(facts):\n    return author.validate(*facts)\n"


class ValidatorCheck:
    """A CaseChecker that asks the package's validator; a context, which closes its box."""

    name: ClassVar[str] = "validator"

    def __init__(
        self,
        checker: Validator,
        author: AuthorFunction,
        sandbox: Callable[[], Sandbox],
        *,
        interrupt: Interrupt | None = None,
        runtime: str = DEFAULT_RUNTIME,
        candid: bool = False,
    ) -> None:
        self._checker = checker
        self._candid = candid  # whether messages are for the author, not for candidates
        self._runner: _PythonRuns | CompiledRuns
        if author.program.language == "python3":
            self._runner = _PythonRuns(checker, author, sandbox, interrupt, runtime)
        else:
            self._runner = CompiledRuns(checker, author, sandbox, interrupt)
        self._author = author

    def __enter__(self) -> Self:
        """Opens nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the box, if one is open."""
        self._runner.close(kind, error, traceback)

    def load(self) -> None:
        """Compiles or loads the program. Raises AuthorFault when that fails."""
        self._runner.load()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """As the checker says."""
        return self._checker.expected_type(signature)

    def check_key(self, case: CaseFacts) -> None:
        """As the checker says."""
        self._checker.check_key(case)

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Runs the validator. Raises Interrupted when the grading was cancelled meanwhile, InfrastructureError."""
        try:
            return self._judgement(self._runner.run(case, answer) | {"points": case.expected[2]})
        except AuthorFault as fault:
            message = f"output validator {self._author.file}: {fault.told if self._candid else fault.brief}"
            return Judgement(accepted=False, reason=Reason.CHECKER, message=message)

    def _judgement(self, reply: dict[str, Any]) -> Judgement:
        try:
            return self._checker.judgement(reply)
        except ValueError as error:
            raise _logged(AuthorFault(str(error), str(error), self._author.file), self._author) from None


class _PythonRuns:
    """A validator in Python, behind the harness's shim, which answers with how a run ended."""

    def __init__(
        self,
        checker: Validator,
        author: AuthorFunction,
        sandbox: Callable[[], Sandbox],
        interrupt: Interrupt | None,
        runtime: str,
    ) -> None:
        program = program_of(author, [author.function], _VALIDATE, "judge_validate")
        self._box = AuthorBox(sandbox, author, program, checker.limits(), interrupt, runtime)
        self.close = self._box.__exit__

    def load(self) -> None:
        """Opens the box."""
        self._box.load()

    def run(self, case: CaseFacts, output: bytes) -> dict[str, Any]:
        """Returns how a run ended, and the feedback files."""
        facts = (_stem(case), case.arguments["stdin"], case.expected[0], case.expected[1], output)
        reply: dict[str, Any] = self._box.ask(function="validate", facts=facts)
        return reply


class CompiledRuns:
    """A validator in a compiled language: a box for each run."""

    def __init__(
        self,
        checker: Validator,
        author: AuthorFunction,
        sandbox: Callable[[], Sandbox],
        interrupt: Interrupt | None,
        *,
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits or checker.limits()
        self._testlib = checker.convention == "testlib"
        self._author = author
        self._sandbox = sandbox
        self._interrupt = interrupt

    def close(self, *_error: object) -> None:
        """No box outlives its run."""

    def load(self) -> None:
        """Compiles it."""
        with self._sandbox().open(self._spec({}, b"")) as box:
            self._check_loaded(box.load())

    def run(self, case: CaseFacts, output: bytes) -> dict[str, Any]:
        """Returns how a run ended, and the feedback files."""
        answer, flags, _ = case.expected
        with self.opened(_stem(case), case.arguments["stdin"], answer, flags, output) as (box, call):
            return self.reply(box.call(call))

    @contextmanager
    def opened(
        self,
        stem: str,
        given: bytes,
        answer: bytes,
        flags: list[str],
        output: bytes | None,
        feedback: Mapping[str, bytes] | None = None,
    ) -> Iterator[tuple[Box, Call]]:
        """A loaded box and the call that runs the validator; without ``output`` it is to speak with a program.

        ``feedback`` is what lies in the feedback directory before it runs; all of it is then collected.
        """
        files = {f"{stem}.in": given, f"{stem}.ans": answer}
        files |= {_DIRECTORY + name: content for name, content in (feedback or {}).items()}
        arguments = [f"{_HERE}{stem}.in", f"{_HERE}{stem}.ans", f"{_HERE}{_DIRECTORY}", *flags]
        if self._testlib:
            files[_TEAM_OUTPUT] = output or b""
            arguments = [f"{_HERE}{stem}.in", _HERE + _TEAM_OUTPUT, f"{_HERE}{stem}.ans"]
        collect = tuple(_DIRECTORY + name for name in FEEDBACK)
        collect += () if feedback is None else (_DIRECTORY,)
        with self._sandbox().open(self._spec(files, output)) as box:
            self._check_loaded(box.load())
            yield box, Call(arguments=wire.encode(arguments), limits=self._limits, collect=collect)

    def reply(self, outcome: RunOutcome) -> dict[str, Any]:
        """How a run ended, and the feedback files. Raises AuthorFault or Interrupted."""
        if outcome.killer is not None or outcome.oom_kills or outcome.cpu_ns > self._limits.cpu_ns:
            raise self._fault(outcome)
        found = {name.removeprefix(_DIRECTORY): content for name, content in outcome.files.items()}
        return {"exit": outcome.exit_code, "signal": outcome.signal, "files": found, "said": outcome.stderr.data}

    def fault(self, failure: str, words: object) -> AuthorFault:
        """The fault that it did what it must not, logged; ``words`` are for the author."""
        file = self._author.file
        return _logged(AuthorFault(f"{file} {failure}: {words}", f"{file} {failure}", file), self._author)

    def _spec(self, files: dict[str, bytes], stdin: bytes | None) -> BoxSpec:
        return BoxSpec(
            program=self._author.program,
            entry_point="",
            isolation=Isolation.PROCESS,
            load_limits=self._limits,
            stdin=stdin or b"",
            live_stdin=stdin is None,
            files=files,
            interrupt=self._interrupt,
        )

    def _check_loaded(self, outcome: RunOutcome) -> None:
        """Raises AuthorFault, or Interrupted, unless the program was compiled."""
        if outcome.loaded:
            return
        if outcome.raised is not None:
            told = f"it does not compile: {outcome.raised.type_name}: {outcome.raised.message}"
            raise _logged(AuthorFault(told, "it does not compile", self._author.file), self._author)
        raise self._fault(outcome)

    def _fault(self, outcome: RunOutcome) -> AuthorFault:
        if outcome.killer in (Killer.CANCELLED, Killer.DEADLINE):
            raise Interrupted(outcome.killer)
        told, brief = (describe_failure(outcome, self._author, self._limits, candid=candid) for candid in (True, False))
        return _logged(AuthorFault(f"it {told}", f"it {brief}", self._author.file), self._author)


def _stem(case: CaseFacts) -> str:
    """The name of the test's files: validators see the names that they have in the package."""
    return case.name.rpartition("/")[2] or "test"


def _logged(fault: AuthorFault, author: AuthorFunction) -> AuthorFault:
    _LOG.error("author_code_failed", key=author.key, file=fault.file, line=fault.line, failure=fault.told)
    return fault
