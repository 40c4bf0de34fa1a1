"""The gradings of a service: who waits for which, and what is remembered of them.

A grading is a task with waiters. ``join`` starts one, or, when a request id was seen before with the same content,
adds a waiter to the one that runs or has run. The last waiter who leaves a running grading cancels it; a waiter's
deadline is therefore the waiter's own affair, and only a grading that nobody else can join takes it along to the
engine.

Work that has a name is done once. While a grading of the same work and priority runs, another one does not go to the
engine but waits for it, as one of its waiters; once there is a report, others repeat it. Each has its own submission
id, and a last phase, ``shared`` or ``cached``, that says where its report comes from. What memory does not have the
store may (``judge.scheduling.results``). Reports in memory are
forgotten when a worker was started anew, since its toolchain may be another; a grading that was running then is not
repeated. Priorities do not share: a person would wait in the batches' queue.

A grading without failure is remembered by its request id, least recently used forgotten first, within a number of
reports and a number of bytes; so are reports by their work. One that failed, was cancelled or ended in JUDGE_ERROR is
forgotten at once, so that a retry runs again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import structlog

from judge.errors import Cancelled, InfrastructureError, RequestConflict
from judge.model.digest import digest_of
from judge.model.event import Event, EventKind
from judge.model.report import Phase, Report
from judge.model.verdict import Reason, Verdict
from judge.ports import Clock, Engine, GradingRequest, Observer
from judge.scheduling.admission import Admission, Draining, Priority
from judge.scheduling.grading import Grading
from judge.scheduling.memory import Remembered, weigh
from judge.scheduling.results import Lasting, Results

log = structlog.get_logger()

_OWN_EVENTS = (EventKind.QUEUED, EventKind.FINISHED)  # told here, never forwarded from an engine


class DeadlinePassed(Cancelled):
    """The caller's deadline, or the service's limit on one grading, passed; the run was killed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """How much is remembered of finished gradings."""

    reports: int  # how many by their request ids
    cached: int  # how many by their work; 0: work is not shared either
    size_bytes: int  # the size of either, as ``judge.scheduling.memory.weigh`` counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Demand:
    """What a grading asks for besides its request."""

    priority: Priority
    memory_bytes: int  # the most that it may use
    lasting: Lasting | None  # its name in the store; None: the store is neither asked nor told


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
        results: Results | None = None,
    ) -> None:
        self._engine = engine
        self._admission = admission
        self._clock = clock
        self._observer = observer
        self._memory = memory
        self._timeout_ns = timeout_ns
        self._results = results  # what outlives the process
        self._open: set[Grading] = set()  # those that run or wait
        self._running: dict[str, Grading] = {}  # by request id
        self._flights: dict[tuple[str, Priority], Grading] = {}  # those of the running whose work others may share
        self._finished = Remembered[Grading](items=memory.reports, size_bytes=memory.size_bytes)  # by request id
        self._cached = Remembered[Report](items=memory.cached, size_bytes=memory.size_bytes)  # by work
        self._age = 0  # how often ``renew`` was called

    @contextmanager
    def join(
        self,
        request: GradingRequest,
        *,
        request_id: str,
        priority: Priority,
        work: str = "",
        lasting: Lasting | None = None,
        memory_bytes: int = 0,
    ) -> Iterator[Grading]:
        """Gives the grading of ``request``, running or finished; leaving the context leaves the grading.

        ``work`` names everything that can change the answer; with an empty one the engine grades, and nobody shares.
        ``lasting`` names it for the store, which is asked when nothing else has the report.
        ``memory_bytes`` is the most that the grading may use.
        Raises RequestConflict when ``request_id`` stands for other content. Admission's refusals come from the grading.
        """
        demand = Demand(priority=priority, memory_bytes=memory_bytes, lasting=lasting if self._results else None)
        grading = self._known(request, request_id) or self._start(request, request_id, demand, work)
        grading.waiters += 1
        try:
            yield grading
        finally:
            self._leave(grading)

    def renew(self) -> None:
        """Says that what grades may be another from now on: reports up to now are not repeated for others."""
        self._age += 1
        self._cached.clear()
        self._flights.clear()

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
        if self._results is not None:
            await self._results.settle()

    # --- sharing ---

    def _known(self, request: GradingRequest, request_id: str) -> Grading | None:
        grading = self._running.get(request_id) or self._finished.get(request_id)
        if grading is None:
            return None
        if grading.content != _content(request):
            raise RequestConflict("request_id", f"{request_id!r} was used before for other content")
        return grading

    def _start(self, request: GradingRequest, request_id: str, demand: Demand, work: str) -> Grading:
        grading = Grading(request_id, _content(request) if request_id else "", work if self._memory.cached else "")
        self._open.add(grading)
        if request_id:
            self._running[request_id] = grading
        source = self._source(grading, request, demand)
        grading.begin(asyncio.create_task(self._run(grading, request, source)))
        grading.task.add_done_callback(lambda _: self._close(grading))
        return grading

    def _source(self, grading: Grading, request: GradingRequest, demand: Demand) -> Callable[[], Awaitable[Report]]:
        """Returns what gives the report: one in memory, a grading that runs, or else the store or the engine."""
        if not grading.work:
            return partial(self._grade, grading, request, demand)
        flight = grading.work, demand.priority
        stored, leader = self._cached.get(grading.work), self._flights.get(flight)
        if stored or leader or demand.lasting is None:
            self._count_look_up(found=bool(stored or leader))
        if stored:
            return partial(self._repeat, grading, request, stored)
        if leader:
            leader.waiters += 1  # taken back when ``grading`` is closed
            grading.leader = leader
            return partial(self._share, grading, request, leader)
        self._flights[flight] = grading
        return partial(self._find_or_grade, grading, request, demand)

    def _count_look_up(self, *, found: bool) -> None:
        self._observer.count("judge_cache_requests_total", {"result": "hit" if found else "miss"})

    def _leave(self, grading: Grading) -> None:
        grading.waiters -= 1
        if not grading.waiters:
            self._abandon(grading)

    def _abandon(self, grading: Grading) -> None:
        if grading.task.done():
            grading.forget_events()
        else:
            self._forget(grading)  # it stays open until its run is killed: a drain waits for that
            grading.stop(Cancelled("nobody waits for the grading any more"))

    def _forget(self, grading: Grading) -> bool:
        """Makes the request id and the work free again; returns whether the id stood for ``grading``."""
        for priority in Priority if grading.work else ():
            if self._flights.get((grading.work, priority)) is grading:
                del self._flights[grading.work, priority]
        known = self._running.get(grading.request_id) is grading
        if known:
            del self._running[grading.request_id]
        return known

    def _close(self, grading: Grading) -> None:
        self._open.discard(grading)
        self._forget(grading)
        if grading.leader is not None:
            self._leave(grading.leader)

    # --- running ---

    async def _run(self, grading: Grading, request: GradingRequest, source: Callable[[], Awaitable[Report]]) -> Report:
        try:
            report = await source()
        except BaseException as error:
            self._forget(grading)
            if (
                isinstance(error, InfrastructureError) and grading.leader is None
            ):  # what ends with a report is counted where it is graded
                labels = {"verdict": Verdict.JUDGE_ERROR.value, "language": request.program.language}
                self._observer.count("judge_grades_total", labels)
            raise
        if self._forget(grading) and report.verdict is not Verdict.JUDGE_ERROR:
            self._finished.put(grading.request_id, grading, weigh(report))
        return report

    async def _repeat(self, grading: Grading, request: GradingRequest, stored: Report) -> Report:
        now_ns = self._clock.unix_ns()
        grading.tell(Event(kind=EventKind.QUEUED, unix_ns=now_ns))
        return self._finish(grading, _given_again(stored, request, "cached", now_ns, self._clock.unix_ns()))

    async def _share(self, grading: Grading, request: GradingRequest, leader: Grading) -> Report:
        begin_ns = self._clock.unix_ns()
        grading.tell(Event(kind=EventKind.QUEUED, unix_ns=begin_ns))
        forward = _forward_to(grading)
        if request.events:
            async for _, event in leader.follow():
                forward(event)
        report = await leader.report()
        return self._finish(grading, _given_again(report, request, "shared", begin_ns, self._clock.unix_ns()))

    async def _find_or_grade(self, grading: Grading, request: GradingRequest, demand: Demand) -> Report:
        """Repeats the store's report; without one, grades and has the report kept."""
        if demand.lasting is None or self._results is None:
            return await self._grade(grading, request, demand)
        age = self._age
        found = None if demand.lasting.asked else await self._results.find(demand.lasting)
        self._count_look_up(found=found is not None)
        if found is None:
            report = await self._grade(grading, request, demand)
            self._results.keep(demand.lasting, report)
            return report
        if age == self._age:
            self._cached.put(grading.work, found, weigh(found))
        return await self._repeat(grading, request, found)

    async def _grade(self, grading: Grading, request: GradingRequest, demand: Demand) -> Report:
        age = self._age
        ticket = self._admission.admit(demand.priority, demand.memory_bytes)
        queued_ns = self._clock.unix_ns()
        grading.tell(Event(kind=EventKind.QUEUED, unix_ns=queued_ns))
        async with ticket:
            started_ns = self._clock.unix_ns()
            report = await self._engine.grade(self._limited(request, grading, started_ns), _forward_to(grading))
        _raise_if_cancelled(report)
        queued = Phase(name="queued", start_unix_ns=queued_ns, end_unix_ns=started_ns)
        report = replace(report, phases=(queued, *(phase for phase in report.phases if phase.name != "queued")))
        if grading.work and age == self._age and report.verdict is not Verdict.JUDGE_ERROR:
            self._cached.put(grading.work, report, weigh(report))
        return self._finish(grading, report)

    def _finish(self, grading: Grading, report: Report) -> Report:
        grading.tell(Event(kind=EventKind.FINISHED, unix_ns=self._clock.unix_ns(), report=report))
        log.info("grading finished", **_summary(report))
        return report

    def _limited(self, request: GradingRequest, grading: Grading, now_ns: int) -> GradingRequest:
        limit = now_ns + self._timeout_ns
        own = request.deadline_unix_ns
        alone = not grading.request_id and not grading.work
        return replace(request, deadline_unix_ns=min(own, limit) if alone and own is not None else limit)


def _content(request: GradingRequest) -> str:
    return digest_of([request.problem, request.program])


def _forward_to(grading: Grading) -> Callable[[Event], None]:
    def forward(event: Event) -> None:
        if event.kind not in _OWN_EVENTS:
            grading.tell(event)

    return forward


def _given_again(report: Report, request: GradingRequest, phase: str, start_ns: int, end_ns: int) -> Report:
    """Returns the report of the same work as the report on ``request``, with a last phase that says so."""
    added = Phase(name=phase, start_unix_ns=start_ns, end_unix_ns=end_ns)
    return replace(report, submission_id=request.submission_id, phases=(*report.phases, added))


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
