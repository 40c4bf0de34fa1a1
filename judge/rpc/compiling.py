"""Compilations, one after the other, each in its turn among the gradings of batches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import NoReturn, Protocol

from judge.model.compilation import Compilation
from judge.rpc.status import Unimplemented
from judge.rpc.turns import Turns

Turn = Callable[[int], AbstractAsyncContextManager[None]]  # with so many bytes of memory


class Compiler(Protocol):
    """Compiles problems of the catalogue, and packages that are to be added to it."""

    async def compile(self, problem: str, root: Path | None, turn: Turn) -> Compilation:
        """Compiles the problem of that slug, or the package in ``root``; enters ``turn`` for what needs a core.

        When it is cancelled it leaves nothing behind. Raises SpecError and InfrastructureError.
        """
        ...


class NoCompiler:
    """Compiles nothing: for services that have no sandbox of their own."""

    async def compile(self, problem: str, root: Path | None, turn: Turn) -> NoReturn:
        """Raises Unimplemented."""
        raise Unimplemented("this service compiles no problems")


class Compilations:
    """Those that clients ask for."""

    def __init__(self, compiler: Compiler, turns: Turns) -> None:
        self._compiler = compiler
        self._turns = turns
        self._one = asyncio.Lock()

    async def run(self, slug: str, root: Path | None = None) -> Compilation:
        """Compiles the problem of that slug, or the package in ``root``, which is to have it.

        Raises SpecError, DeadlinePassed, Draining and InfrastructureError.
        """
        async with self._one:
            return await self._compiler.compile(slug, root, lambda size: self._turns.turn("a compilation", size))
