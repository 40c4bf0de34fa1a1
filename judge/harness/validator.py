"""Runs an output validator of the Kattis package format, inside its own box: the author's code, never a candidate's.

``validate`` is the function of a custom checker. It lays out what the validator is given (the input file, the answer
file, an empty feedback directory, the output on standard input), runs the validator's main file in a fork as
``__main__``, and turns its exit status into a reply: 42 accepts, 43 rejects, anything else is an exception, which is a
fault of the package. Only ``teammessage.txt`` reaches the candidate.
"""

from __future__ import annotations

import builtins
import os
import runpy
import shutil
import sys
import tempfile
import traceback

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from typing import Any, NoReturn

MAIN = "validator_main.txt"  # beside this file: the name of the validator's main file
ACCEPTED, REJECTED = 42, 43
UNSUPPORTED = ("score.txt", "score_multiplier.txt", "nextpass.in")
MAX_MESSAGE = 2000


class ValidatorError(Exception):
    """The validator did not say whether it accepts."""


def validate(arguments: Any, expected: Any, answer: bytes) -> dict[str, object]:
    """Returns the reply of a custom checker. Raises ValidatorError."""
    directory = tempfile.mkdtemp()
    try:
        feedback = os.path.join(directory, "feedback", "")
        os.mkdir(feedback)
        contents = {"test.in": arguments["stdin"], "test.ans": expected[0], "output": answer}
        paths = [_write(directory, name, content) for name, content in contents.items()]
        status = _run([*paths[:2], feedback, *expected[1]], paths[2])
        return _reply(status, feedback)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _write(directory: str, name: str, content: bytes) -> str:
    path = os.path.join(directory, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def _run(command: list[str], output: str) -> int:
    """Returns the exit status of the validator, negative when a signal ended it."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _become(command, output)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become(command: list[str], output: str) -> NoReturn:
    status = 1
    try:
        here = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(here, MAIN)) as file:
            main = os.path.join(here, file.read())
        os.dup2(os.open(output, os.O_RDONLY), 0)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
        sys.argv[:] = [main, *command]
        builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]  # as the module site does
        runpy.run_path(main, run_name="__main__")
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status & 0xFF)


def _reply(status: int, feedback: str) -> dict[str, object]:
    if status not in (ACCEPTED, REJECTED):
        how = f"exit status {status}" if status >= 0 else f"signal {-status}"
        raise ValidatorError(f"expected exit status {ACCEPTED} or {REJECTED}, found {how}")
    for name in UNSUPPORTED:
        if os.path.exists(os.path.join(feedback, name)):
            raise ValidatorError(f"the feedback file {name} is not supported")
    path = os.path.join(feedback, "teammessage.txt")
    message = ""
    if os.path.isfile(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            message = file.read(MAX_MESSAGE).strip()
    if status == ACCEPTED:
        return {"accepted": True, "message": message}
    return {"accepted": False, "message": message or "the output validator does not accept the output"}
