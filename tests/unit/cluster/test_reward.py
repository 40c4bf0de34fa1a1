"""Rewards: the score of a report, and None for everything that is none."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction

import pytest
from google.protobuf.json_format import MessageToDict

from judge.api.v1 import report_pb2
from judge.batch.lines import Submission
from judge.batch.pump import Fault, Graded, Outcome
from judge.cluster.node import Grade
from judge.cluster.reward import Reward, score_of
from judge.model.batch import ItemFailure
from judge.model.verdict import Verdict


def graded(score: Fraction) -> Graded:
    """As ``judge batch`` makes it of a report."""
    report = report_pb2.Report(score=report_pb2.Rational(numerator=score.numerator, denominator=score.denominator))
    fields = MessageToDict(report, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
    return Graded(verdict=Verdict.WRONG_ANSWER, json=json.dumps(fields).encode())


async def grade(line: Submission) -> Outcome:
    if line.source == "raise":
        raise OSError("gone")
    if line.source == "fault":
        return Fault(message="the node was lost", fatal=False)
    if line.problem == "none":
        return ItemFailure(reason="UNKNOWN_PROBLEM", message="no such problem", field="problem")
    return graded(Fraction(line.source))


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[Grade, int]]:
    yield grade, 2


@asynccontextmanager
async def broken() -> AsyncIterator[tuple[Grade, int]]:
    raise OSError("no cluster")
    yield grade, 2


@pytest.mark.parametrize("score", [Fraction(0), Fraction(1), Fraction(2, 3)])
def test_a_report_has_its_score(score: Fraction) -> None:
    assert score_of(graded(score)) == float(score)


def test_what_was_not_graded_has_none_and_never_0() -> None:
    sent = [{"problem": "p", "source": source} for source in ("1", "fault", "0", "raise", "1/4")]
    with Reward(opened()) as reward:
        assert reward([*sent, {"problem": "none", "source": "1"}]) == [1.0, None, 0.0, None, 0.25, None]
        assert reward.refused == {1: "the node was lost", 3: "OSError: gone", 5: "no such problem"}
        assert reward([]) == []
        with pytest.raises(KeyError, match="source"):
            reward([{"problem": "p"}])


def test_what_cannot_be_opened_raises() -> None:
    with pytest.raises(OSError, match="no cluster"), Reward(broken()):
        pass
