"""The gradings of a service: who waits for which, and what is remembered of them.

A grading is a task with waiters. ``join`` starts one, or, when a request id was seen before with the same content,
adds a waiter to the one that runs or has run. The last waiter who leaves a running grading cancels it; a waiter's
deadline is therefore the waiter's own affair, and only a grading that nobody else can join takes it along to the
engine.

A grading without failure is remembered by its request id, least recently used forgotten first, within a number of
reports and a number of bytes. One that failed, was cancelled or ended in JUDGE_ERROR is forgotten at once, so that a
retry runs again.

Events are kept while anybody waits; afterwards only the last one is, under the number that it had.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import structlog

from judge.errors import Cancelled, InfrastructureError, JudgeError, RequestConflict
from judge.model.digest import digest_of
from judge.model.event import Event, EventKind
from judge.model.report import Phase, Report
from judge.model.verdict import Reason, Verdict
from judge.ports import Clock, Engine, GradingRequest, Observer
from judge.scheduling.admission import Admission, Draining, Priority

log = structlog.get_logger()

_OWN_EVENTS = (EventKind.QUEUED, EventKind.FINISHED)  # told here, never forwarded from an engine


class DeadlinePassed(Cancelled):
    """The caller's deadline, or the service's limit on one grading, passed; the run was killed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """How much is remembered of finished gradings."""

    reports: int  # how many
    size_bytes: int  # together, as ``weigh`` counts
    weigh: Callable[[Report], int]  # the size of a report, in bytes


