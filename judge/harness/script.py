"""Runs a program as an interpreter runs a script: from its first statement, as ``__main__``, to its exit status.

What a script may count on is there: ``sys.argv``, standard streams on the descriptors 0, 1 and 2, the traceback of an
uncaught exception on standard error with status 1, ``exit`` with a status or a text, threads waited for, ``atexit``
functions called, streams flushed (status 120 when that fails).
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from typing import Any, NoReturn

_FAILED = 1
_NOT_FLUSHED = 120  # as CPython says it

_exit = os._exit


def run(code: Any, path: str, arguments: list[str]) -> NoReturn:
    """Runs ``code``, which was compiled from the file ``path``; never returns."""
    module = type(sys)("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    sys.argv[:] = [path, *arguments]
    _renew_streams()
    _complete_builtins()
    status = _FAILED
    try:
        status = _execute(code, module.__dict__)
        status = _finish(status)
    finally:
        _exit(status & 0xFF)


def _renew_streams() -> None:
    """Opens the standard streams anew: those of a warm interpreter were made for other descriptors."""

    def stream(descriptor: int, mode: str, errors: str, buffering: int = -1) -> Any:
        return open(descriptor, mode, buffering, encoding="utf-8", errors=errors, closefd=False)

    sys.stdin = sys.__stdin__ = stream(0, "r", "surrogateescape")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = stream(1, "w", "surrogateescape")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = stream(2, "w", "backslashreplace", 1)  # type: ignore[misc]


def _complete_builtins() -> None:
    """Defines ``exit`` and ``quit``, which scripts use and the module ``site`` would define."""
    import builtins

    builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]


def _execute(code: Any, names: dict[str, Any]) -> int:
    try:
        exec(code, names)
    except SystemExit as leaving:
        return _status(leaving.code)
    except BaseException as error:
        _show(error)
        return _FAILED
    return 0


def _status(code: Any) -> int:
    """Returns the exit status of ``sys.exit(code)``; a text goes to standard error."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code if -(2**63) <= code < 2**63 else -1
    print(code, file=sys.stderr)
    return _FAILED


def _show(error: BaseException) -> None:
    """Prints the traceback, from the program's own first frame on."""
    step = error.__traceback__
    own = step.tb_next if step is not None else None
    try:
        sys.stdout.flush()
        sys.excepthook(type(error), error.with_traceback(own), own)
    except BaseException:
        return


def _finish(status: int) -> int:
    """Does what an interpreter does before it ends; returns the exit status."""
    threading = sys.modules.get("threading")
    if threading is not None:
        threading._shutdown()
    atexit = sys.modules.get("atexit")
    if atexit is not None:
        atexit._run_exitfuncs()
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BaseException:
        status = _NOT_FLUSHED
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except BaseException:
        status = _NOT_FLUSHED
    return status
