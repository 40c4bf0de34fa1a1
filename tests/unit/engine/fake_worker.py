"""A worker process for tests: ``python fake_worker.py MODE --slot N --fd M``.

MODE says how the start goes: ``ok``, ``broken`` (InfrastructureError), ``crash``, ``never`` (not ready, does not end),
``babble`` (not a message), or ``until:PATH``: broken until PATH exists. What follows is in obedient_grader.py.
"""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path


def main(mode: str, slot: int, fd: int) -> None:
    if mode == "crash":
        sys.exit(3)
    if mode == "never":
        signal.pause()
    if mode == "babble":
        socket.socket(fileno=fd).sendall(b"\xff\xff\xff\xff")
        signal.pause()
    sys.path.insert(0, str(Path(__file__).parents[3]))
    import obedient_grader

    obedient_grader.serve(mode, slot, fd)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[sys.argv.index("--slot") + 1]), int(sys.argv[sys.argv.index("--fd") + 1]))
