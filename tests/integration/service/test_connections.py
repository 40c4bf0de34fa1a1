"""Connections over TCP: old ones, cut ones, silent ones, and clients that ping too often."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from judge.client import BatchResult, BatchState, BatchStatus, JudgeClient, NewItem, Unavailable, program_of
from judge.client import aio as client_module
from judge.model.event import EventKind
from judge.model.verdict import Verdict
from judge.rpc import server as server_module
from tests.integration.service.relay import Relay, relayed

Opened = Callable[..., Any]
ANY_PORT = "127.0.0.1:0"
ITEMS = 12
SOON_NS = 10**9  # for settings that are minutes in earnest


@asynccontextmanager
async def through_relay(house: Opened, **settings: Any) -> AsyncIterator[tuple[Any, Relay, JudgeClient]]:
    """A server on a port, a relay in front of it, and a client that knows the relay alone."""
    async with (
        house(listen_address=ANY_PORT, **settings) as h,
        relayed(h.server.address) as relay,
        JudgeClient(relay.address, attempts=100) as client,
    ):
        yield h, relay, client


async def until_replaced(relay: Relay, client: JudgeClient) -> None:
    """Calls until the client has connected once more."""
    before = relay.opened
    while relay.opened == before:
        await client.list_problems()


def batch_items() -> list[NewItem]:
    return [NewItem(item_id=str(n), problem="add", program=program_of(str(n))) for n in range(ITEMS)]


async def watched(client: JudgeClient, batch_id: str, seen: list[str]) -> BatchState | None:
    """Watches to the end; ``seen`` gets the ids of the results as they come."""
    state = None
    async for change in client.batches.watch(batch_id):
        if isinstance(change, BatchResult):
            seen.append(change.item_id)
        elif isinstance(change, BatchStatus):
            state = change.state
    return state


# --- the age of connections -----------------------------------------------------------------------------------------


async def test_an_old_connection_lasts_as_long_as_its_calls(house: Opened) -> None:
    async with through_relay(house, connection_age_ns=SOON_NS) as (h, relay, client):
        h.engine.hold()
        async with aclosing(client.grade_stream("add", program_of("0"))) as events:
            kinds = [(await anext(events)).kind]
            await until_replaced(relay, client)
            assert 1 not in relay.ended
            h.engine.release()
            kinds += [event.kind async for event in events]
        assert kinds == [
            EventKind.QUEUED,
            EventKind.COMPILING,
            EventKind.COMPILED,
            *[EventKind.TEST_STARTED, EventKind.TEST_FINISHED] * 2,
            EventKind.FINISHED,
        ]
        assert not h.engine.killed
        await relay.until_ended(1)


async def test_a_batch_is_watched_beyond_the_age_of_its_connection(house: Opened) -> None:
    async with through_relay(house, connection_age_ns=SOON_NS) as (h, relay, client):
        h.engine.hold()
        batch = await client.batches.create(batch_items())
        seen: list[str] = []
        watch = asyncio.create_task(watched(client, batch.batch_id, seen))
        for _ in range(2):
            await until_replaced(relay, client)
        assert not seen
        h.engine.release()
        assert await watch is BatchState.SUCCEEDED
        assert sorted(seen) == sorted(item.item_id for item in batch_items())


# --- connections that break -----------------------------------------------------------------------------------------


async def test_a_batch_is_watched_on_a_new_connection_from_the_last_result_on(house: Opened) -> None:
    async with through_relay(house) as (h, relay, client):
        batch = await client.batches.create(batch_items())
        seen: list[str] = []
        async with aclosing(client.batches.watch(batch.batch_id)) as changes:
            async for change in changes:
                if isinstance(change, BatchResult):
                    seen.append(change.item_id)
                    if len(seen) in (1, ITEMS // 2, ITEMS - 1):
                        relay.cut()
        assert sorted(seen) == sorted(item.item_id for item in batch_items())
        assert relay.opened > 1
        assert len(h.engine.requests) == ITEMS


async def test_a_call_on_a_connection_that_breaks_is_made_again_by_the_channel(house: Opened) -> None:
    async with through_relay(house) as (h, relay, client):
        h.engine.hold()
        call = asyncio.create_task(client.grade("add", program_of("0"), request_id="a"))
        await h.engine.until(lambda engine: len(engine.requests) == 1)
        relay.cut()
        await h.engine.until(lambda engine: len(engine.requests) == 2)  # the first one's client had gone
        h.engine.release()
        assert (await call).verdict is Verdict.ACCEPTED
        assert {request.program for request in h.engine.requests} == {program_of("0")}


async def test_a_stream_that_broke_raises_and_begins_anew_under_its_id(house: Opened) -> None:
    async with through_relay(house) as (h, relay, client):
        h.engine.hold()
        events = client.grade_stream("add", program_of("0"), request_id="a")
        assert [(await anext(events)).kind for _ in range(3)][-1] is EventKind.COMPILED
        relay.cut()
        with pytest.raises(Unavailable):
            await anext(events)
        await h.engine.until(lambda engine: bool(engine.killed))  # nobody waited for it any more
        h.engine.release()
        again = [event.kind async for event in client.grade_stream("add", program_of("0"), request_id="a")]
        assert (again[0], again[-1]) == (EventKind.QUEUED, EventKind.FINISHED)


# --- silence --------------------------------------------------------------------------------------------------------


async def test_the_calls_of_a_client_that_fell_silent_are_killed(
    house: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_KEEPALIVE_TIMEOUT_MS", 1000)
    async with through_relay(house, keepalive_ns=SOON_NS) as (h, relay, client):
        h.engine.hold()
        call = asyncio.create_task(client.grade("add", program_of("0")))
        await h.engine.until(lambda engine: bool(engine.requests))
        relay.silence()
        await h.engine.until(lambda engine: bool(engine.killed))
        call.cancel()


async def test_a_client_notices_that_the_server_fell_silent(house: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = dict.fromkeys(("grpc.keepalive_time_ms", "grpc.keepalive_timeout_ms", "grpc.http2.ping_timeout_ms"), 1000)
    options = [(name, quick.get(name, value)) for name, value in client_module.OPTIONS]
    assert quick.keys() <= dict(options).keys()
    monkeypatch.setattr(client_module, "OPTIONS", options)
    async with through_relay(house) as (h, relay, client):
        h.engine.hold()
        call = asyncio.create_task(client.grade("add", program_of("0")))
        await h.engine.until(lambda engine: bool(engine.requests))
        relay.silence()
        await relay.until_ended(1)
        call.cancel()


# --- pings ----------------------------------------------------------------------------------------------------------

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS, PING, GOAWAY = 4, 6, 7  # types of frames, RFC 9113, section 6
ENHANCE_YOUR_CALM = 11  # section 7


def frame(kind: int, payload: bytes = b"") -> bytes:
    """A frame of the connection: length, type, no flags, stream 0."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, 0, 0) + payload


async def frames(reader: asyncio.StreamReader) -> AsyncIterator[tuple[int, bytes]]:
    """What comes, to the end of the connection: types and payloads."""
    while head := await reader.read(9):
        head += await reader.readexactly(9 - len(head))
        yield head[3], await reader.readexactly(int.from_bytes(head[:3], "big"))


async def test_a_client_that_pings_without_end_is_thrown_out(house: Opened) -> None:
    async with house(listen_address=ANY_PORT) as h:
        reader, writer = await asyncio.open_connection(*h.server.address.split(":"))
        writer.write(PREFACE + frame(SETTINGS) + frame(PING, b"are you?") * 20)
        last = [payload async for kind, payload in frames(reader) if kind == GOAWAY][-1]
        assert struct.unpack(">I", last[4:8]) == (ENHANCE_YOUR_CALM,)
        assert last[8:] == b"too_many_pings"
        writer.close()
        await writer.wait_closed()
