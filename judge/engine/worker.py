"""A worker process: one slot, one grading at a time, synchronous.

``serve`` builds the grader, says that it is ready and then answers one ``grade`` after the other
(``judge.engine.frames``), until the service closes the connection. The worker dies with the service: the kernel kills
it when its parent ends, and the end of the connection stops what it runs. Signals meant for the service (Ctrl-C
reaches the whole process group, a service manager's SIGTERM the whole control group) are swallowed: the service
decides when a worker ends. They are caught and not ignored, since programs that the worker starts would inherit that.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Literal, Protocol

import structlog

from judge.engine import frames
from judge.errors import JudgeError
from judge.model.event import Event, EventKind
from judge.model.report import Report
from judge.ports import GradingRequest, Interrupt, Observer

log = structlog.get_logger()

_PR_SET_PDEATHSIG = 1
_PARENT_IS_GONE = 70  # exit status


class Grader(Protocol):
    """What grades: blocking, one submission at a time."""

    def grade(self, request: GradingRequest, on_event: Callable[[Event], None], interrupt: Interrupt) -> Report:
        """Returns the report, with the verdict CANCELLED after an interrupt. Raises JudgeError."""
        ...


Alone = Callable[[], AbstractContextManager[object]]


class ServiceGone(BaseException):
    """Nobody is there to be told; not an Exception, so that a grader that survives its callers' faults ends too."""


