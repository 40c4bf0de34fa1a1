"""What is gathered is handled together, in order, once, whatever handling does."""

from __future__ import annotations

import asyncio

from judge.scheduling.gathering import Gathering

LONG_S = 60.0  # a moment that no test waits for


class Hands:
    """Notes what it is given; while it is closed it waits."""

    def __init__(self) -> None:
        self.given: list[list[int]] = []
        self.begun = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()

    async def take(self, things: list[int]) -> None:
        self.given.append(things)
        self.begun.set()
        await self.free.wait()
        if -1 in things:
            raise RuntimeError("the disk")


async def test_things_of_a_moment_are_handled_together() -> None:
    hands = Hands()
    gathering = Gathering(hands.take, moment_s=0.001, most=9)
    gathering.add(1)
    gathering.add(2)
    assert (hands.given, len(gathering)) == ([], 2)
    await gathering.settle()
    assert (hands.given, len(gathering)) == ([[1, 2]], 0)


async def test_a_full_gathering_and_one_in_a_hurry_wait_for_nothing() -> None:
    hands = Hands()
    gathering = Gathering(hands.take, moment_s=LONG_S, most=3)
    for thing in (1, 2, 3):
        gathering.add(thing)
    await asyncio.wait_for(hands.begun.wait(), LONG_S / 2)
    hands.begun.clear()
    gathering.add(4)
    gathering.hurry()
    await asyncio.wait_for(hands.begun.wait(), LONG_S / 2)
    assert hands.given == [[1, 2, 3], [4]]


async def test_what_comes_while_others_are_handled_is_next() -> None:
    hands = Hands()
    hands.free.clear()
    gathering = Gathering(hands.take, moment_s=LONG_S, most=1)
    gathering.add(1)
    await asyncio.wait_for(hands.begun.wait(), LONG_S / 2)
    gathering.add(2)
    gathering.add(3)
    assert (hands.given, len(gathering)) == ([[1]], 3)
    hands.free.set()
    await asyncio.wait_for(gathering.settle(), LONG_S / 2)
    assert hands.given == [[1], [2, 3]]


async def test_a_failure_is_not_the_next_ones() -> None:
    hands = Hands()
    gathering = Gathering(hands.take, moment_s=LONG_S, most=1)
    gathering.add(-1)
    await gathering.settle()
    gathering.add(2)
    await gathering.settle()
    assert hands.given == [[-1], [2]]
