"""The calls that a series has yet to make.

A series is written as a script: chunks of steps, of which the next one is asked for when all calls of the last have
been made, so that what was observed in a chunk decides how it goes on. All calls of a chunk are made out at once,
which is what a ForesightedSeries knows ahead.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from judge.checkers.contract import SeriesCall
from judge.checkers.evidence.plan import Step


class Agenda:
    """The queue of calls, each with its step."""

    def __init__(
        self, script: Iterator[Sequence[Step]], calls: Callable[[Sequence[Step]], Iterable[tuple[Step, SeriesCall]]]
    ) -> None:
        """``calls`` makes out the calls of a chunk; it is asked when the chunk begins."""
        self._script = script
        self._calls = calls
        self._rest: deque[tuple[Step, SeriesCall]] = deque()  # of the chunk
        self.step = Step(number=0)  # of the call that ``next_call`` gave last

    def next_call(self) -> SeriesCall | None:
        """Returns the next call; None at the end of the script."""
        while not self._rest:
            chunk = next(self._script, None)
            if chunk is None:
                return None
            self._rest.extend(self._calls(chunk))
        self.step, call = self._rest.popleft()
        return call

    def coming(self, most: int) -> Sequence[SeriesCall]:
        """Returns the calls that come then, at most so many and at most the rest of the chunk."""
        return [call for _, call in islice(self._rest, most)]

    def leave_chunk(self) -> None:
        """Drops the rest of the chunk: the script goes on with the next one."""
        self._rest.clear()
