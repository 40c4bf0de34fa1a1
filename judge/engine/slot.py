"""One slot: a worker process that is kept alive, and the grading that it runs.

The states of a slot and what changes them::

    starting --ready--> idle --grade--> busy --done or failed--> idle
       |                  |               |
       |                  `--- ended -----+--> starting     (counted as a rebuild)
       `--- broken, ended or too slow --> broken ---> starting

No pause follows the life of a worker that graded. After any other life, a failed start among them, it is
``Timing.pause_s``, and twice as long each time, up to ``pause_max_s``.
``working`` says whether the last start succeeded: a slot whose worker was lost counts as working until it cannot be
started again. A worker that raised SlotFault, or something that nobody foresaw, is in doubt: it is ended and a new
one is started.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from judge.engine import frames
from judge.engine.process import WorkerProcess
from judge.errors import InfrastructureError, JudgeError, SlotFault
from judge.model.event import Event
from judge.model.report import Report
from judge.ports import GradingRequest, Observer

log = structlog.get_logger()

_OF_A_JOB = (frames.Happened, frames.Alone, frames.Together, frames.Done, frames.Failed)
_STOPPED = "stopped"  # the doubt about a worker that is ended with its slot


class SlotState(enum.StrEnum):
    """What a slot is doing."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"
    BROKEN = "broken"


class Solitude(enum.StrEnum):
    """Whether a busy slot needs that no other one runs."""

    NONE = "none"
    ASKED = "asked"  # it waits
    GRANTED = "granted"


