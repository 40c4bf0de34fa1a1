"""Author code in the sandbox: a generator or a reference, called like a submission and never in this process.

A reference is a program whose entry point is called with a case's arguments. A generator is called through a small
main file of ours, which imports the author's module and hands it a ``random.Random`` of the case's seed: a live
object that no encoding carries. What fails is the author's fault, told with the file, line and exception: where the
traceback ends when the code does not load, the line of ``judge.yaml`` that names the code when it left no traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from judge.author.box import AuthorFault
from judge.author.failures import describe_failure, missing_function, place_of
from judge.author.shim import program_of
from judge.errors import SpecError
from judge.harness import wire
from judge.model.program import AuthorFunction, Program
from judge.model.run import Isolation, Limits, RunOutcome
from judge.model.signature import Signature
from judge.ports import Box, BoxSpec, Call, Sandbox
from judge.spec.limits import MIB, SECOND, wall_guard_ns

AUTHOR_LIMITS = Limits(
    cpu_ns=10 * SECOND,
    wall_ns=wall_guard_ns(10 * SECOND),
    memory_bytes=2048 * MIB,
    output_bytes=8 * MIB,
    answer_bytes=64 * MIB,
)
_GENERATE = """
import random

generate = author.__dict__[{function!r}]


def judge_generate(seed, params):
    return generate(random.Random(seed), **params)
"""


class AuthorCode:
    """A loaded function of the author's."""

    def __init__(self, box: Box, author: AuthorFunction, judge_file: str) -> None:
        self._box = box
        self._author = author
        self._judge_file = judge_file  # where it is named

    def call(self, arguments: bytes, *, file: str, line: int | None, what: str, audit: bool = False) -> Any:
        """Calls it with the encoded mapping ``arguments``; returns its answer as ``wire.decode`` gives it.

        ``audit`` refuses a function that draws from a global generator. ``file``, ``line`` and ``what`` say on whose
        behalf it is called, for messages. Raises SpecError.
        """
        call = Call(arguments=arguments, limits=AUTHOR_LIMITS, audit_seed=0 if audit else None)
        outcome = self._box.call(call)
        if outcome.answer is None:
            failure = describe_failure(outcome, self._author, AUTHOR_LIMITS)
            if self._author.key != "generator" and place_of(outcome, self._author) is None:
                file, line = self._judge_file, self._author.line
            raise SpecError(f"{what}: {self._name} {failure}", file=file, line=line)
        if outcome.audit is not None and outcome.audit.global_random_changed:
            message = f"{what}: {self._name} draws from a global random generator, so the test is not reproducible"
            raise SpecError(message, file=file, line=line)
        return self._decode(outcome.answer, f"{what}: {self._name}", file, line)

    @property
    def _name(self) -> str:
        return f"{self._author.function} of {self._author.file}"

    def _decode(self, answer: bytes, what: str, file: str, line: int | None) -> Any:
        try:
            return wire.decode(answer)
        except wire.WireError as error:
            raise SpecError(f"{what} returned something that cannot be read: {error}", file=file, line=line) from None


@contextmanager
def author_code(
    sandbox: Sandbox,
    author: AuthorFunction,
    program: Program,
    *,
    file: str,
    runtime: str,
    hash_seed: int = 0,
    signature: Signature | None = None,
) -> Iterator[AuthorCode]:
    """Opens a box and loads ``program`` in it, which runs ``author``. Raises SpecError when it does not load.

    ``signature`` is that of a reference, which may be a class. ``file`` is the path of ``judge.yaml``, for messages;
    ``runtime`` is the problem's.
    """
    spec = BoxSpec(
        program=program,
        entry_point=program.entry_point,
        isolation=Isolation.SUBMISSION,
        load_limits=AUTHOR_LIMITS,
        runtime=runtime,
        hash_seed=hash_seed,
        signature=signature,
    )
    with sandbox.open(spec) as box:
        outcome = box.load()
        if not outcome.loaded:
            raise load_error(outcome, author, file)
        yield AuthorCode(box, author, file)


def load_error(outcome: RunOutcome, author: AuthorFunction, judge_file: str) -> SpecError:
    """The error that author code which does not load is, in its own file if it is known where."""
    missing = missing_function(outcome, author)
    if missing is not None:
        return SpecError(f"{author.key}: {missing}", file=judge_file, line=author.line)
    failure = describe_failure(outcome, author, AUTHOR_LIMITS)
    place = place_of(outcome, author)
    if place is None:
        return SpecError(f"{author.key}: {author.file} {failure}", file=judge_file, line=author.line)
    file, line = place
    return SpecError(f"{author.key}: {author.file} {failure}", file=str(Path(judge_file).parent / file), line=line)


def author_error(fault: AuthorFault, author: AuthorFunction, judge_file: str, what: str = "") -> SpecError:
    """The error that a fault of code which is named in ``judge.yaml`` is: at its own line, if it has one."""
    if fault.line is None:
        return SpecError(f"{what}{author.key}: {fault.told}", file=judge_file, line=author.line)
    file = str(Path(judge_file).parent / fault.file)
    return SpecError(f"{what}{author.key}: {fault.told}", file=file, line=fault.line)


def generator_program(author: AuthorFunction) -> Program:
    """The program of a generator: our main file, and the author's files beside it."""
    body = _GENERATE.format(function=author.function)
    return program_of(author, [author.function], body, "judge_generate")
