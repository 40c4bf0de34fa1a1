"""The cold path: one nsjail per box.

``open`` has the slot's launcher start a jail and waits for READY, before which nothing of the candidate's has run.
Whatever happens, leaving the context kills everything in the slot but what lives between runs, and a slot that cannot
be emptied is destroyed; the next box gets a new one. A compiled language has two jails, one after the other: see
``judge.sandbox.compiled``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from judge.errors import InfrastructureError, SlotFault
from judge.model.run import Isolation
from judge.model.toolchain import DEFAULT_RUNTIME, Compiler, Toolchain, Toolchains
from judge.ports import Box, BoxSpec, Observer
from judge.sandbox import jail
from judge.sandbox.artefacts import ArtefactCache
from judge.sandbox.box import SlotBox
from judge.sandbox.compiled import CompiledBox
from judge.sandbox.slot import Jail, Slot
from judge.sandbox.streams import Capture
from judge.sandbox.toolchains import check_offered, describe, find, read_ahead
from judge.sandbox.wires import Wires, sealed_file


class ColdSandbox:
    """Opens boxes in one slot, each in a jail of its own."""

    path = "cold"

    def __init__(
        self, slot: Slot, toolchains: Toolchains, observer: Observer, programs: ArtefactCache | None = None
    ) -> None:
        self._slot = slot
        self._toolchains = toolchains
        self._observer = observer
        self._programs = programs  # compiled ones; None: nothing is kept

    @property
    def slot(self) -> int:
        """The number of its slot."""
        return self._slot.number

    def describe_toolchain(self, language: str, runtime: str = DEFAULT_RUNTIME) -> str:
        """The toolchain's versions and digest. Raises SubmissionError, EnvironmentFault (``find``)."""
        return describe(self._toolchains, language, runtime)

    @contextmanager
    def open(self, spec: BoxSpec) -> Iterator[Box]:
        """A fresh box. Raises SlotFault when it cannot be made; the slot is rebuilt for the next one."""
        toolchain = find(self._toolchains, spec.program.language, spec.runtime)
        read_ahead(toolchain)
        try:
            with ExitStack() as stack:
                yield self._box(toolchain, spec, stack)
        except InfrastructureError:
            self._rebuild("fault")
            raise

    def close(self) -> None:
        """Gives the slot back."""
        self._slot.close()

    def _box(self, toolchain: Toolchain, spec: BoxSpec, stack: ExitStack) -> Box:
        user = self._slot.outside_id
        if toolchain.compiler is None:
            return self._start(jail.render_box(toolchain, user, spec.hash_seed), spec, stack)
        whole = spec.isolation is Isolation.PROCESS
        check_offered(toolchain, spec.isolation)
        config = (
            jail.render_whole(toolchain, user, spec.hash_seed, spec.call_memory_bytes)
            if whole
            else jail.render_program(toolchain, spec.isolation, user, spec.hash_seed, spec.call_memory_bytes)
        )
        return CompiledBox(
            toolchain,
            spec,
            self._programs,
            self._observer,
            stack,
            compiler=lambda compiler: self.compiling(compiler, spec),
            program=lambda descriptor: self._start(config, spec, stack, descriptor),
        )

    @contextmanager
    def compiling(self, compiler: Compiler, spec: BoxSpec) -> Iterator[SlotBox]:
        """A jail that compiles, in the same slot."""
        whole = spec.isolation is Isolation.PROCESS
        config = jail.render_compiler(compiler, self._slot.outside_id, whole=whole)
        with ExitStack() as stack:
            yield self._start(config, replace(spec, stdin=b"", live_stdin=False), stack)

    def _start(self, config: bytes, spec: BoxSpec, stack: ExitStack, *extra: int) -> SlotBox:
        """Starts a jail; ``extra`` are descriptors that it gets besides."""
        slot = self._slot
        wires = Wires(stack, spec.stdin, live=spec.live_stdin)
        log, log_writer = os.pipe2(os.O_CLOEXEC)
        capture = Capture(log)
        stack.callback(capture.close)
        written = sealed_file(config)
        given = [wires.stdin, wires.stdout, wires.stderr, wires.channel, wires.control, log_writer, written, *extra]
        try:
            started = slot.launcher.start(jail.argv(), given, slot.cpu)
        finally:
            wires.give_away()
            for descriptor in (log_writer, written):
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
