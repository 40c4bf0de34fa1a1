"""Slots of this machine with a sandbox in each: a worker's own, and those beside it for author's code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from judge.config import Settings
from judge.languages import load_toolchains
from judge.ports import Observer, Sandbox
from judge.sandbox.artefacts import ArtefactCache
from judge.sandbox.cgroup import find_tree
from judge.sandbox.cold import ColdSandbox
from judge.sandbox.probe import probe
from judge.sandbox.slot import Slot, sweep
from judge.sandbox.warm import WarmSandbox


@contextmanager
def open_sandbox(
    settings: Settings, observer: Observer, path: str = "auto", beside: Sandbox | None = None
) -> Iterator[Sandbox]:
    """A probed sandbox in a slot of its own; the slot is given back at the end. Raises InfrastructureError.

    ``path`` is cold, warm or auto: warm where the language allows it, which is the warm sandbox's own rule. One that is
    ``beside`` another shares its core: they take turns, and the cores of other slots are left to them.
    """
    found = load_toolchains(settings.runtime_root, settings.state_dir)
    tree = find_tree(settings.cgroup_root)
    sweep(tree, settings.run_dir)
    slot = Slot(
        tree,
        settings.run_dir,
        settings.uid_base,
        cpu_of=lambda number: core_of(number if beside is None else beside.slot),
        companion=beside is not None,
    )
    programs = ArtefactCache(settings.state_dir / "programs", settings.compile_cache_bytes)
    sandbox = (
        ColdSandbox(slot, found, observer, programs)
        if path == "cold"
        else WarmSandbox(slot, found, observer, programs=programs)
    )
    try:
        probe(sandbox)
        yield sandbox
    finally:
        sandbox.close()


class OpenedCompanions:
    """The port ``Companions``: sandboxes beside a slot's own, opened when they are first asked for."""

    def __init__(self, settings: Settings, observer: Observer, beside: Sandbox, stack: ExitStack) -> None:
        self._settings = settings
        self._observer = observer
        self._beside = beside
        self._stack = stack
        self._opened: dict[str, Sandbox] = {}

    def sandbox(self, role: str) -> Sandbox:
        """The sandbox of author's code of that role."""
        if role not in self._opened:
            opening = open_sandbox(self._settings, self._observer, self._beside.path, self._beside)
            self._opened[role] = self._stack.enter_context(opening)
        return self._opened[role]

    @property
    def slots(self) -> list[int]:
        """The numbers of the slots that are open."""
        return [sandbox.slot for sandbox in self._opened.values()]


@contextmanager
def open_companions(settings: Settings, observer: Observer, beside: Sandbox) -> Iterator[OpenedCompanions]:
    """The companions of a sandbox; their slots are given back at the end."""
    with ExitStack() as stack:
        yield OpenedCompanions(settings, observer, beside, stack)


def core_of(slot: int) -> int:
    """The core that a slot is pinned to: slots take the usable cores in turn."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[slot % len(cores)]
