"""Author code in the sandbox: a generator or a reference, called like a submission and never in this process.

A reference is a program whose entry point is called with a case's arguments. A generator is called through a small
main file of ours, which imports the author's module and hands it a ``random.Random`` of the case's seed: a live
object that no encoding carries. What fails is the author's fault, told with the file, line and exception: where the
traceback ends when the code does not load, the line of ``judge.yaml`` that names the code when it left no traceback.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
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

import {module} as author


class MissingFunction(Exception):
    pass


generate = author.__dict__.get({function!r})
if not callable(generate):
    own = [name for name, value in author.__dict__.items() if callable(value) and not name.startswith("_")]
    raise MissingFunction(", ".join(map(repr, own[:8])) or "none")


def {entry}(seed, params):
    return generate(random.Random(seed), **params)
"""
# How the interpreter ends the text of a syntax error in a file that is imported.
_SYNTAX_ERROR_AT = re.compile(r" \((?P<file>[^()\s]+\.py), line (?P<line>\d+)\)\Z")


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
            if self._author.key != "generator" and _place(outcome, self._author) is None:
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
) -> Iterator[AuthorCode]:
    """Opens a box and loads ``program`` in it, which runs ``author``. Raises SpecError when it does not load.

    ``file`` is the path of ``judge.yaml``, for messages; ``runtime`` is the problem's.
    """
    spec = BoxSpec(
        program=program,
        entry_point=program.entry_point,
        isolation=Isolation.SUBMISSION,
        load_limits=AUTHOR_LIMITS,
        runtime=runtime,
        hash_seed=hash_seed,
    )
    with sandbox.open(spec) as box:
        outcome = box.load()
        if not outcome.loaded:
            raise _load_error(outcome, author, file)
        yield AuthorCode(box, author, file)


def _load_error(outcome: RunOutcome, author: AuthorFunction, judge_file: str) -> SpecError:
    missing = _missing_function(outcome)
    if missing is not None:
        message = f"expected {author.file} to define a function {author.function!r}, found {missing}"
        return SpecError(f"{author.key}: {message}", file=judge_file, line=author.line)
    failure = describe_failure(outcome, author, AUTHOR_LIMITS)
    place = _place(outcome, author)
    if place is None:
        return SpecError(f"{author.key}: {author.file} {failure}", file=judge_file, line=author.line)
    file, line = place
    return SpecError(f"{author.key}: {author.file} {failure}", file=str(Path(judge_file).parent / file), line=line)


def _missing_function(outcome: RunOutcome) -> str | None:
    """Returns what the module defines instead, when the function is what it lacks."""
    if outcome.entry_point_missing:
        defined = outcome.entry_point_missing.partition("; it defines ")[2]
        return "none" if defined in ("", "no function") else defined
    raised = outcome.raised
    shims = raised is not None and raised.type_name == "MissingFunction" and not _own_frames(raised)
    return raised.message if raised is not None and shims else None


def _place(outcome: RunOutcome, author: AuthorFunction) -> tuple[PurePosixPath, int] | None:
    """Returns the file of the package and the line where an exception was raised; None when it did not say."""
    raised = outcome.raised
    if raised is None or raised.type_name == "SystemExit":
        return None
    directory = PurePosixPath(author.file).parent
    syntax = _SYNTAX_ERROR_AT.search(raised.message)
    if syntax and syntax["file"] in [file.path for file in author.program.files]:
        return directory / syntax["file"], int(syntax["line"])
    own = _own_frames(raised)
    return (directory / own[-1].file, own[-1].line) if own else None


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
    own = _own_frames(raised)
    message = f"raised {raised.type_name}: {raised.message}" if raised.message else f"raised {raised.type_name}"
    return f"{message} at {_describe_frame(own[-1], author)}" if own else message


def _own_frames(raised: Raised) -> list[Frame]:
    return [frame for frame in raised.frames if frame.file != SHIM]


def _describe_frame(frame: Frame, author: AuthorFunction) -> str:
    path = PurePosixPath(author.file).parent / frame.file
    return f"{path}:{frame.line}, in {frame.function}: {frame.source}"
