"""A reward for training loops: the scores of submissions, graded on a cluster.

A score is what the report says, from 0 to 1. A fault of the judge (a node or a worker that was lost, an engine that
does not work) has no score: None, never 0, so that the loop can leave the sample out or ask again. So has a submission
that was refused for what the loop sent, an unknown problem say; ``refused`` then says why.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

import msgspec

from judge.batch.lines import Submission
from judge.batch.pump import Fault, Graded, Outcome
from judge.cluster import opening
from judge.cluster.node import Grade


class _Score(msgspec.Struct, frozen=True):
    """A rational; what is 0 or 1 may be left out of the JSON, never the score itself."""

    numerator: int = 0
    denominator: int = 1


class _Report(msgspec.Struct, frozen=True):
    """What is looked at in a report."""

    score: _Score


_DECODER = msgspec.json.Decoder(_Report, strict=False)  # 64-bit integers are strings in protobuf's JSON


class Reward:
    """Scores submissions with what ``graders`` opens; ``with`` opens and closes it. Several threads may call it."""

    def __init__(self, graders: AbstractAsyncContextManager[tuple[Grade, int]]) -> None:
        self._graders = graders
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="reward", daemon=True)
        self.refused: dict[int, str] = {}  # of the call that ended last: why there is no score, by position

    def __enter__(self) -> Self:
        """Raises SubmissionError without Ray, InfrastructureError."""
        self._thread.start()
        try:
            self._grade, parallel = self._await(self._graders.__aenter__())
        except BaseException:
            self._end()
            raise
        self._places = asyncio.Semaphore(parallel)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._await(self._graders.__aexit__(kind, error, trace))
        finally:
            self._end()

    def __call__(self, submissions: Sequence[Mapping[str, str]]) -> list[float | None]:
        """Returns the score of each of ``submissions``: ``problem``, ``source``, and ``language`` if not python3.

        None for what has none. Raises KeyError for one without a problem or a source.
        """
        lines = [_line(number, fields) for number, fields in enumerate(submissions)]
        outcomes = self._await(self._all(lines))
        self.refused = {number: found.message for number, found in enumerate(outcomes) if not isinstance(found, Graded)}
        return [score_of(outcome) for outcome in outcomes]

    async def _all(self, lines: list[Submission]) -> list[Outcome]:
        return await asyncio.gather(*map(self._one, lines))

    async def _one(self, line: Submission) -> Outcome:
        async with self._places:
            try:
                return await self._grade(line)
            except Exception as error:
                return Fault(message=f"{type(error).__name__}: {error}", fatal=False)

    def _await[T](self, coroutine: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def reward_on(address: str = "auto", settings: Mapping[str, str] | None = None) -> Reward:
    """A reward from the Ray cluster at ``address``, whose nodes' engines have ``settings``; ``with`` opens it.

    A process that is connected to a cluster already, a trainer say, uses that connection.
    """
    return Reward(opening.opened(address, opening.ENGINE, dict(settings or {}), lambda _: 1.0))


def score_of(outcome: Outcome) -> float | None:
    """Returns the score of a report, 0 to 1; None for what is none."""
    if not isinstance(outcome, Graded):
        return None
    score = _DECODER.decode(outcome.json).score
    return score.numerator / score.denominator


def _line(number: int, fields: Mapping[str, str]) -> Submission:
    return Submission(
        line=number,
        size_bytes=len(fields["source"]),
        item_id=f"reward-{number}",
        problem=fields["problem"],
        source=fields["source"],
        language=fields.get("language", "python3"),
    )
