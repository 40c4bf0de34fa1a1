"""The service's side of a verification in another process; what the two say stands in ``judge.authoring.apart``.

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

import msgspec

from judge.authoring.apart import GRANT, MAX_LINE_BYTES, Ask, Failed, Found, Order, Returned, Stepped, Told, encode
from judge.authoring.rules import NAMES
from judge.errors import InfrastructureError
from judge.model.finding import Finding, Step

_PATIENCE_S = 20.0  # in which a process gives back what it has
_STANDARD_ERROR = 2
_DECODER: msgspec.json.Decoder[Told] = msgspec.json.Decoder(Told)

Turn = Callable[[], AbstractAsyncContextManager[None]]
Tell = Callable[[Finding | Step], None]


class VerifierProcess:
    """Verifies problems, each in a process that ``command`` starts; ``--fd N`` is added."""

    rules = NAMES

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command

    async def verify(self, problem: str, level: str, rules: tuple[str, ...], turn: Turn, tell: Tell) -> None:
        """Verifies the problem of that slug; cancelling ends the process. Raises SpecError, InfrastructureError."""
        async with _started(self._command) as (reader, writer), AsyncExitStack() as held:
            writer.write(encode(Order(problem=problem, level=level, rules=rules)) + b"\n")
            while line := await _line(reader):
                match _DECODER.decode(line):
                    case Ask():
                        await held.enter_async_context(turn())
                        writer.write(GRANT)
                    case Returned():
                        await held.aclose()
                    case Stepped(step=told) | Found(finding=told):
                        tell(told)
                    case Failed() as failed:
                        raise failed.error()
                    case _:
                        return
        raise InfrastructureError(f"the process that verified {problem!r} ended in the middle of it")


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
