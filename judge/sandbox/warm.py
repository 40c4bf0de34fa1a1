"""The warm path: a box is a fork of a zygote.

A slot keeps a zygote for each kind that is asked for: bare, or with groups of the toolchain's modules preloaded for
programs that import one of them, and for each hash seed, of each runtime. Zygotes are started when they are first
needed and then live between runs, at most ``max_zygotes`` of them. Anything in doubt destroys the slot, zygotes and
all, and is counted with its reason:

=========== ========================================================================================================
fault       a box could not be made, or ended without a word, or its zygote is gone or does not answer at its end
not_at_rest after a box another set of processes lives in the slot than before
memory      the slot uses ``memory_slack_bytes`` more than when its last zygote was new
runs, age   it has made ``max_runs`` boxes, or is older than ``max_age_ns``
probe       the golden program, run every ``probe_every`` boxes, is not answered as by the new zygote (``golden``)
=========== ========================================================================================================

The next box is made in a new slot; no candidate is failed for it. A fault before the last answer is told to the
caller, as SlotFault: that run is to be repeated. Whatever is noticed of one box, at its end too, is one rebuild.

A language without a zygote takes the cold path, in the same slot. Compiled languages have a fork server for whole
programs (``judge/harness/cpp/zygote.cpp``), which forks the box in which the program is then executed; their functions
take the cold path.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from judge.errors import InfrastructureError, SlotFault
from judge.model.run import Isolation
from judge.model.toolchain import DEFAULT_RUNTIME, Toolchain, Toolchains
from judge.ports import Box, BoxSpec, Observer
from judge.sandbox import golden, jail
from judge.sandbox.artefacts import ArtefactCache
from judge.sandbox.box import SlotBox
from judge.sandbox.bpf import compile_policy
from judge.sandbox.cold import ColdSandbox
from judge.sandbox.compiled import CompiledBox
from judge.sandbox.policy import parse
from judge.sandbox.slot import Slot
from judge.sandbox.streams import ENDED_EARLY
from judge.sandbox.toolchains import check_offered, describe, find, read_ahead
from judge.sandbox.wires import Wires
from judge.sandbox.zygote import Kind, Zygote, kind_for

_OOM_FIRST = b"1000"


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotLife:
    """How long a slot is trusted before it is built anew."""

    max_runs: int = 500  # boxes
    max_age_ns: int = 600 * 10**9
    memory_slack_bytes: int = 64 * 1024 * 1024  # above what it used when its last zygote was new
    probe_every: int = 200  # boxes from one run of the golden program to the next
    patience_ms: int = 5_000  # with a zygote that does not answer
    max_zygotes: int = 10  # at one time; the one that was not asked for the longest ends for a new one


class WarmSandbox:
    """Opens boxes in one slot, as forks of warm interpreters."""

    path = "warm"

    def __init__(
        self,
        slot: Slot,
        toolchains: Toolchains,
        observer: Observer,
        life: SlotLife | None = None,
        programs: ArtefactCache | None = None,
    ) -> None:
        self._slot = slot
        self._life = life or SlotLife()
        self._toolchains = toolchains
        self._observer = observer
        self._programs = programs
        self._cold = ColdSandbox(slot, toolchains, observer, programs)
        self._filter = compile_policy(parse(jail.seccomp_policy()))
        self._zygotes: dict[Kind, Zygote] = {}
        self._greetings: dict[Kind, golden.Greeting] = {}
        self._runs = 0
        self._born_ns = 0
        self._rest_bytes = 0
        self._spoiled: str | None = None  # why the slot must not have another box, noticed at the end of one

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
        compiled = toolchain.compiler is not None
        if not toolchain.zygote_argv or (compiled and spec.isolation is not Isolation.PROCESS):
            try:
                with self._cold.open(spec) as box:
                    yield box
            finally:
                if not self._slot.started:  # it was destroyed, with the zygotes in it
                    self._forget_zygotes()
            return
        try:
            with ExitStack() as stack:
                opened = self._compiled if compiled else self._interpreted
                yield opened(toolchain, spec, stack)
        except InfrastructureError:
            self._rebuild("fault")
            raise
        else:
            self._recycle()
        finally:
            if self._spoiled is not None:
                self._rebuild(self._spoiled)

    def close(self) -> None:
        """Gives the slot back."""
        self._forget_zygotes()
        self._slot.close()

    # --- one box ---

    def _interpreted(self, toolchain: Toolchain, spec: BoxSpec, stack: ExitStack) -> Box:
        return self._start(self._zygote(toolchain, spec), spec, stack)

    def _compiled(self, toolchain: Toolchain, spec: BoxSpec, stack: ExitStack) -> Box:
        """A box of a whole compiled program, which is compiled in a jail of its own if need be."""
        check_offered(toolchain, spec.isolation)
        return CompiledBox(
            toolchain,
            spec,
            self._programs,
            self._observer,
            stack,
            compiler=lambda compiler: self._cold.compiling(compiler, spec),
            program=lambda descriptor: self._start(self._zygote(toolchain, spec), spec, stack, descriptor),
        )

    def _start(self, zygote: Zygote, spec: BoxSpec, stack: ExitStack, *extra: int) -> SlotBox:
        wires = Wires(stack, spec.stdin, live=spec.live_stdin)
        handle = zygote.open_box(wires, *extra)
        stack.callback(self._end, zygote, handle)
        wires.give_away()
        _make_first_victim(handle)
        wires.lines.frames.let_go()
        box = SlotBox(spec, self._slot.cgroup, wires.lines, handle, zygote.log)
        box.wait_until_ready()
        return box

    def _end(self, zygote: Zygote, handle: int) -> None:
        """Kills the box: its init is PID 1 of its namespace, so that the kernel kills everything with it.

        A box may end because the slot is not sound: what is found here is kept for whoever opened the box.
        """
        reason = "fault"
        try:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            zygote.reap()
            reason = "not_at_rest"
            self._slot.check_rest()
        except SlotFault:
            self._spoiled = reason
        finally:
            os.close(handle)

    def _zygote(self, toolchain: Toolchain, spec: BoxSpec) -> Zygote:
        if not self._slot.started:  # destroyed with the zygotes in it, after a program was compiled
            self._forget_zygotes()
        kind = kind_for(spec.program, toolchain, spec.hash_seed)
        zygote = self._zygotes.pop(kind, None)
        if zygote is None:
            return self._make_zygote(kind, toolchain)
        self._zygotes[kind] = zygote  # the last that was asked for
        return zygote

    def _make_zygote(self, kind: Kind, toolchain: Toolchain) -> Zygote:
        self._make_room()
        read_ahead(toolchain)
        zygote = Zygote(self._slot, toolchain, kind, self._filter, self._life.patience_ms)
        self._zygotes[kind] = zygote
        self._slot.settle()
        self._greetings[kind] = self._greet(kind)
        if self._greetings[kind][0] is None or self._spoiled is not None:
            raise SlotFault(f"a new zygote does not answer the golden program, or dies: {self._greetings[kind]}")
        self._rest_bytes = self._slot.cgroup.memory_bytes()
        self._born_ns = self._born_ns or time.monotonic_ns()
        return zygote

    def _make_room(self) -> None:
        """Ends zygotes until there is room for another one, so that a slot's memory has a bound."""
        while len(self._zygotes) >= self._life.max_zygotes:
            kind = next(iter(self._zygotes))
            zygote = self._zygotes.pop(kind)
            del self._greetings[kind]
            zygote.close()
            self._slot.launcher.reap(zygote.jail)
            self._slot.settle()

    def _greet(self, kind: Kind) -> golden.Greeting:
        """Runs the golden program in a fork of that zygote."""
        toolchain = find(self._toolchains, kind.language, kind.runtime)
        with ExitStack() as stack:
            if toolchain.compiler is None:
                spec = golden.spec(kind.language, kind.runtime, kind.hash_seed)
                return golden.greet(self._start(self._zygotes[kind], spec, stack))
            program = golden.own_program(toolchain)
            stack.callback(os.close, program)
            spec = golden.whole_spec(kind.language, kind.hash_seed)
            return golden.greet_whole(self._start(self._zygotes[kind], spec, stack, program))

    # --- the slot's life ---

    def _recycle(self) -> None:
        if not self._zygotes or self._spoiled is not None:
            return
        self._runs += 1
        reason = self._doubt()
        if reason is not None and self._spoiled is None:  # the golden program's end may have spoiled it
            self._rebuild(reason)

    def _doubt(self) -> str | None:
        life = self._life
        if self._runs >= life.max_runs:
            return "runs"
        if time.monotonic_ns() - self._born_ns > life.max_age_ns:
            return "age"
        if self._slot.started and self._slot.cgroup.memory_bytes() > self._rest_bytes + life.memory_slack_bytes:
            return "memory"
        return "probe" if self._runs % life.probe_every == 0 and not self._as_before() else None

    def _as_before(self) -> bool:
        """Whether every zygote answers the golden program as it did when it was new, and outlives it."""
        try:
            answers = (self._greet(kind) == greeting for kind, greeting in self._greetings.items())
            return all(answer and self._spoiled is None for answer in answers)
        except InfrastructureError:
            return False

    def _rebuild(self, reason: str) -> None:
        self._observer.count("judge_slot_rebuilds_total", {"reason": reason})
        self._forget_zygotes()
        self._slot.destroy()

    def _forget_zygotes(self) -> None:
        for zygote in self._zygotes.values():
            zygote.close()
        self._zygotes.clear()
        self._greetings.clear()
        self._runs = self._born_ns = 0
        self._spoiled = None


def _make_first_victim(handle: int) -> None:
    """Raises the box's score for the OOM killer above the zygote's, before it forks: children inherit it."""
    descriptor = os.open(f"/proc/self/fdinfo/{handle}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        facts = os.read(descriptor, 4096)
    finally:
        os.close(descriptor)
    pid = next((line.split()[1].decode() for line in facts.splitlines() if line.startswith(b"Pid:")), "-1")
    try:
        with open(f"/proc/{pid}/oom_score_adj", "wb", buffering=0) as file:
            file.write(_OOM_FIRST)
    except OSError:
        raise SlotFault(ENDED_EARLY) from None