class Link:
    """The worker's end of the connection. It never reads ahead, so that its descriptor tells whether more has come."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)
        self._facts: list[frames.Fact] = []  # to be told with the next message
        self.job = 0  # that runs
        self.deadline_ns: int | None = None  # of that job, on the monotonic clock

    def fileno(self) -> int:
        """The connection's descriptor."""
        return self._connection.fileno()

    def readable(self) -> bool:
        """Whether a frame, or the end of the connection, can be read."""
        return bool(self._poll.poll(0))

    def note(self, fact: frames.Fact) -> None:
        """Keeps what the observer was told for the next message."""
        self._facts.append(fact)

    def send(self, message: frames.Message) -> None:
        """Sends one message, after what was noted. Raises ServiceGone."""
        frame = frames.encode(message)
        if self._facts:
            frame = frames.encode(frames.Told(facts=_summed(self._facts))) + frame
            self._facts = []
        try:
            self._connection.sendall(frame)
        except OSError as error:
            raise ServiceGone from error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While the context lasts the service runs no other slot, or the grading is cancelled.

        Waits for the answer without taking anything else from the connection: a cancellation stays to be seen.
        """
        job = self.job
        self.send(frames.Alone(job=job))
        self._poll.poll(self._patience_ms())
        if self.readable() and isinstance(self._peek(), frames.Granted):
            next(self.received())
        yield
        self.send(frames.Together(job=job))

    def _patience_ms(self) -> int | None:
        return None if self.deadline_ns is None else max(0, -(-(self.deadline_ns - time.monotonic_ns()) // 1_000_000))

    def _peek(self) -> frames.FromService | None:
        """Returns the next message without taking it; None at the end of the connection."""
        peek = socket.MSG_PEEK | socket.MSG_WAITALL
        header = self._connection.recv(frames.HEADER.size, peek)
        if len(header) < frames.HEADER.size:
            return None
        frame = self._connection.recv(frames.HEADER.size + frames.body_size(header), peek)
        return frames.decode_from_service(frame[frames.HEADER.size :])

    def received(self) -> Iterator[frames.FromService]:
        """Yields messages until the service closes the connection."""
        while header := self._read(frames.HEADER.size):
            yield frames.decode_from_service(self._read(frames.body_size(header)))

    def _read(self, size: int) -> bytes:
        """Returns exactly ``size`` bytes, or none at the end of the connection."""
        data = bytearray(size)
        view = memoryview(data)
        while view:
            try:
                count = self._connection.recv_into(view)
            except ConnectionResetError:
                return b""
            if count == 0:
                return b""
            view = view[count:]
        return bytes(data)


class LinkInterrupt:
    """The port ``Interrupt``: anything to read means that the grading is cancelled; nothing is read."""

    def __init__(self, link: Link, deadline_unix_ns: int | None) -> None:
        self._link = link
        self._deadline_ns = None if deadline_unix_ns is None else _monotonic_of(deadline_unix_ns)

    def fileno(self) -> int:
        """Readable from the cancellation to the end of the grading."""
        return self._link.fileno()

    def cancelled(self) -> bool:
        """Whether the grading was cancelled, or the service is gone."""
        return self._link.readable()

    @property
    def deadline_ns(self) -> int | None:
        """When the grading must end, on the monotonic clock, in nanoseconds."""
        return self._deadline_ns


class LinkObserver:
    """The port ``Observer``: tells the service, with the next message."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def count(self, name: str, labels: Mapping[str, str], amount: float = 1.0) -> None:
        """Adds to a counter of the service."""
        self._tell("count", name, labels, amount)

    def observe(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Records a value in a distribution of the service."""
        self._tell("observe", name, labels, value)

    def set(self, name: str, labels: Mapping[str, str], value: float) -> None:
        """Sets a gauge of the service."""
        self._tell("set", name, labels, value)

    def _tell(
        self, method: Literal["count", "observe", "set"], name: str, labels: Mapping[str, str], value: float
    ) -> None:
        self._link.note(frames.Fact(method, name, dict(labels), float(value)))


def _summed(facts: list[frames.Fact]) -> tuple[frames.Fact, ...]:
    """Returns ``facts`` with those that count the same thing added up."""
    counted: dict[tuple[str, ...], float] = {}
    others = []
    for fact in facts:
        if fact.method == "count":
            key = (fact.name, *(text for pair in sorted(fact.labels.items()) for text in pair))
            counted[key] = counted.get(key, 0.0) + fact.value
        else:
            others.append(fact)
    sums = [
        frames.Fact("count", name, dict(zip(rest[::2], rest[1::2], strict=True)), value)
        for (name, *rest), value in counted.items()
    ]
    return (*sums, *others)


def serve(connection_fd: int, grader_factory: Callable[[Observer, Alone], Grader]) -> None:
    """Grades what comes over ``connection_fd``, a stream socket, until the service closes it.

    ``grader_factory`` gets the observer, and what makes a context without neighbours, and returns the grader; a
    JudgeError from it is told to the service, and ``serve`` returns. Whoever calls ``serve`` cleans up afterwards what
    the factory made. Call it in the main thread.
    """
    _die_with_parent()
    _swallow_signals()
    os.set_inheritable(connection_fd, False)
    with socket.socket(fileno=connection_fd) as connection:
        link = Link(connection)
        try:
            _serve(link, grader_factory)
        except ServiceGone:
            return


def _serve(link: Link, grader_factory: Callable[[Observer, Alone], Grader]) -> None:
    try:
        grader = grader_factory(LinkObserver(link), link.alone)
    except JudgeError as error:
        link.send(frames.Broken(message=str(error)))
        return
    link.send(frames.Ready())
    for message in link.received():
        if isinstance(message, frames.Grade):  # a cancel that came too late is nothing
            _grade(link, grader, message)


def _grade(link: Link, grader: Grader, message: frames.Grade) -> None:
    def tell(event: Event) -> None:
        if message.request.events and event.kind is not EventKind.FINISHED:  # the report follows by itself
            link.send(frames.Happened(job=message.job, event=event))

    interrupt = LinkInterrupt(link, message.request.deadline_unix_ns)
    link.job, link.deadline_ns = message.job, interrupt.deadline_ns
    try:
        report = grader.grade(message.request, tell, interrupt)
        link.send(frames.done(message.job, report))
    except Exception as error:
        if not isinstance(error, JudgeError):
            log.exception("the grader failed", submission=message.request.submission_id)
        link.send(frames.failure_of(message.job, error))


def _monotonic_of(unix_ns: int) -> int:
    return time.monotonic_ns() + unix_ns - time.time_ns()


def _die_with_parent() -> None:
    """Asks the kernel for SIGKILL when the parent ends. A parent that ended before is seen by its closed connection."""
    parent = os.getppid()
    libc: Any = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl(PR_SET_PDEATHSIG): {os.strerror(code)}")
    if os.getppid() != parent:
        os._exit(_PARENT_IS_GONE)


def _swallow_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
