"""A warm interpreter with NumPy, without isolation, which forks for every test or does not.

Source text for a bare interpreter, never imported by the judge; its arguments are where the harness and the packages
are. Standard input and output speak the frames of ``harness.protocol``: one ``{"source", "entry", "arguments",
"forks"}``, then ``{"kind": "go"}`` for every submission, answered by ``{"wall", "cpu", "answers"}``: nanoseconds, and
the encoded answers.
"""

from __future__ import annotations

import os
import resource
import sys
import time

sys.path.insert(0, sys.argv[1])
from harness import protocol, wire  # type: ignore[import-not-found]

sys.path.append(sys.argv[2])
import numpy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def cpu_ns() -> int:
    """CPU time of this process and of its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(sum(usage.ru_utime + usage.ru_stime for usage in used) * 1e9)


def load(source: bytes, entry: str) -> Callable[..., object]:
    """Returns the entry point of a submission."""
    module = type(sys)("solution")
    exec(compile(source, "solution.py", "exec"), module.__dict__)
    function: Callable[..., object] = getattr(module, entry)
    return function


def call(function: Callable[..., object], arguments: bytes) -> bytes:
    """Returns the encoded answer of one call."""
    answer: bytes = wire.encode(function(*wire.decode(arguments).values()))
    return answer


def call_in_fork(function: Callable[..., object], arguments: bytes) -> bytes:
    """Returns the encoded answer of one call, made in a fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        data = memoryview(call(function, arguments))
        while data:
            data = data[os.write(writing, data) :]
        os._exit(0)
    os.close(writing)
    parts = list(iter(lambda: os.read(reading, 1 << 20), b""))
    os.close(reading)
    os.waitpid(child, 0)
    return b"".join(parts)


def main() -> None:
    """Serves submissions until standard input ends."""
    numpy.random.default_rng(0).random()  # lazy parts are there before the first fork
    job = protocol.receive(0)
    make = call_in_fork if job["forks"] else call
    while protocol.receive(0) is not None:
        wall, cpu = time.monotonic_ns(), cpu_ns()
        function = load(job["source"], job["entry"])
        answers = [make(function, arguments) for arguments in job["arguments"]]
        protocol.send(1, {"wall": time.monotonic_ns() - wall, "cpu": cpu_ns() - cpu, "answers": answers})


if __name__ == "__main__":
    main()
