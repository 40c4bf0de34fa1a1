"""``judge batch --ray``: the submissions of a file, graded by the nodes of a Ray cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, NoReturn, TextIO

from judge import config
from judge.errors import JudgeError
from judge.units import NANOSECONDS

if TYPE_CHECKING:
    from judge.cluster.node import Grade

_UNKNOWN_S = 1.0  # the time limit of a problem that only the nodes have


def by_cluster(address: str, sets: dict[str, str]) -> AbstractAsyncContextManager[tuple[Grade, int]]:
    """What grades on the cluster at ``address``; ``sets`` are settings of each node's engine."""
    from judge.cluster import opening

    return opening.opened(address, opening.ENGINE, sets, _limits(sets))


def own_output() -> TextIO:
    """Standard output for this command alone; what Ray prints from now on, of lost nodes, goes to standard error."""
    sys.stdout.flush()
    own = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return own


def leave(status: int) -> NoReturn:
    """Ends the process with ``status``; Ray's own way out makes it 1 when the node of this machine is gone."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _limits(sets: dict[str, str]) -> Callable[[str], float]:
    from judge.app.graders import catalogue_of

    catalogue = catalogue_of(config.load(overrides=sets))

    def limit_s(slug: str) -> float:
        try:
            return catalogue.get(slug).limits.cpu_ns / NANOSECONDS
        except JudgeError:
            return _UNKNOWN_S

    return limit_s