class Grading:
    """One grading and those who wait for it."""

    def __init__(self, request_id: str, content: str) -> None:
        self.request_id = request_id  # empty: nobody else can join
        self.content = content  # a digest of what is graded
        self.waiters = 0
        self.weight = 0  # of the report, in bytes
        self.task: asyncio.Task[Report]
        self._events: list[Event] = []
        self._dropped = 0  # events forgotten at the front
        self._news = asyncio.Event()
        self._stopped: JudgeError | None = None

    def begin(self, task: asyncio.Task[Report]) -> None:
        """Takes the task that grades."""
        self.task = task
        task.add_done_callback(self._end)

    def tell(self, event: Event) -> None:
        """Adds an event."""
        self._events.append(event)
        self._wake()

    def stop(self, reason: JudgeError) -> None:
        """Cancels the task; those who wait get ``reason``."""
        self._stopped = reason
        self.task.cancel()

    def forget_events(self) -> None:
        """Drops all events but the last."""
        self._dropped += len(self._events[:-1])
        del self._events[:-1]

    async def report(self) -> Report:
        """Waits for the report. Raises what the grading raised, or the reason of ``stop``."""
        await asyncio.wait([self.task])
        if self.task.cancelled():
            raise self._stopped or Cancelled("the grading was cancelled")
        return self.task.result()

    async def follow(self) -> AsyncIterator[tuple[int, Event]]:
        """Yields events with their numbers, from 1, to the end; then raises what ``report`` raises."""
        number = self._dropped
        while True:
            news, finished = self._news, self.task.done()
            for event in self._events[number - self._dropped :]:
                number += 1
                yield number, event
            if finished:
                break
            await news.wait()
        await self.report()

    def _end(self, task: asyncio.Task[Report]) -> None:
        if not task.cancelled():
            task.exception()  # marks it as seen: perhaps nobody waits any more
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Gradings:
    """All gradings of a service. Used from one event loop."""

    def __init__(
        self,
        engine: Engine,
        admission: Admission,
        *,
        clock: Clock,
        observer: Observer,
        memory: Memory,
        timeout_ns: int,
    ) -> None:
        self._engine = engine
        self._admission = admission
        self._clock = clock
        self._observer = observer
        self._memory = memory
        self._timeout_ns = timeout_ns
        self._open: set[Grading] = set()  # those that run or wait
        self._running: dict[str, Grading] = {}  # by request id
        self._finished: OrderedDict[str, Grading] = OrderedDict()  # by request id, the latest used last
        self._finished_bytes = 0

    @contextmanager
    def join(self, request: GradingRequest, *, request_id: str, priority: Priority) -> Iterator[Grading]:
        """Gives the grading of ``request``, running or finished; leaving the context leaves the grading.

        Raises RequestConflict when ``request_id`` stands for other content. Admission's refusals come from the grading.
        """
        grading = self._known(request, request_id) or self._start(request, request_id, priority)
        grading.waiters += 1
        try:
            yield grading
        finally:
            grading.waiters -= 1
            if not grading.waiters:
                self._abandon(grading)

    async def drain(self, timeout_s: float) -> None:
        """Admits nobody; waits for those admitted, and after ``timeout_s`` cancels them and waits for their end."""
        self._admission.drain()
        if self._open:
            await asyncio.wait([grading.task for grading in self._open], timeout=timeout_s)
        rest = list(self._open)
        for grading in rest:
            grading.stop(Draining("the service is stopping, the grading was cancelled", retry_after_s=0.1))
        if rest:
            await asyncio.wait([grading.task for grading in rest])

    # --- sharing ---

    def _known(self, request: GradingRequest, request_id: str) -> Grading | None:
        grading = self._running.get(request_id) or self._finished.get(request_id)
        if grading is None:
            return None
        if grading.content != _content(request):
            raise RequestConflict("request_id", f"{request_id!r} was used before for other content")
        if request_id in self._finished:
            self._finished.move_to_end(request_id)
        return grading

    def _start(self, request: GradingRequest, request_id: str, priority: Priority) -> Grading:
        grading = Grading(request_id, _content(request) if request_id else "")
        self._open.add(grading)
        if request_id:
            self._running[request_id] = grading
        grading.begin(asyncio.create_task(self._run(grading, request, priority)))
        grading.task.add_done_callback(lambda _: self._close(grading))
        return grading

    def _abandon(self, grading: Grading) -> None:
        if grading.task.done():
            grading.forget_events()
        else:
            self._forget(grading)  # it stays open until its run is killed: a drain waits for that
            grading.stop(Cancelled("nobody waits for the grading any more"))

    def _forget(self, grading: Grading) -> bool:
        """Makes the request id free again; returns whether it stood for ``grading``."""
        known = self._running.get(grading.request_id) is grading
        if known:
            del self._running[grading.request_id]
        return known

    def _close(self, grading: Grading) -> None:
        self._open.discard(grading)
        self._forget(grading)

    # --- running ---

    async def _run(self, grading: Grading, request: GradingRequest, priority: Priority) -> Report:
        try:
            report = await self._grade(grading, request, priority)
        except BaseException as error:
            self._forget(grading)
            if isinstance(error, InfrastructureError):  # what ends with a report is counted where it is graded
                labels = {"verdict": Verdict.JUDGE_ERROR.value, "language": request.program.language}
                self._observer.count("judge_grades_total", labels)
            raise
        if self._forget(grading) and report.verdict is not Verdict.JUDGE_ERROR:
            self._remember(grading, report)
        return report

    async def _grade(self, grading: Grading, request: GradingRequest, priority: Priority) -> Report:
        ticket = self._admission.admit(priority)
        queued_ns = self._clock.unix_ns()
        grading.tell(Event(kind=EventKind.QUEUED, unix_ns=queued_ns))
        async with ticket:
            started_ns = self._clock.unix_ns()
            report = await self._engine.grade(self._limited(request, grading, started_ns), _forward_to(grading))
        _raise_if_cancelled(report)
        queued = Phase(name="queued", start_unix_ns=queued_ns, end_unix_ns=started_ns)
        report = replace(report, phases=(queued, *(phase for phase in report.phases if phase.name != "queued")))
        grading.tell(Event(kind=EventKind.FINISHED, unix_ns=self._clock.unix_ns(), report=report))
        log.info("grading finished", **_summary(report))
        return report

    def _limited(self, request: GradingRequest, grading: Grading, now_ns: int) -> GradingRequest:
        limit = now_ns + self._timeout_ns
        own = request.deadline_unix_ns
        return replace(request, deadline_unix_ns=limit if own is None or grading.request_id else min(own, limit))

    # --- remembering ---

    def _remember(self, grading: Grading, report: Report) -> None:
        grading.weight = self._memory.weigh(report)
        self._finished[grading.request_id] = grading
        self._finished_bytes += grading.weight
        while len(self._finished) > self._memory.reports or self._finished_bytes > self._memory.size_bytes:
            _, oldest = self._finished.popitem(last=False)
            self._finished_bytes -= oldest.weight


def _content(request: GradingRequest) -> str:
    return digest_of([request.problem, request.program])


def _forward_to(grading: Grading) -> Callable[[Event], None]:
    def forward(event: Event) -> None:
        if event.kind not in _OWN_EVENTS:
            grading.tell(event)

    return forward


def _raise_if_cancelled(report: Report) -> None:
    if report.verdict is Verdict.CANCELLED:
        kind = DeadlinePassed if report.reason is Reason.DEADLINE else Cancelled
        raise kind(report.message or "the grading was cancelled")


def _summary(report: Report) -> dict[str, object]:
    return {
        "submission": report.submission_id,
        "problem": report.problem,
        "language": report.language,
        "verdict": report.verdict.value,
        "reason": report.reason.value if report.reason else "",
        "slot": report.slot,
    }
