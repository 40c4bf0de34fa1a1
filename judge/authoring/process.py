"""The service's side of a verification, or a compilation, in another process.

What the two say stands in ``judge.authoring.apart``.

The process leads a session of its own. It is told to end by the end of the connection, and killed with all that it
started when it does not.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec

from judge.authoring.apart import (
    GRANT,
    MAX_LINE_BYTES,
    Ask,
    Compile,
    Compiled,
    Failed,
    Found,
    Order,
    Returned,
    Stepped,
    Told,
    encode,
)
from judge.authoring.rules import NAMES
from judge.errors import InfrastructureError
from judge.model.compilation import Compilation
from judge.model.finding import Finding, Step

_PATIENCE_S = 20.0  # in which a process gives back what it has
_STANDARD_ERROR = 2
_DECODER: msgspec.json.Decoder[Told] = msgspec.json.Decoder(Told)

Turn = Callable[[], AbstractAsyncContextManager[None]]
TurnOf = Callable[[int], AbstractAsyncContextManager[None]]  # with so many bytes of memory
Tell = Callable[[Finding | Step], None]


class VerifierProcess:
    """Verifies and compiles problems, each in a process that ``command`` starts; ``--fd N`` is added."""

    rules = NAMES

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command

    async def verify(self, problem: str, level: str, rules: tuple[str, ...], turn: Turn, tell: Tell) -> None:
        """Verifies the problem of that slug; cancelling ends the process. Raises SpecError, InfrastructureError."""

        def hear(told: Told) -> None:
            if isinstance(told, Stepped):
                tell(told.step)
            elif isinstance(told, Found):
                tell(told.finding)

        await self._do(Order(problem=problem, level=level, rules=rules), lambda _: turn(), hear)

    async def compile(self, problem: str, root: Path | None, turn: TurnOf) -> Compilation:
        """Compiles the problem of that slug, or the package in ``root``, which is to have it.

        Cancelling ends the process. Raises UnknownProblem, SpecError and InfrastructureError.
        """
        heard: list[Told] = []
        await self._do(Compile(problem=problem, root=str(root or "")), turn, heard.append)
        for told in heard:
            if isinstance(told, Compiled):
                return told.compilation
        raise InfrastructureError(f"the process that compiled {problem!r} ended without a plan")

    async def _do(self, order: Order | Compile, turn: TurnOf, hear: Callable[[Told], None]) -> None:
        """Has a process do what is ordered, and gives it its turns."""
        async with _started(self._command) as (reader, writer), AsyncExitStack() as held:
            writer.write(encode(order) + b"\n")
            while line := await _line(reader):
                told = _DECODER.decode(line)
                match told:
                    case Ask():
                        await held.enter_async_context(turn(told.memory_bytes))
                        writer.write(GRANT)
                    case Returned():
                        await held.aclose()
                    case Failed():
                        raise told.error()
                    case Stepped() | Found():
                        hear(told)
                    case _:
                        hear(told)
                        return
        raise InfrastructureError(f"the process that was at {order.problem!r} ended in the middle of it")


async def _line(reader: asyncio.StreamReader) -> bytes:
    """The next line; nothing when the process is gone."""
    try:
        return await reader.readline()
    except ConnectionError:
        return b""


@asynccontextmanager
async def _started(command: tuple[str, ...]) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_unix_connection(sock=ours, limit=MAX_LINE_BYTES)
    try:
        with theirs:
            number = theirs.fileno()
            process = await asyncio.create_subprocess_exec(
                *(*command, "--fd", str(number)),
                pass_fds=(number,),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=_STANDARD_ERROR,
                start_new_session=True,
            )
        try:
            yield reader, writer
        finally:
            writer.close()
            await _end(process)
    finally:
        writer.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Waits for a process that was told to end; kills it, with what it started, when it does not or nobody waits."""
    gone = asyncio.create_task(process.wait())
    try:
        await asyncio.wait([gone], timeout=_PATIENCE_S)
    finally:
        if not gone.done():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await asyncio.wait([gone])
