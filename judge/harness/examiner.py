"""Runs a test program inside its own box: the author's code, in which the candidate's function is only named.

``candidate`` is a function of ours that asks the judge; the judge calls the candidate's function, in another box, and
what comes back is a value made anew from bytes, or an exception made anew from its name and message. So what a test
program compares was never an object of the candidate's: an ``==`` that is always true, a patched ``assert`` helper or
an exit stays in the candidate's process.

Whatever happens is told as a mapping: ``how`` it ended, how many assertions were ``reached`` (and held), and the
``type`` of the exception that ended it, if one did. Nothing here is a verdict.
"""

from __future__ import annotations

import builtins
import sys

from . import runner, wire

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ENDED, ASSERTION, CANDIDATE, ERROR = "ended", "assertion", "candidate", "error"
VALUE, RAISED = "value", "raised"
MAX_RECORD_BYTES = 1 << 20  # of the questions and answers of a rehearsal that are kept

_reached = 0


def note() -> None:
    """Counts an assertion that held; the judge puts a call of it after each ``assert``."""
    global _reached
    _reached += 1


def examine(ask: Callable[..., Any], seed: int, scope: dict[str, Any], entry: str) -> dict[str, object]:
    """Runs ``check(candidate)`` of the test program whose names are in ``scope``; returns how it ended."""
    raised: list[BaseException] = []

    def candidate(*arguments: Any, **keywords: Any) -> Any:
        kind, told = ask(arguments, keywords)
        if kind == VALUE:
            return told
        raised.append(_exception(*told))
        raise raised[-1]

    return _run(candidate, seed, scope, entry, raised)


def rehearse(solution: Callable[..., Any], seed: int, scope: dict[str, Any], entry: str) -> dict[str, object]:
    """The same with the author's own solution in the candidate's place; values cross as if between processes.

    Also told are the number of ``calls``, and the ``record`` of them: questions and answers as bytes, or None when they
    are too many, or one of them raised.
    """
    record: list[tuple[bytes, bytes]] = []
    told = {"calls": 0, "bytes": 0, "raised": 0}

    def candidate(*arguments: Any, **keywords: Any) -> Any:
        told["calls"] += 1
        question = wire.encode((arguments, keywords))
        given: Any = _decoded(question)
        try:
            answer = wire.encode(solution(*given[0], **given[1]))
        except BaseException:
            told["raised"] += 1
            raise
        told["bytes"] += len(question) + len(answer)
        if told["bytes"] <= MAX_RECORD_BYTES:
            record.append((question, answer))
        return _decoded(answer)

    how = _run(candidate, seed, scope, entry, [])
    whole = not told["raised"] and told["bytes"] <= MAX_RECORD_BYTES
    return {**how, "calls": told["calls"], "record": record if whole else None}


def _run(
    candidate: Callable[..., Any], seed: int, scope: dict[str, Any], entry: str, raised: list[BaseException]
) -> dict[str, object]:
    global _reached
    _reached, how, kind = 0, ENDED, ""
    candidate.__name__ = candidate.__qualname__ = entry
    scope[entry] = candidate
    _seed(seed)
    try:
        scope["check"](candidate)
    except BaseException as error:
        kind = type(error).__name__
        mine = any(error is one for one in raised)
        how = CANDIDATE if mine else ASSERTION if isinstance(error, AssertionError) else ERROR
    return {"how": how, "reached": _reached, "type": kind}


def _decoded(data: bytes) -> object:
    return wire.decode(data, make_array=runner.make_array)


def _seed(seed: int) -> None:
    """The same submission meets the same tests whenever it is graded."""
    for name in ("random", "numpy.random"):
        module = sys.modules.get(name)
        if module is not None:
            module.seed(seed % 2**32)


def _exception(name: str, bases: list[str], message: str) -> BaseException:
    """Returns an exception of the first of its built-in classes, under its own name."""
    base = next((kind for kind in map(_builtin, [name, *bases]) if kind is not None), Exception)
    kind: Any = base if base.__name__ == name else type(name, (base,), {})
    try:
        made: BaseException = kind(message)
    except TypeError:  # UnicodeDecodeError and its like take more than a message
        made = type(name, (Exception,), {})(message)
    return made


def _builtin(name: str) -> type[Exception] | None:
    kind = getattr(builtins, name, None)
    return kind if isinstance(kind, type) and issubclass(kind, Exception) else None
