"""Author code in the sandbox: a generator or a reference, called like a submission and never in this process.

A reference is a program whose entry point is called with a case's arguments. A generator is called through a small
main file of ours, which imports the author's module and hands it a ``random.Random`` of the case's seed: a live
object that no encoding carries. What fails is the author's fault, told with the file, line and exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any

from judge.errors import SpecError
from judge.harness import wire
from judge.model.problem import AuthorFunction
from judge.model.program import Program, SourceFile
from judge.model.run import Frame, Isolation, Killer, Limits, Raised, RunOutcome
from judge.ports import Box, BoxSpec, Call, Sandbox
from judge.spec.limits import MIB, SECOND, wall_guard_ns
from judge.spec.programs import SHIM
from judge.units import format_bytes, format_ns

AUTHOR_LIMITS = Limits(
    cpu_ns=10 * SECOND,
    wall_ns=wall_guard_ns(10 * SECOND),
    memory_bytes=2048 * MIB,
    output_bytes=8 * MIB,
    answer_bytes=64 * MIB,
)
GENERATE = "judge_generate"
_SHIM = """\
import random

from {module} import {function} as generate


def {entry}(seed, params):
    return generate(random.Random(seed), **params)
"""


class AuthorCode:
    """A loaded function of the author's."""

    def __init__(self, box: Box, author: AuthorFunction) -> None:
        self._box = box
        self._author = author

    def call(self, arguments: bytes, *, file: str, line: int | None, what: str, audit: bool = False) -> Any:
        """Calls it with the encoded mapping ``arguments``; returns its answer as ``wire.decode`` gives it.

        ``audit`` refuses a function that draws from a global generator. ``file``, ``line`` and ``what`` say on whose
        behalf it is called, for messages. Raises SpecError.
        """
        call = Call(arguments=arguments, limits=AUTHOR_LIMITS, audit_seed=0 if audit else None)
        outcome = self._box.call(call)
        if outcome.answer is None:
            failure = describe_failure(outcome, self._author, AUTHOR_LIMITS)
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
def author_code(sandbox: Sandbox, author: AuthorFunction, program: Program, *, file: str) -> Iterator[AuthorCode]:
    """Opens a box and loads ``program`` in it, which runs ``author``. Raises SpecError when it does not load."""
    spec = BoxSpec(
        program=program,
        entry_point=program.entry_point,
        isolation=Isolation.SUBMISSION,
        load_limits=AUTHOR_LIMITS,
    )
    with sandbox.open(spec) as box:
        outcome = box.load()
        if not outcome.loaded:
            failure = describe_failure(outcome, author, AUTHOR_LIMITS)
            raise SpecError(f"{author.file} {failure}", file=file)
        yield AuthorCode(box, author)


def generator_program(author: AuthorFunction) -> Program:
    """The program of a generator: our main file, and the author's files beside it."""
    module = author.program.main.path.removesuffix(".py")
    shim = _SHIM.format(module=module, function=author.function, entry=GENERATE).encode()
    files = (SourceFile(path=SHIM, content=shim), *author.program.files)
    return Program(language=author.program.language, files=files, entry_point=GENERATE)


def describe_failure(outcome: RunOutcome, author: AuthorFunction, limits: Limits) -> str:
    """Returns what happened, for the author: "raised ValueError: ... at generators/cases.py:12, in generate"."""
    if outcome.killer is not None:
        return _describe_killer(outcome.killer, limits)
    if outcome.raised is not None:
        return _describe_exception(outcome.raised, author)
    if outcome.oom_kills:
        return f"exceeded the memory limit of {format_bytes(limits.memory_bytes)}"
    told = (
        outcome.entry_point_missing,
        outcome.unencodable and f"returned a value that has no encoding: {outcome.unencodable}",
        outcome.too_large and f"returned a value that is too large: {outcome.too_large}",
        outcome.protocol_error and f"broke the protocol: {outcome.protocol_error}",
        outcome.signal and f"was ended by the signal {outcome.signal}",
    )
    return next((text for text in told if text), f"ended with the exit status {outcome.exit_code} without an answer")


def _describe_killer(killer: Killer, limits: Limits) -> str:
    exceeded = {
        Killer.CPU: f"the CPU limit of {format_ns(limits.cpu_ns)}",
        Killer.WALL: f"the wall-time limit of {format_ns(limits.wall_ns)}",
        Killer.MEMORY: f"the memory limit of {format_bytes(limits.memory_bytes)}",
        Killer.OUTPUT: f"the output limit of {format_bytes(limits.output_bytes)}",
        Killer.ANSWER: f"the limit on an answer of {format_bytes(limits.answer_bytes)}",
    }
    return f"exceeded {exceeded[killer]}" if killer in exceeded else f"was stopped: {killer.value}"


def _describe_exception(raised: Raised, author: AuthorFunction) -> str:
    own = [frame for frame in raised.frames if frame.file != SHIM]
    message = f"raised {raised.type_name}: {raised.message}" if raised.message else f"raised {raised.type_name}"
    return f"{message} at {_describe_frame(own[-1], author)}" if own else message


def _describe_frame(frame: Frame, author: AuthorFunction) -> str:
    path = PurePosixPath(author.file).parent / frame.file
    return f"{path}:{frame.line}, in {frame.function}: {frame.source}"
