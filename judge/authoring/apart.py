"""A verification in a process of its own, for a service that must not wait for it.

Over one stream socket, each message a line of JSON. The service begins with the order; the process then says::

    ask       it waits for a turn: a line feed grants it
    returned  it has ended what it took the turn for
    step      what is going on
    found     a finding
    ended     all rules have been checked
    failed    the verification cannot be done: why

The end of the connection ends the process: a thread that reads nothing but grants sees it and ends the main thread as
SIGTERM does, so that workers, slots and jails are given back. ``judge.authoring.process`` is the service's side.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import msgspec
import structlog

from judge.authoring.facts import FactStore
from judge.authoring.rules import NAMES
from judge.authoring.rules.rule import LEVELS
from judge.authoring.turns import TurnTaking
from judge.authoring.verify import verify
from judge.authoring.workers import Workers
from judge.errors import EnvironmentFault, InfrastructureError, JudgeError, SpecError
from judge.model.finding import Finding, Step

log = structlog.get_logger()

GRANT = b"\n"
MAX_LINE_BYTES = 64 << 20


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """A message; the classes below are all there are."""


class Order(Message, frozen=True, kw_only=True, tag="order"):
    """What to verify."""

    problem: str  # the slug
    level: str
    rules: tuple[str, ...]  # empty: all


class Ask(Message, frozen=True, kw_only=True, tag="ask"):
    """It waits for a turn."""


class Returned(Message, frozen=True, kw_only=True, tag="returned"):
    """It has ended what it took the turn for."""


class Stepped(Message, frozen=True, kw_only=True, tag="step"):
    """What is going on."""

    step: Step


class Found(Message, frozen=True, kw_only=True, tag="found"):
    """A finding."""

    finding: Finding


class Ended(Message, frozen=True, kw_only=True, tag="ended"):
    """All rules have been checked."""


class Failed(Message, frozen=True, kw_only=True, tag="failed"):
    """The verification cannot be done."""

    kind: str  # of ERRORS
    message: str

    def error(self) -> JudgeError:
        """The error that it tells."""
        return ERRORS.get(self.kind, InfrastructureError)(self.message)


Told = Ask | Returned | Stepped | Found | Ended | Failed
ERRORS: dict[str, type[JudgeError]] = {
    kind.__name__: kind for kind in (SpecError, EnvironmentFault, InfrastructureError)
}
encode = msgspec.json.Encoder().encode


class Connection:
    """The process's end."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._lines: BinaryIO = connection.makefile("rb")
        self._granted = threading.Semaphore(0)

    def order(self) -> Order:
        """What to verify; from now on the end of the connection ends the process."""
        order = msgspec.json.decode(self._lines.readline(MAX_LINE_BYTES), type=Order)
        threading.Thread(target=self._listen, daemon=True).start()
        return order

    def send(self, message: Message) -> None:
        """Sends a message."""
        self._socket.sendall(encode(message) + b"\n")

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a turn and gives it back."""
        self.send(Ask())
        self._granted.acquire()
        try:
            yield
        finally:
            self.send(Returned())

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while self._lines.read(1) == GRANT:
                self._granted.release()
        os.kill(os.getpid(), signal.SIGTERM)


def serve(connection: Connection, path_of: Callable[[str], Path], workers: Workers, facts: FactStore) -> None:
    """Verifies what the service orders; ``path_of`` finds a package by its slug."""
    order = connection.order()
    try:
        root = path_of(order.problem)
        steps = _Steps(connection)
        taking = TurnTaking(workers, connection.turn)
        for finding in verify(root, LEVELS[order.level], taking, facts, steps.tell, order.rules or NAMES):
            connection.send(Found(finding=_portable(finding, root)))
        connection.send(Ended())
    except (BrokenPipeError, ConnectionResetError):
        return  # nobody listens any more
    except JudgeError as error:
        connection.send(_failed(error))
    except Exception as error:
        log.error("a verification failed", problem=order.problem, exc_info=error)
        connection.send(Failed(kind=InfrastructureError.__name__, message="a verification failed: see the log"))


class _Steps:
    """What is told while rules are checked, as steps."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rule = ""

    def tell(self, what: str) -> None:
        """Hears the name of a rule, or a step of the last one."""
        begins = what in NAMES
        self._rule = what if begins else self._rule
        self._connection.send(Stepped(step=Step(rule=self._rule, what="" if begins else what)))


def _portable(finding: Finding, root: Path) -> Finding:
    """With paths that mean something on another machine: the command is typed in the package's directory."""
    replay = finding.replay.replace(f"{root}/", "").replace(str(root), ".")
    return replace(finding, replay=replay)


def _failed(error: JudgeError) -> Failed:
    kind = next((base.__name__ for base in type(error).__mro__ if base.__name__ in ERRORS), "InfrastructureError")
    return Failed(kind=kind, message=str(error))
