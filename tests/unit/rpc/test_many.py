"""A call of many gradings: an id is refused when it comes again, for as long as it is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from judge.api.v1 import grading_pb2, report_pb2
from judge.rpc import many


class Written:
    """The part of a call's context that is used."""

    def __init__(self) -> None:
        self.answers: list[grading_pb2.GradeManyResponse] = []

    async def write(self, answer: grading_pb2.GradeManyResponse) -> None:
        self.answers.append(answer)


async def grade(_request: grading_pb2.GradeRequest) -> report_pb2.Report:
    return report_pb2.Report(problem="add")


def test_the_latest_ids_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "REMEMBERED", 3)
    context: Any = Written()

    async def items() -> AsyncIterator[grading_pb2.GradeManyRequest]:
        for name in ("a", "b", "a", "c", "d", "a", "d"):
            yield grading_pb2.GradeManyRequest(item_id=name, problem="add")

    call = many.ManyGradings(grade, context, window=1)
    asyncio.run(call.run(items()))
    told = [(answer.item_id, answer.WhichOneof("outcome")) for answer in context.answers]
    assert told == [
        ("a", "report"),
        ("b", "report"),
        ("a", "error"),
        ("c", "report"),
        ("d", "report"),  # "a" is forgotten
        ("a", "report"),
        ("d", "error"),
    ]
    assert len(call._seen) == 3
