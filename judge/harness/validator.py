"""Runs an output validator of the Kattis package format, inside its own box: the author's code, never a candidate's.

``validate`` lays out what the validator is given (the input file, the answer file, an empty feedback directory, the
output on standard input), runs the validator's main file in a fork as ``__main__``, and returns how it ended and the
feedback files; what that means the judge says.

``rule`` does the same for one pass of several, or for an interactor. The feedback directory is given and returned as
all of its files, for each pass has a box of its own. An interactor reads and writes on the box's own standard streams.
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
    from typing import NoReturn

MAIN = "validator_main.txt"  # beside this file: the name of the validator's main file
FEEDBACK = ("score.txt", "score_multiplier.txt", "nextpass.in", "teammessage.txt", "judgemessage.txt")
MAX_BYTES = 1 << 16  # of a feedback file that are kept


def validate(stem: str, stdin: bytes, key: bytes, flags: list[str], output: bytes) -> dict[str, object]:
    """Returns ``exit`` and ``signal``, one of them None, and ``files`` by name; ``stem`` names the test's files."""
    directory = tempfile.mkdtemp()
    try:
        feedback = os.path.join(directory, "feedback", "")
        os.mkdir(feedback)
        paths = [_write(directory, f"{stem}.in", stdin), _write(directory, f"{stem}.ans", key)]
        status = _run([*paths, feedback, *flags], _write(directory, "team.out", output))
        ended = {"exit": status if status >= 0 else None, "signal": -status if status < 0 else None}
        return {**ended, "files": _collected(feedback)}
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def rule(
    stem: str, given: bytes, key: bytes, flags: list[str], output: bytes | None, feedback: dict[str, bytes]
) -> dict[str, object]:
    """The same for a pass with the input ``given``; without ``output`` the validator speaks with the program."""
    directory = tempfile.mkdtemp()
    try:
        place = os.path.join(directory, "feedback", "")
        _unpack(place, feedback)
        paths = [_write(directory, f"{stem}.in", given), _write(directory, f"{stem}.ans", key)]
        status = _run([*paths, place, *flags], None if output is None else _write(directory, "team.out", output))
        ended = {"exit": status if status >= 0 else None, "signal": -status if status < 0 else None}
        return {**ended, "files": _pack(place)}
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _unpack(directory: str, files: dict[str, bytes]) -> None:
    os.mkdir(directory)
    for name, content in files.items():
        os.makedirs(os.path.dirname(os.path.join(directory, name)), exist_ok=True)
        _write(directory, name, content)


def _pack(directory: str) -> dict[str, bytes]:
    """Returns every regular file in a directory and below, by its relative path."""
    found = {}
    for place, _, names in os.walk(directory):
        for name in sorted(names):
            path = os.path.join(place, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    found[os.path.relpath(path, directory)] = file.read()
    return found


def _write(directory: str, name: str, content: bytes) -> str:
    path = os.path.join(directory, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def _run(command: list[str], output: str | None) -> int:
    """Returns the exit status of the validator, negative when a signal ended it."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _become(command, output)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become(command: list[str], output: str | None) -> NoReturn:
    status = 1
    try:
        here = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(here, MAIN)) as file:
            main = os.path.join(here, file.read())
        if output is not None:
            os.dup2(os.open(output, os.O_RDONLY), 0)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
        sys.argv[:] = [main, *command]
        builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]  # as the module site does
        runpy.run_path(main, run_name="__main__")
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        _flush()
        os._exit(status & 0xFF)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # the validator may have closed or replaced it
            continue


def _collected(feedback: str) -> dict[str, bytes]:
    found = {}
    for name in FEEDBACK:
        path = os.path.join(feedback, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                found[name] = file.read(MAX_BYTES)
    return found
