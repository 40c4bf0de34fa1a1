"""A TCP relay that a test stands between a client and a server: it counts, goes silent, and cuts.

Silence is what a machine that lost its power looks like from afar: connections stay open, and nothing comes through.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Relay:
    """Forwards what connects to ``address`` to a server; ``relayed`` makes it."""

    def __init__(self, target: str) -> None:
        self.address = ""
        self.opened = 0  # connections so far
        self.ended: list[int] = []  # those that are gone, by the order in which they were opened, from 1 on
        self._host, _, self._port = target.rpartition(":")
        self._open: set[asyncio.StreamWriter] = set()
        self._silent = False
        self._changed = asyncio.Condition()

    def silence(self) -> None:
        """Forwards nothing more, in either direction, and tells nobody."""
        self._silent = True

    def cut(self) -> None:
        """Breaks all connections."""
        for writer in self._open:
            writer.transport.abort()

    async def until_ended(self, number: int) -> None:
        """Waits until the connection with that number is gone."""
        async with self._changed:
            await self._changed.wait_for(lambda: number in self.ended)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forwards one connection until one of its sides ends."""
        self.opened += 1
        number = self.opened
        try:
            server_reader, server_writer = await asyncio.open_connection(self._host, int(self._port))
        except BaseException as error:  # the server is gone, or the test
            writer.transport.abort()
            if isinstance(error, OSError):
                return
            raise
        both = {writer, server_writer}
        self._open |= both
        pairs = ((reader, server_writer), (server_reader, writer))
        sides = [asyncio.create_task(self._forward(*pair)) for pair in pairs]
        await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
        for side in sides:
            side.cancel()
        for end in both:
            end.transport.abort()
            with suppress(OSError):
                await end.wait_closed()
        async with self._changed:
            self._open -= both
            self.ended.append(number)
            self._changed.notify_all()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(1 << 16):
                if not self._silent:
                    writer.write(data)
                    await writer.drain()


@asynccontextmanager
async def relayed(target: str) -> AsyncIterator[Relay]:
    """A relay on a port of its own to the server at ``target``, ``host:port``; its clients end before it."""
    relay = Relay(target)
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    relay.address = f"{host}:{port}"
    try:
        yield relay
    finally:
        server.close()
        relay.cut()
        await server.wait_closed()  # with all of its connections, also one that was made just now
