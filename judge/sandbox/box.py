"""A box that is up: loaded once, then called. Both paths end here; they differ in how a box comes to be.

The memory in use when the box says READY, before anything of the candidate's has run, is the baseline: the slot's limit
becomes baseline plus the submission's limit, and peaks are reported above it.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from judge.errors import SlotFault
from judge.harness import protocol, wire
from judge.model.run import BurstOutcome, Captured, Isolation, Killer, Limits, RunOutcome, Stage
from judge.model.signature import form_of
from judge.ports import BoxSpec, Burst, Call
from judge.sandbox.burst import fitting, is_lost, question, shared
from judge.sandbox.cgroup import Cgroup
from judge.sandbox.conversation import Building, Bursting, Calling, Loading, Ready, Running
from judge.sandbox.duet import Calls, converse
from judge.sandbox.streams import KEPT_BYTES, Capture, Lines
from judge.sandbox.supervisor import Supervisor
from judge.sandbox.watch import Watch

_NUMBER = struct.Struct("=Q")
_START_LIMITS = Limits(cpu_ns=10**10, wall_ns=10**10, memory_bytes=0, output_bytes=1 << 20)


def _identities() -> Iterator[int]:
    """Yields random numbers of 62 bits, which nobody can know before they are used."""
    while True:
        for (number,) in _NUMBER.iter_unpack(os.urandom(32 * _NUMBER.size)):
            yield number >> 2


class SlotBox:
    """One box of a slot; the port ``Box``."""

    def __init__(self, spec: BoxSpec, cgroup: Cgroup, lines: Lines, jail_handle: int, log: Capture) -> None:
        self._spec = spec
        self._cgroup = cgroup
        self.lines = lines
        self._log = log
        self.supervisor = Supervisor(lines, cgroup, jail_handle, spec.interrupt)
        self._memory_base = 0
        self._pids_base = 0
        self._memory_limit = -1
        self._stopped: Killer | None = None  # before it was ready
        self._session: int | None = None  # the identity of the calls that share a process
        self._identities = _identities()
        self._renewable = False  # its process ended with its call, and the next one needs another
        self.alive = True

    def wait_until_ready(self) -> None:
        """Waits for the jail to be built; raises SlotFault with nsjail's own words when it is not."""
        ready = Ready()
        watch = self.supervisor.ask(None, ready, _START_LIMITS)
        if not ready.ready and watch.killer not in (Killer.CANCELLED, Killer.DEADLINE):
            self._log.read()
            self.lines.stderr.read()
            words = (self._log.take().data + self.lines.stderr.take().data).decode("utf-8", "replace")[-2000:]
            raise SlotFault(
                f"the jail did not start ({watch.killer or 'it ended'}): {words.strip() or 'it said nothing'}"
            )
        self._stopped = None if ready.ready else watch.killer
        self._memory_base = self._cgroup.memory_bytes()
        self._pids_base = self._cgroup.tasks()
        self.lines.stderr.take()

    def build(
        self, files: Mapping[str, bytes], limits: Limits, sources: Sequence[str] = ()
    ) -> tuple[RunOutcome, Building]:
        """Has the init of a jail that compiles do so; the box is not to be used any more.

        ``sources`` are the files of a whole program that the compiler is given by name.
        """
        self.alive = False
        building = Building()
        if self._stopped is not None:
            return RunOutcome(stage=Stage.COMPILE, killer=self._stopped), building
        self._apply(limits)
        message = {"kind": protocol.BUILD, "files": dict(files), "sources": [*sources]}
        watch = self.supervisor.ask(message, building, limits)
        if watch.exit_code is None and watch.signal is None:
            watch.exit_code, watch.signal = building.exit_code, building.signal
        return self._outcome(Stage.COMPILE, watch), building

    def load(self) -> RunOutcome:
        """Compiles and loads the program."""
        if self._stopped is not None:
            self.alive = False
            return RunOutcome(stage=Stage.COMPILE, killer=self._stopped)
        spec, loading = self._spec, Loading()
        message = {
            "kind": protocol.LOAD,
            "main": spec.program.main.path,
            "files": {file.path: file.content for file in spec.program.files} | dict(spec.files),
            "entry": spec.entry_point,
            "isolation": spec.isolation.value,
        }
        form = form_of(spec.signature)
        message |= {} if form is None else {"form": form}
        self._apply(spec.load_limits)
        watch = self.supervisor.ask(message, loading, spec.load_limits)
        outcome = self._outcome(
            loading.stage,
            watch,
            loaded=loading.loaded,
            raised=loading.raised,
            entry_point_missing=loading.entry_point_missing,
        )
        self.alive = self.alive and loading.loaded
        return outcome

    def call(self, call: Call) -> RunOutcome:
        """Makes one call; with isolation "process", the only run of the program."""
        if call.partner is not None:
            return converse(self, call, call.partner)
        return self.supervisor.drive(self.calling(call))

    def burst(self, burst: Burst) -> BurstOutcome | None:
        """Makes the first of these calls."""
        limits, count = burst.limits, len(burst.arguments) if burst.whole else fitting(burst.arguments)
        if count == 1 or self._spec.isolation is not Isolation.SUBMISSION or not self._apply(limits):
            return BurstOutcome(last=self.call(burst.first))
        bursting = Bursting(count, limits.answer_bytes)
        watch = self.supervisor.ask(question(burst, bursting, count), bursting, limits)
        end = self._call_outcome(watch, bursting.last or Calling(forked=False, answer_bytes=0))
        if (end.killer is not None or bursting.last is None) and is_lost(end):
            return None
        return BurstOutcome(last=end) if not bursting.others else shared(end, bursting.others, whole=burst.whole)

    def calling(self, call: Call) -> Calls:
        """As ``call``, but the caller waits, as in ``Supervisor.watch``."""
        if self._spec.isolation is Isolation.PROCESS:
            return (yield from self._run(call))
        forked = self._spec.isolation is Isolation.TEST
        calling = Calling(
            forked=forked,
            answer_bytes=call.limits.answer_bytes,
            more=call.more,
            identity=next(self._identities) if self._session is None else self._session,
            oracles=call.oracles,
        )
        self._session = calling.identity if call.more else None
        message: dict[str, Any] = {
            "kind": protocol.CALL,
            "id": calling.identity,
            "arguments": call.arguments,
            "audit": call.audit_seed,
        }
        if call.more:
            message["more"] = True
        if call.oracles is not None:
            message["oracles"] = dict(call.oracles.positions)
        if call.keywords:
            message["keywords"] = list(call.keywords)
        if not self._apply(call.limits):
            self.alive = False
            return RunOutcome(stage=Stage.CALL, killer=Killer.MEMORY)
        if self._renewable and (stopped := self._renew()) is not None:
            self.alive = False
            return RunOutcome(stage=Stage.CALL, killer=stopped)
        watch = yield from self.supervisor.watch(message, calling, call.limits)
        self._renewable = watch.renewable
        if watch.exit_code is None and watch.signal is None:
            watch.exit_code, watch.signal = calling.exit_code, calling.signal
        return self._call_outcome(watch, calling)

    def _renew(self) -> Killer | None:
        """Has the init start the next process, on nobody's time; returns who stopped it.

        Raises SlotFault when it does not start: of the process before it nothing is left.
        """
        ready = Ready()
        watch = self.supervisor.ask({"kind": protocol.RENEW}, ready, _START_LIMITS)
        if ready.ready:
            return None
        if watch.killer in (Killer.CANCELLED, Killer.DEADLINE):
            return watch.killer
        self.lines.stderr.read()
        words = self.lines.stderr.take().data.decode("utf-8", "replace")[-2000:]
        raise SlotFault(f"the next process of a box did not start ({watch.killer or 'it ended'}): {words.strip()}")

    def _run(self, call: Call) -> Calls:
        """Runs the program; an end with status 0 makes what it wrote an answer, unless that was said to a partner."""
        stdout, spoken = self.lines.stdout, self.lines.stdin is not None
        stdout.kept_bytes = KEPT_BYTES if spoken else call.limits.output_bytes
        if not self._apply(call.limits):
            self.alive = False
            return RunOutcome(stage=Stage.CALL, killer=Killer.MEMORY)
        message: dict[str, Any] = {"kind": protocol.CALL, "id": 0, "arguments": call.arguments, "audit": None}
        if call.collect:
            message["collect"] = [*call.collect]
        running = Running(call.collect)
        watch = yield from self.supervisor.watch(message, running, call.limits)
        outcome = self._outcome(Stage.CALL, watch, files=running.files)
        self.alive = False
        written = outcome.stdout
        shown = Captured(data=written.data[:KEPT_BYTES], total_bytes=written.total_bytes)
        whole = outcome.exit_code == 0 and outcome.killer is None and (spoken or not written.truncated)
        answer = wire.encode(b"" if spoken else written.data) if whole else None
        return replace(outcome, stdout=shown, answer=answer)

    def _apply(self, limits: Limits) -> bool:
        """Sets the limits of the next run; False when what is still held from the last one is more than they allow."""
        if limits.memory_bytes == self._memory_limit:
            return True
        wanted, kills = self._memory_base + limits.memory_bytes, self._cgroup.oom_kills()
        try:
            self._cgroup.set_memory_limit(wanted)
        except SlotFault:
            if self._cgroup.memory_bytes() <= wanted:
                raise
            return False
        self._cgroup.set_pids_limit(self._pids_base + limits.processes)
        self._memory_limit = limits.memory_bytes
        return self._cgroup.oom_kills() == kills  # version 2 kills to make room

    def _outcome(self, stage: Stage, watch: Watch, **told: object) -> RunOutcome:
        if watch.killer is not None or watch.gone:
            self.alive = False
        killer = watch.killer
        if watch.gone and killer is None and watch.exit_code is None and watch.signal is None:
            self._judge_silent_end(watch)
        return RunOutcome(
            stage=stage,
            exit_code=watch.exit_code,
            signal=watch.signal,
            killer=killer,
            protocol_error=watch.protocol_error,
            oracle_stop=watch.oracle_stop,
            oom_kills=watch.oom_kills,
            cpu_ns=watch.cpu_ns,
            wall_ns=watch.wall_ns,
            memory_peak_bytes=max(0, watch.memory_peak_bytes - self._memory_base),
            stdout=self.lines.stdout.take(),
            stderr=self.lines.stderr.take(),
            **told,  # type: ignore[arg-type]
        )

    def _call_outcome(self, watch: Watch, calling: Calling) -> RunOutcome:
        return self._outcome(
            Stage.CALL,
            watch,
            answer=calling.answer,
            raised=calling.raised,
            unencodable=calling.unencodable,
            too_large=calling.too_large,
            audit=calling.audit,
        )

    def _judge_silent_end(self, watch: Watch) -> None:
        """A box whose init did not tell how it ended: out of memory explains it, anything else is a fault of ours."""
        if watch.oom_kills == 0:
            self._log.read()
            words = self._log.take().data.decode("utf-8", "replace")[-2000:]
            raise SlotFault(f"the box ended without a word from its init: {words.strip() or 'nsjail said nothing'}")
