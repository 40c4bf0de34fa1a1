"""A verification's process as a service starts it, but with workers that run in it, without isolation.

``python -m tests.unit.authoring.apart_child PACKAGES FACTS --fd N``.
"""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import nullcontext
from pathlib import Path

from judge.authoring import apart
from judge.authoring.facts import FactStore
from judge.errors import SpecError
from judge.model.problem import Problem
from judge.spec.loader import load_problem
from tests.unit.authoring.workshop import Workshop


class Packages:
    def path_of(self, slug: str) -> Path:
        if slug == "task":
            raise SpecError("expected a package, found a task")
        return Path(sys.argv[1]) / slug

    def get(self, slug: str) -> Problem:
        return load_problem(self.path_of(slug))


def leave(_number: int, _frame: object) -> None:
    (Path(sys.argv[1]) / "left").touch()
    raise SystemExit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    connection = apart.Connection(socket.socket(fileno=int(sys.argv[-1])))
    workshop = Workshop()
    desk = apart.Desk(
        problems=Packages(),
        workers=lambda: nullcontext(workshop),
        facts=lambda: FactStore(Path(sys.argv[2])),
        plan_of=workshop.plan_of,
    )
    apart.serve(connection, desk)
