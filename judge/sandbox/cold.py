"""The cold path: one nsjail per box.

``open`` has the slot's launcher start a jail and waits for READY, before which nothing of the candidate's has run. The
memory in use at that moment is the baseline: the slot's limit becomes baseline plus the submission's limit, and peaks
are reported above it. ``load`` and ``call`` ask over the channel. Whatever happens, leaving the context kills
everything in the slot but the launcher, and a slot that cannot be emptied is destroyed; the next box gets a new one.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from judge.errors import InfrastructureError, SlotFault, SubmissionError
from judge.harness import protocol
from judge.model.run import Isolation, Killer, Limits, RunOutcome, Stage
from judge.model.toolchain import Toolchain
from judge.ports import BoxSpec, Call
from judge.sandbox import jail
from judge.sandbox.cgroup import Cgroup
from judge.sandbox.conversation import Calling, Loading, Ready
from judge.sandbox.slot import Slot
from judge.sandbox.streams import Capture, Frames
from judge.sandbox.supervisor import Lines, Supervisor, Watch

_START_LIMITS = Limits(cpu_ns=10**10, wall_ns=10**10, memory_bytes=0, output_bytes=1 << 20)


class ColdSandbox:
    """Opens boxes in one slot, each in a jail of its own."""

    path = "cold"

    def __init__(self, slot: Slot, toolchains: Mapping[str, Toolchain]) -> None:
        self._slot = slot
        self._toolchains = toolchains

    @property
    def slot(self) -> int:
        """The number of its slot."""
        return self._slot.number

    def describe_toolchain(self, language: str) -> str:
        """The toolchain's name, versions and digest. Raises SubmissionError for an unknown language."""
        toolchain = self._toolchain(language)
        return f"{toolchain.versions} [{toolchain.digest[:16]}]"

    @contextmanager
    def open(self, spec: BoxSpec) -> Iterator[ColdBox]:
        """A fresh box. Raises SlotFault when it cannot be made; the slot is rebuilt for the next one."""
        toolchain = self._toolchain(spec.program.language)
        with ExitStack() as stack:
            try:
                stack.callback(self._clear)
                lines, jail_handle, log = _start(self._slot, toolchain, spec, stack)
                box = ColdBox(spec, self._slot.cgroup, lines, jail_handle, log)
                box.wait_until_ready()
                yield box
            except InfrastructureError:
                self._slot.destroy()
                raise

    def close(self) -> None:
        """Gives the slot back."""
        self._slot.close()

    def _clear(self) -> None:
        """Empties the slot; one that cannot be emptied is destroyed."""
        try:
            self._slot.clear()
        except SlotFault:
            self._slot.destroy()

    def _toolchain(self, language: str) -> Toolchain:
        toolchain = self._toolchains.get(language)
        if toolchain is None:
            known = ", ".join(sorted(self._toolchains))
            raise SubmissionError("program.language", f"expected one of {known}, found {language!r}")
        return toolchain


