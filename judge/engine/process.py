"""One worker process and the service's end of its connection.

The process gets the connection's other end under the number that follows ``--fd`` on its command line, nothing on
standard input, and the service's standard error for both of its outputs. It is told to end by the end of the
connection, and killed when it does not.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from typing import Self

import msgspec
import structlog

from judge.engine import frames

log = structlog.get_logger()

_STANDARD_ERROR = 2


class WorkerProcess:
    """A started process; ``start`` makes it."""

    def __init__(
        self, process: asyncio.subprocess.Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._exit = asyncio.create_task(self._watch())

    @classmethod
    async def start(cls, command: tuple[str, ...]) -> Self:
        """Starts ``command`` with ``--fd N`` added. Raises OSError."""
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        try:
            with theirs:
                process = await asyncio.create_subprocess_exec(
                    *command,
                    "--fd",
                    str(theirs.fileno()),
                    pass_fds=(theirs.fileno(),),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=_STANDARD_ERROR,
                )
        except BaseException:
            writer.close()
            raise
        return cls(process, reader, writer)

    def send(self, message: frames.Message) -> None:
        """Sends one message; to a process that is gone, nothing."""
        self._writer.write(frames.encode(message))

    async def receive(self) -> frames.FromWorker | None:
        """Returns the next message; None when the process is gone or what it sends is not a message."""
        try:
            header = await self._reader.readexactly(frames.HEADER.size)
            return frames.decode_from_worker(await self._reader.readexactly(frames.body_size(header)))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        except (msgspec.MsgspecError, ValueError) as error:
            log.error("a worker sent what is not a message", pid=self._process.pid, error=str(error))
            return None

    def kill(self) -> None:
        """Kills the process."""
        if self._process.returncode is None:
            self._process.kill()

    async def end(self, patience_s: float) -> None:
        """Closes the connection and waits for the process; kills it after ``patience_s``, or when cancelled."""
        self._writer.close()
        try:
            await asyncio.wait([self._exit], timeout=patience_s)
        finally:
            self.kill()
            await asyncio.wait([self._exit])

    def describe_end(self) -> str:
        """How the process ended: its exit status, or the signal that killed it."""
        code = self._process.returncode
        if code is None or code >= 0:
            return f"exit status {code}"
        return f"killed by {signal.Signals(-code).name}"

    async def _watch(self) -> None:
        """Ends the connection with the process, even if something that it started still holds the other end."""
        await self._process.wait()
        self._writer.transport.abort()
