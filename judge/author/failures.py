"""What went wrong with the author's code, told to the author: the file, the line, the exception or the limit."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from judge.author.shim import MISSING, SHIM
from judge.model.program import AuthorFunction
from judge.model.run import Frame, Killer, Limits, Raised, RunOutcome
from judge.units import format_bytes, format_ns

# How the interpreter ends the text of a syntax error in a file that is imported.
_SYNTAX_ERROR_AT = re.compile(r" \((?P<file>[^()\s]+\.py), line (?P<line>\d+)\)\Z")


def describe_failure(outcome: RunOutcome, author: AuthorFunction, limits: Limits, *, candid: bool = True) -> str:
    """Returns what happened: "raised ValueError: ... at generators/cases.py:12, in generate: ...".

    Unless ``candid``, what the author's code says and what it looks like is left out, and so is the name of the
    exception's class, which may say as much: candidates may read it.
    """
    if outcome.killer is not None and outcome.protocol_error is None:
        return _describe_killer(outcome.killer, limits)
    if outcome.raised is not None:
        return _describe_exception(outcome.raised, author, candid)
    if outcome.oom_kills:
        return f"exceeded the memory limit of {format_bytes(limits.memory_bytes)}"
    unencodable = f": {outcome.unencodable}" if candid else ""
    told = (
        outcome.entry_point_missing,
        outcome.unencodable and f"returned a value that has no encoding{unencodable}",
        outcome.too_large and f"returned a value that is too large: {outcome.too_large}",
        outcome.protocol_error and f"broke the protocol: {outcome.protocol_error}",
        outcome.signal and f"was ended by the signal {outcome.signal}",
    )
    return next((text for text in told if text), f"ended with the exit status {outcome.exit_code} without an answer")


def missing_function(outcome: RunOutcome, author: AuthorFunction) -> str | None:
    """Returns "expected FILE to define a function 'f', found 'g'" when a function is what the module lacks."""
    if outcome.entry_point_missing:
        defined = outcome.entry_point_missing.partition("; it defines ")[2]
        found = "none" if defined in ("", "no function") else defined
        return f"expected {author.file} to define a function {author.function!r}, found {found}"
    raised = outcome.raised
    if raised is None or raised.type_name != MISSING or own_frames(raised):
        return None
    return f"expected {author.file} to define {raised.message}"


def place_of(outcome: RunOutcome, author: AuthorFunction) -> tuple[PurePosixPath, int] | None:
    """Returns the file of the package and the line where an exception was raised; None when it did not say."""
    raised = outcome.raised
    if raised is None or raised.type_name == "SystemExit":
        return None
    directory = PurePosixPath(author.file).parent
    syntax = _SYNTAX_ERROR_AT.search(raised.message)
    if syntax and syntax["file"] in [file.path for file in author.program.files]:
        return directory / syntax["file"], int(syntax["line"])
    own = own_frames(raised)
    return (directory / own[-1].file, own[-1].line) if own else None


def own_frames(raised: Raised) -> list[Frame]:
    """Returns the frames of the author's files, without those of our main file."""
    return [frame for frame in raised.frames if frame.file != SHIM]


def _describe_killer(killer: Killer, limits: Limits) -> str:
    exceeded = {
        Killer.CPU: f"the CPU limit of {format_ns(limits.cpu_ns)}",
        Killer.WALL: f"the wall-time limit of {format_ns(limits.wall_ns)}",
        Killer.MEMORY: f"the memory limit of {format_bytes(limits.memory_bytes)}",
        Killer.OUTPUT: f"the output limit of {format_bytes(limits.output_bytes)}",
        Killer.ANSWER: f"the limit on an answer of {format_bytes(limits.answer_bytes)}",
    }
    return f"exceeded {exceeded[killer]}" if killer in exceeded else f"was stopped: {killer.value}"


def _describe_exception(raised: Raised, author: AuthorFunction, candid: bool) -> str:
    own = own_frames(raised)
    told = "an exception"
    if candid:
        told = f"{raised.type_name}: {raised.message}" if raised.message else raised.type_name
    return f"raised {told} at {_describe_frame(own[-1], author, candid)}" if own else f"raised {told}"


def _describe_frame(frame: Frame, author: AuthorFunction, candid: bool) -> str:
    path = PurePosixPath(author.file).parent / frame.file
    return f"{path}:{frame.line}, in {frame.function}" + (f": {frame.source}" if candid else "")
