"""What gradings need to know of this machine, and the store where they are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from judge.config import Settings
from judge.languages import load_toolchains
from judge.model.toolchain import Toolchains
from judge.ports import Observer, Store
from judge.sandbox import toolchains
from judge.scheduling.clock import SystemClock
from judge.store.retention import retention
from judge.store.sql import open_store

log = structlog.get_logger()


@asynccontextmanager
async def opened_store(settings: Settings, observer: Observer) -> AsyncIterator[Store]:
    """The settings' store, which forgets what is too old or too much while it is open. Raises ConfigError."""
    store = await open_store(settings.store)
    limits = {"age_ns": settings.store_age_ns, "size_bytes": settings.store_size_bytes}
    try:
        async with retention(store, SystemClock(), observer, **limits):
            yield store
    finally:
        await store.close()


class MachineToolchains:
    """The toolchains of this machine by name, read again when they may have changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loaded: Toolchains | None = None

    async def describe(self, language: str, runtime: str) -> str:
        """A toolchain as reports name it. Raises SubmissionError, EnvironmentFault."""
        if self._loaded is None:
            settings = self._settings
            self._loaded = await asyncio.to_thread(load_toolchains, settings.runtime_root, settings.state_dir)
            _tell(self._loaded)
        return toolchains.describe(self._loaded, language, runtime)

    def renew(self) -> None:
        """Says that they may have changed."""
        self._loaded = None


def _tell(found: Toolchains) -> None:
    """Logs what cannot be used; who asks for it gets the reason too."""
    for runtime, reason in found.faults.items():
        log.warning("a runtime cannot be used", runtime=runtime, reason=reason)
    for language, reason in found.missing.items():
        log.warning("a language cannot be used", language=language, reason=reason)
