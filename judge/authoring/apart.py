"""A verification or a compilation in a process of its own, for a service that must not wait for it.

Over one stream socket, each message a line of JSON. The service begins with the order; the process then says::

    ask       it waits for a turn: a line feed grants it
    returned  it has ended what it took the turn for
    step      what is going on
    found     a finding
    ended     all rules have been checked
    compiled  the plan's digest, and how many tests it has
    failed    what is ordered cannot be done: why

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
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec
import structlog

from judge.authoring.facts import FactStore
from judge.authoring.rules import NAMES
from judge.authoring.rules.rule import LEVELS
from judge.authoring.turns import TurnTaking
from judge.authoring.verify import verify
from judge.authoring.workers import Workers
from judge.errors import EnvironmentFault, InfrastructureError, JudgeError, SpecError
from judge.model.compilation import Compilation
from judge.model.finding import Finding, Step
from judge.model.plan import TestPlan
from judge.model.problem import Problem, memory_needed
from judge.spec.loader import load_problem

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


class Compile(Message, frozen=True, kw_only=True, tag="compile"):
    """What to compile."""

    problem: str  # the slug
    root: str = ""  # the directory of a package that is not in the catalogue yet


class Ask(Message, frozen=True, kw_only=True, tag="ask"):
    """It waits for a turn."""

    memory_bytes: int = 0  # that it needs; of a verification the service knows it


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


class Compiled(Message, frozen=True, kw_only=True, tag="compiled"):
    """It is compiled."""

    compilation: Compilation


class Failed(Message, frozen=True, kw_only=True, tag="failed"):
    """What is ordered cannot be done."""

    kind: str  # of ERRORS
    message: str

    def error(self) -> JudgeError:
        """The error that it tells."""
        return ERRORS.get(self.kind, InfrastructureError)(self.message)


Told = Ask | Returned | Stepped | Found | Ended | Compiled | Failed
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

    def order(self) -> Order | Compile:
        """What to do; from now on the end of the connection ends the process."""
        order: Order | Compile = msgspec.json.decode(self._lines.readline(MAX_LINE_BYTES), type=Order | Compile)
        threading.Thread(target=self._listen, daemon=True).start()
        return order

    def send(self, message: Message) -> None:
        """Sends a message."""
        self._socket.sendall(encode(message) + b"\n")

    @contextlib.contextmanager
    def turn(self, memory_bytes: int = 0) -> Iterator[None]:
        """Waits for a turn and gives it back."""
        self.send(Ask(memory_bytes=memory_bytes))
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


class Problems(Protocol):
    """Where problems come from."""

    def path_of(self, name: str, /) -> Path:
        """The directory of a package. Raises UnknownProblem or SpecError."""
        ...

    def get(self, name: str, /) -> Problem:
        """The problem. Raises UnknownProblem or SpecError."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What an order may need."""

    problems: Problems
    workers: Callable[[], AbstractContextManager[Workers]]  # opened for a verification
    facts: Callable[[], FactStore]  # likewise
    plan_of: Callable[[Problem], TestPlan]  # for a compilation: it is made in this process


def serve(connection: Connection, desk: Desk) -> None:
    """Verifies, or compiles, what the service orders."""
    order = connection.order()
    try:
        if isinstance(order, Compile):
            _compile(connection, order, desk)
        else:
            _verify(connection, order, desk)
    except (BrokenPipeError, ConnectionResetError):
        return  # nobody listens any more
    except JudgeError as error:
        connection.send(_failed(error))
    except Exception as error:
        what = "a compilation" if isinstance(order, Compile) else "a verification"
        log.error(f"{what} failed", problem=order.problem, exc_info=error)
        connection.send(Failed(kind=InfrastructureError.__name__, message=f"{what} failed: see the log"))


def _verify(connection: Connection, order: Order, desk: Desk) -> None:
    root = desk.problems.path_of(order.problem)
    steps = _Steps(connection)
    with desk.workers() as workers:
        taking = TurnTaking(workers, connection.turn)
        for finding in verify(root, LEVELS[order.level], taking, desk.facts(), steps.tell, order.rules or NAMES):
            connection.send(Found(finding=_portable(finding, root)))
    connection.send(Ended())


def _compile(connection: Connection, order: Compile, desk: Desk) -> None:
    """A package that is not in the catalogue yet has no path that would mean anything to its sender."""
    try:
        problem = load_problem(Path(order.root)) if order.root else desk.problems.get(order.problem)
        with connection.turn(memory_needed(problem)):
            plan = desk.plan_of(problem)
    except SpecError as error:
        raise SpecError(_without_root(str(error), order.root)) from None
    connection.send(Compiled(compilation=Compilation(plan_digest=plan.digest, case_count=len(plan.cases))))


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
    return replace(finding, replay=_without_root(finding.replay, str(root)))


def _without_root(text: str, root: str) -> str:
    """Returns a text with paths that begin at the package's directory."""
    return text.replace(f"{root}/", "").replace(root, ".") if root else text


def _failed(error: JudgeError) -> Failed:
    kind = next((base.__name__ for base in type(error).__mro__ if base.__name__ in ERRORS), "InfrastructureError")
    return Failed(kind=kind, message=str(error))
