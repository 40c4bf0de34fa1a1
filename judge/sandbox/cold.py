"""The cold path: one nsjail per box.

``open`` has the slot's launcher start a jail and waits for READY, before which nothing of the candidate's has run.
Whatever happens, leaving the context kills everything in the slot but what lives between runs, and a slot that cannot
be emptied is destroyed; the next box gets a new one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from judge.errors import InfrastructureError, SlotFault
from judge.model.toolchain import DEFAULT_RUNTIME, Toolchain, Toolchains
from judge.ports import BoxSpec, Observer
from judge.sandbox import jail
from judge.sandbox.box import SlotBox
from judge.sandbox.slot import Jail, Slot
from judge.sandbox.streams import Capture
from judge.sandbox.toolchains import describe, find, read_ahead
from judge.sandbox.wires import Wires, sealed_file


class ColdSandbox:
    """Opens boxes in one slot, each in a jail of its own."""

    path = "cold"

    def __init__(self, slot: Slot, toolchains: Toolchains, observer: Observer) -> None:
        self._slot = slot
        self._toolchains = toolchains
        self._observer = observer

    @property
    def slot(self) -> int:
        """The number of its slot."""
        return self._slot.number

    def describe_toolchain(self, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
        """The toolchain's versions and digest. Raises SubmissionError, EnvironmentFault (``find``)."""
        return describe(self._toolchains, language, runtime)

    @contextmanager
    def open(self, spec: BoxSpec) -> Iterator[SlotBox]:
        """A fresh box. Raises SlotFault when it cannot be made; the slot is rebuilt for the next one."""
        toolchain = find(self._toolchains, spec.program.language, spec.runtime)
        read_ahead(toolchain)
        try:
            with ExitStack() as stack:
                yield self._start(toolchain, spec, stack)
        except InfrastructureError:
            self._rebuild("fault")
            raise

    def close(self) -> None:
        """Gives the slot back."""
        self._slot.close()

    def _start(self, toolchain: Toolchain, spec: BoxSpec, stack: ExitStack) -> SlotBox:
        slot = self._slot
        wires = Wires(stack, spec.stdin)
        log, log_writer = os.pipe2(os.O_CLOEXEC)
        capture = Capture(log)
        stack.callback(capture.close)
        config = sealed_file(jail.render_box(toolchain, slot.outside_id, spec.hash_seed))
        given = [wires.stdin, wires.stdout, wires.stderr, wires.channel, wires.control, log_writer, config]
        try:
            started = slot.launcher.start(jail.argv(), given, slot.cpu)
        finally:
            wires.give_away()
            for descriptor in (log_writer, config):
                os.close(descriptor)
        stack.callback(self._end, started)
        box = SlotBox(spec, slot.cgroup, wires.lines, started.handle, capture)
        box.wait_until_ready()
        return box

    def _end(self, started: Jail) -> None:
        """Empties the slot; one that cannot be emptied is destroyed."""
        try:
            self._slot.clear()
            self._slot.launcher.reap(started)
        except SlotFault:
            self._rebuild("not_at_rest")
        finally:
            os.close(started.handle)

    def _rebuild(self, reason: str) -> None:
        self._observer.count("judge_slot_rebuilds_total", {"reason": reason})
        self._slot.destroy()
