"""A verification's process as a service starts it, but with workers that run in it, without isolation.

``python -m tests.unit.authoring.apart_child PACKAGES FACTS --fd N``.
"""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path

from judge.authoring import apart
from judge.authoring.facts import FactStore
from judge.errors import SpecError
from tests.unit.authoring.workshop import Workshop


def path_of(slug: str) -> Path:
    if slug == "task":
        raise SpecError("expected a package, found a task")
    return Path(sys.argv[1]) / slug


def leave(_number: int, _frame: object) -> None:
    (Path(sys.argv[1]) / "left").touch()
    raise SystemExit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    connection = apart.Connection(socket.socket(fileno=int(sys.argv[-1])))
    apart.serve(connection, path_of, Workshop(), FactStore(Path(sys.argv[2])))