class WorkerLost(InfrastructureError):
    """The worker process ended in the middle of a grading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """How patient a service is with its workers; all in seconds."""

    start_s: float = 120.0  # from the start of a process until it is ready
    cancel_s: float = 10.0  # from a cancellation until it is acknowledged; afterwards the worker is killed
    stop_s: float = 10.0  # from the end of the connection to the end of the process; afterwards it is killed
    pause_s: float = 0.2  # before the next start, when nothing was graded since the last one
    pause_max_s: float = 30.0  # the most that the pause grows to


@dataclass(kw_only=True, slots=True)
class _Job:
    number: int
    on_event: Callable[[Event], None]
    result: asyncio.Future[Report] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class WorkerSlot:
    """One slot; ``live`` runs it, ``grade`` uses it while it is idle."""

    def __init__(
        self, number: int, command: tuple[str, ...], timing: Timing, observer: Observer, on_change: Callable[[], None]
    ) -> None:
        self.number = number
        self.state = SlotState.STARTING
        self.working = False
        self.failure = ""  # why the last start failed; empty when it did not
        self.starts = 0  # how often a worker became ready
        self._command = command
        self._timing = timing
        self._observer = observer
        self._on_change = on_change
        self._process: WorkerProcess | None = None
        self._job: _Job | None = None
        self._jobs = 0
        self._doubt = ""  # why the process must be replaced
        self._graded = False  # whether this process has graded anything
        self.solitude = Solitude.NONE

    # --- grading ---

    async def grade(self, request: GradingRequest, on_event: Callable[[Event], None]) -> Report:
        """Grades; cancelling kills the run and ends when the slot is free again.

        Raises what the grading raised, SlotFault when the slot is in doubt, WorkerLost when its process ended.
        """
        job = self._begin(request, on_event)
        try:
            return await job.result
        except asyncio.CancelledError:
            await self._cancel(job)
            raise

    def _begin(self, request: GradingRequest, on_event: Callable[[Event], None]) -> _Job:
        self._jobs += 1
        self._job = job = _Job(number=self._jobs, on_event=on_event)
        self._set(SlotState.BUSY)
        self._send(frames.Grade(job=job.number, request=request))
        return job

    def grant_solitude(self) -> None:
        """Tells the worker that no other slot runs."""
        if self._job is not None:
            self.solitude = Solitude.GRANTED
            self._send(frames.Granted(job=self._job.number))

    async def _cancel(self, job: _Job) -> None:
        if self._job is not job:
            return  # the worker has answered, and may grade the next one already
        job.result = asyncio.get_running_loop().create_future()  # the first one was cancelled with its waiter
        self._send(frames.Cancel(job=job.number))
        done, _ = await asyncio.wait([job.result], timeout=self._timing.cancel_s)
        if not done:
            self._kill("hang")
            await asyncio.wait([job.result])
        job.result.exception()  # nobody asks for it any more

    def _send(self, message: frames.Message) -> None:
        if self._process is not None:
            self._process.send(message)

    def _kill(self, doubt: str) -> None:
        self._doubt = doubt
        if self._process is not None:
            self._process.kill()

    # --- living ---

    async def live(self) -> None:
        """Keeps a worker running until the task is cancelled."""
        pause_s = self._timing.pause_s
        while True:
            await self._one_life()
            if self.working:
                self._observer.count("judge_slot_rebuilds_total", {"reason": self._doubt})
            if self._graded:
                pause_s = self._timing.pause_s
            else:
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, self._timing.pause_max_s)
            self._set(SlotState.STARTING)

    async def _one_life(self) -> None:
        """Starts a worker and serves it to its end. Afterwards ``working`` says whether it was ever ready."""
        self._doubt, self._graded = "", False
        try:
            self._process = process = await WorkerProcess.start(self._command)
        except OSError as error:
            self._fail_start(f"cannot start {self._command[0]!r}: {error}")
            return
        ready = False
        try:
            ready = await self._become_ready(process)
            if ready:
                await self._serve(process)
        except asyncio.CancelledError:
            self._doubt = _STOPPED
            raise
        finally:
            self._process = None
            try:
                await process.end(self._timing.stop_s)
            finally:
                self._bury(ready, process.describe_end())

    async def _become_ready(self, process: WorkerProcess) -> bool:
        try:
            async with asyncio.timeout(self._timing.start_s):
                while isinstance(message := await process.receive(), frames.Told):
                    self._observe(message)
        except TimeoutError:
            self.failure = f"the worker process was not ready within {self._timing.start_s:g} s"
            process.kill()
            return False
        if isinstance(message, frames.Broken):
            self.failure = message.message
        elif not isinstance(message, frames.Ready):
            self.failure = "the worker process ended before it was ready"
        if not isinstance(message, frames.Ready):
            return False
        self.working, self.failure = True, ""
        self.starts += 1
        self._set(SlotState.IDLE)
        return True

    async def _serve(self, process: WorkerProcess) -> None:
        """Takes messages until the process ends or is in doubt."""
        while not self._doubt and (message := await process.receive()) is not None:
            if isinstance(message, frames.Told):
                self._observe(message)
            elif isinstance(message, _OF_A_JOB) and self._is_current(message.job):
                self._take(message)
            else:
                log.error("a worker spoke out of turn", slot=self.number, message=type(message).__name__)
                self._doubt = "fault"

    def _is_current(self, job: int) -> bool:
        return self._job is not None and self._job.number == job

    def _take(self, message: frames.Happened | frames.Alone | frames.Together | frames.Done | frames.Failed) -> None:
        assert self._job is not None
        if isinstance(message, frames.Happened):
            self._job.on_event(message.event)
        elif isinstance(message, frames.Alone | frames.Together):
            self.solitude = Solitude.ASKED if isinstance(message, frames.Alone) else Solitude.NONE
            self._on_change()
        elif isinstance(message, frames.Done):
            self._settle(message.whole_report)
        else:
            self._doubt = "fault" if message.kind in ("", SlotFault.__name__) else ""
            self._settle(frames.error_of(message))

    def _settle(self, result: Report | JudgeError) -> None:
        job, self._job = self._job, None
        self.solitude = Solitude.NONE
        self._graded = self._graded or not self._doubt
        self._set(SlotState.STARTING if self._doubt else SlotState.IDLE)
        if job is None or job.result.done():  # cancelled with its waiter, who has not heard of it yet
            return
        if isinstance(result, JudgeError):
            job.result.set_exception(result)
        else:
            job.result.set_result(result)

    def _observe(self, told: frames.Told) -> None:
        for fact in told.facts:
            try:
                getattr(self._observer, fact.method)(fact.name, fact.labels, fact.value)
            except ValueError as error:
                log.error("a worker told of a metric that is not declared", slot=self.number, error=str(error))

    # --- dying ---

    def _bury(self, ready: bool, status: str) -> None:
        if not ready and self._doubt != _STOPPED:
            self._fail_start(f"{self.failure} ({status})")
            return
        self._doubt = self._doubt or "crash"
        if self._doubt != _STOPPED:
            log.error("a worker process ended", slot=self.number, status=status, reason=self._doubt)
        self._settle(WorkerLost(f"the worker process of slot {self.number} ended ({status})"))

    def _fail_start(self, failure: str) -> None:
        self.working = False
        self.failure = f"slot {self.number}: {failure}"
        log.error("a slot does not work", slot=self.number, error=failure)
        self._set(SlotState.BROKEN)

    def _set(self, state: SlotState) -> None:
        self.state = state
        self._on_change()
