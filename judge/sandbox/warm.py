"""The warm path: a box is a fork of a zygote.

A slot keeps a zygote for each kind that is asked for: bare, or with the toolchain's modules preloaded for programs
that name one of them, and for each hash seed. Zygotes are started when they are first needed and then live between
runs. Anything in doubt destroys the slot, zygotes and all: a zygote that does not answer, a process that should be
gone, memory that did not come back, too many runs, too much time. The next box is made in a new one; no candidate is
failed for it.

A language without a zygote takes the cold path, in the same slot.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

from judge.errors import InfrastructureError, SlotFault
from judge.model.toolchain import Toolchain
from judge.ports import BoxSpec, Observer
from judge.sandbox import jail
from judge.sandbox.box import SlotBox
from judge.sandbox.bpf import compile_policy
from judge.sandbox.cold import ColdSandbox
from judge.sandbox.policy import parse
from judge.sandbox.slot import Slot
from judge.sandbox.toolchains import describe, find
from judge.sandbox.wires import Wires
from judge.sandbox.zygote import Kind, Zygote

MAX_RUNS = 500  # of one slot, before it is built anew
MAX_AGE_NS = 600 * 10**9
MEMORY_SLACK_BYTES = 64 * 1024 * 1024  # more than this above its first rest, and the slot is built anew
_OOM_FIRST = b"1000"


class WarmSandbox:
    """Opens boxes in one slot, as forks of warm interpreters."""

    path = "warm"

    def __init__(self, slot: Slot, toolchains: Mapping[str, Toolchain], observer: Observer) -> None:
        self._slot = slot
        self._toolchains = toolchains
        self._observer = observer
        self._cold = ColdSandbox(slot, toolchains)
        self._filter = compile_policy(parse(jail.seccomp_policy()))
        self._zygotes: dict[Kind, Zygote] = {}
        self._runs = 0
        self._born_ns = 0
        self._rest_bytes = 0

    @property
    def slot(self) -> int:
        """The number of its slot."""
        return self._slot.number

    def describe_toolchain(self, language: str) -> str:
        """The toolchain's name, versions and digest. Raises SubmissionError for an unknown language."""
        return describe(self._toolchains, language)

    @contextmanager
    def open(self, spec: BoxSpec) -> Iterator[SlotBox]:
        """A fresh box. Raises SlotFault when it cannot be made; the slot is rebuilt for the next one."""
        toolchain = find(self._toolchains, spec.program.language)
        if not toolchain.zygote_argv:
            with self._cold.open(spec) as box:
                yield box
            return
        try:
            with ExitStack() as stack:
                yield self._start(toolchain, spec, stack)
        except InfrastructureError:
            self._rebuild("fault")
            raise
        self._recycle()

    def close(self) -> None:
        """Gives the slot back."""
        self._forget_zygotes()
        self._slot.close()

    # --- one box ---

    def _start(self, toolchain: Toolchain, spec: BoxSpec, stack: ExitStack) -> SlotBox:
        zygote = self._zygote(toolchain, spec)
        wires = Wires(stack)
        handle = zygote.open_box(wires)
        stack.callback(self._end, zygote, handle)
        wires.give_away()
        _make_first_victim(handle)
        wires.lines.frames.let_go()
        box = SlotBox(spec, self._slot.cgroup, wires.lines, handle, zygote.log)
        box.wait_until_ready()
        return box

    def _end(self, zygote: Zygote, handle: int) -> None:
        """Kills the box: its init is PID 1 of its namespace, so that the kernel kills everything with it."""
        try:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            zygote.reap()
            self._slot.check_rest()
        except SlotFault:
            self._rebuild("not_at_rest")
        finally:
            os.close(handle)

    def _zygote(self, toolchain: Toolchain, spec: BoxSpec) -> Zygote:
        sources = [file.content for file in spec.program.files]
        named = tuple(module for module in toolchain.preload if any(module.encode() in source for source in sources))
        kind = Kind(language=toolchain.language, preload=named, hash_seed=spec.hash_seed)
        known = self._zygotes.get(kind)
        if known is None:
            known = Zygote(self._slot, toolchain, kind, self._filter)
            self._zygotes[kind] = known
            self._slot.settle()
            self._rest_bytes = self._slot.cgroup.memory_bytes()
            self._born_ns = self._born_ns or time.monotonic_ns()
        return known

    # --- the slot's life ---

    def _recycle(self) -> None:
        self._runs += 1
        reason = self._doubt()
        if reason is not None:
            self._rebuild(reason)

    def _doubt(self) -> str | None:
        if self._runs >= MAX_RUNS:
            return "runs"
        if time.monotonic_ns() - self._born_ns > MAX_AGE_NS:
            return "age"
        if self._slot.started and self._slot.cgroup.memory_bytes() > self._rest_bytes + MEMORY_SLACK_BYTES:
            return "memory"
        return None

    def _rebuild(self, reason: str) -> None:
        self._observer.count("judge_slot_rebuilds_total", {"reason": reason})
        self._forget_zygotes()
        self._slot.destroy()

    def _forget_zygotes(self) -> None:
        for zygote in self._zygotes.values():
            zygote.close()
        self._zygotes.clear()
        self._runs = self._born_ns = 0


def _make_first_victim(handle: int) -> None:
    """Raises the box's score for the OOM killer above the zygote's, before it forks: children inherit it."""
    with open(f"/proc/self/fdinfo/{handle}") as stream:
        pid = next((line.split()[1] for line in stream if line.startswith("Pid:")), "-1")
    try:
        descriptor = os.open(f"/proc/{pid}/oom_score_adj", os.O_WRONLY | os.O_CLOEXEC)
    except OSError:
        raise SlotFault("the box ended before it began") from None
    try:
        os.write(descriptor, _OOM_FIRST)
    finally:
        os.close(descriptor)
