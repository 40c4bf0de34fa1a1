"""What one grading is about, and what it may use."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from judge import ENGINE_REVISION
from judge.grading.secret import grading_secret
from judge.model.digest import digest_of
from judge.model.event import Event
from judge.model.plan import TestPlan
from judge.ports import Clock, Companions, GradingRequest, Interrupt, Observer, Sandbox

OnEvent = Callable[[Event], None]
Alone = Callable[[], AbstractContextManager[object]]  # while its context lasts, no other slot runs


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One grading."""

    plan: TestPlan
    request: GradingRequest
    toolchain: str  # its name and versions
    sandbox: Sandbox  # of the candidate's boxes
    companions: Companions  # of the author's
    clock: Clock
    observer: Observer
    on_event: OnEvent
    interrupt: Interrupt
    alone: Alone
    salt: str  # of the service; enters the secret and the digest
    close_percent: int  # how near to a time limit a verdict is run again; 0 for never
    thorough: bool  # run every test, also after one that decided
    patience: int | None  # tests that a limit of time may end before a thorough grading leaves the others; None: any

    @property
    def secret(self) -> bytes:
        """What the order of the tests and all seeds are derived from."""
        return grading_secret(self.salt, self.plan, self.request.program)

    @property
    def digest(self) -> str:
        """The name of the grading: of everything that can change its answer."""
        parts = [self.plan.digest, self.request.program.digest, self.toolchain, ENGINE_REVISION, self.salt]
        return digest_of([*parts, self.close_percent, *(["thorough", self.patience] if self.thorough else [])])