class ColdBox:
    """One jail."""

    def __init__(self, spec: BoxSpec, cgroup: Cgroup, lines: Lines, jail_handle: int, log: Capture) -> None:
        self._spec = spec
        self._cgroup = cgroup
        self._lines = lines
        self._log = log
        self._supervisor = Supervisor(lines, cgroup, jail_handle, spec.interrupt)
        self._memory_base = 0
        self._pids_base = 0
        self._memory_limit = -1
        self.alive = True

    def wait_until_ready(self) -> None:
        """Waits for the jail to be built; raises SlotFault with nsjail's own words when it is not."""
        ready = Ready()
        watch = self._supervisor.ask(None, ready, _START_LIMITS)
        if not ready.ready and watch.killer not in (Killer.CANCELLED, Killer.DEADLINE):
            self._log.read()
            self._lines.stderr.read()
            words = (self._log.take().data + self._lines.stderr.take().data).decode("utf-8", "replace")[-2000:]
            raise SlotFault(
                f"the jail did not start ({watch.killer or 'it ended'}): {words.strip() or 'it said nothing'}"
            )
        self._memory_base = self._cgroup.memory_bytes()
        self._pids_base = len(self._cgroup.pids())
        self._lines.stderr.take()

    def load(self) -> RunOutcome:
        """Compiles and loads the program."""
        spec, loading = self._spec, Loading()
        message = {
            "kind": protocol.LOAD,
            "main": spec.program.main.path,
            "files": {file.path: file.content for file in spec.program.files},
            "entry": spec.entry_point,
            "isolation": spec.isolation.value,
            "audit": spec.isolation is Isolation.SUBMISSION,
        }
        self._apply(spec.load_limits)
        watch = self._supervisor.ask(message, loading, spec.load_limits)
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
        """Makes one call."""
        calling = Calling(forked=self._spec.isolation is Isolation.TEST)
        message = {
            "kind": protocol.CALL,
            "id": calling.identity,
            "arguments": call.arguments,
            "audit": call.audit_seed,
        }
        self._apply(call.limits)
        watch = self._supervisor.ask(message, calling, call.limits)
        if watch.exit_code is None and watch.signal is None:
            watch.exit_code, watch.signal = calling.exit_code, calling.signal
        return self._outcome(
            Stage.CALL,
            watch,
            answer=calling.answer,
            raised=calling.raised,
            unencodable=calling.unencodable,
            too_large=calling.too_large,
            audit=calling.audit,
        )

    def _apply(self, limits: Limits) -> None:
        if limits.memory_bytes != self._memory_limit:
            self._cgroup.set_memory_limit(self._memory_base + limits.memory_bytes)
            self._cgroup.set_pids_limit(self._pids_base + limits.processes)
            self._memory_limit = limits.memory_bytes

    def _outcome(self, stage: Stage, watch: Watch, **told: object) -> RunOutcome:
        if watch.killer is not None or watch.gone:
            self.alive = False
        self._supervisor.drain()
        killer = watch.killer
        if watch.gone and killer is None and watch.exit_code is None and watch.signal is None:
            self._judge_silent_end(watch)
        return RunOutcome(
            stage=stage,
            exit_code=watch.exit_code,
            signal=watch.signal,
            killer=killer,
            protocol_error=watch.protocol_error,
            oom_kills=watch.oom_kills,
            cpu_ns=watch.cpu_ns,
            wall_ns=watch.wall_ns,
            memory_peak_bytes=max(0, watch.memory_peak_bytes - self._memory_base),
            stdout=self._lines.stdout.take(),
            stderr=self._lines.stderr.take(),
            **told,  # type: ignore[arg-type]
        )

    def _judge_silent_end(self, watch: Watch) -> None:
        """A box whose init did not tell how it ended: out of memory explains it, anything else is a fault of ours."""
        if watch.oom_kills == 0:
            self._log.read()
            words = self._log.take().data.decode("utf-8", "replace")[-2000:]
            raise SlotFault(f"the box ended without a word from its init: {words.strip() or 'nsjail said nothing'}")


def _start(slot: Slot, toolchain: Toolchain, spec: BoxSpec, stack: ExitStack) -> tuple[Lines, int, Capture]:
    """Starts a jail; returns our ends of its descriptors, its pidfd, and nsjail's log."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    pipes = [os.pipe2(os.O_CLOEXEC) for _ in range(4)]
    (stdout, stdout_w), (stderr, stderr_w), (control, control_w), (log, log_w) = pipes
    config = _sealed(jail.render(toolchain, slot.outside_id, spec.hash_seed))
    nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    lines = Lines(Frames(ours), Capture(control), Capture(stdout), Capture(stderr))
    log_capture = Capture(log)
    stack.callback(lines.close)
    stack.callback(log_capture.close)
    given = [nothing, stdout_w, stderr_w, theirs.fileno(), control_w, log_w, config]
    try:
        handle = slot.launcher.start(jail.argv(), given, slot.cpu)
    finally:
        theirs.close()
        for descriptor in [nothing, stdout_w, stderr_w, control_w, log_w, config]:
            os.close(descriptor)
    stack.callback(os.close, handle)
    return lines, handle, log_capture


def _sealed(content: bytes) -> int:
    """Returns a descriptor of a memory file with ``content``."""
    descriptor = os.memfd_create("jail", os.MFD_CLOEXEC)
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
