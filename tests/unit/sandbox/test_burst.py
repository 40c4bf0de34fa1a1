"""Several answers in one frame: written by the candidate's process, believed in nothing."""

from __future__ import annotations

from typing import Any

import pytest

from judge.harness import bursts, protocol
from judge.harness.wire import WireError
from judge.model.run import Audit, Limits
from judge.ports import Call
from judge.sandbox import burst
from judge.sandbox.conversation import Bursting
from judge.sandbox.watch import Watch

LIMITS = Limits(cpu_ns=1, wall_ns=1, memory_bytes=1, output_bytes=1)


def frame(bursting: Bursting, **changes: Any) -> dict[str, Any]:
    """Answers to three calls."""
    parts = bursts.joined([b"a", b"", b"ccc"])
    told = {"kind": protocol.ANSWERS, "id": bursting.identity, **parts, "audits": [0, 1, 3], "failed": None}
    return told | changes


def test_answers_and_audits_are_those_of_their_calls() -> None:
    bursting = Bursting(3, 100)
    assert bursting.take(frame(bursting))
    assert bursting.others == [(b"a", None), (b"", Audit())]
    assert bursting.last is not None
    assert (bursting.last.answer, bursting.last.audit) == (b"ccc", Audit(input_mutated=True))


def test_a_call_without_an_answer_comes_last() -> None:
    bursting = Bursting(4, 100)
    raised = {"kind": protocol.RAISED, "id": bursting.identity, "type": "E", "message": "no", "frames": [], "bases": []}
    assert bursting.take(frame(bursting, failed=raised))
    assert len(bursting.others) == 3
    assert bursting.last is not None
    assert bursting.last.raised is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": protocol.ANSWER},
        {"kind": protocol.LOADED},
        {"id": 1},
        {"id": None},
        {"joined": b""},
        {"joined": "text"},
        {"joined": None},
        {"sizes": [1, 0, 2]},
        {"sizes": [1, 0]},
        {"sizes": [4, -3, 3]},
        {"sizes": [1.0, 0, 3]},
        {"sizes": [True, 0, 3]},
        {"sizes": None},
        {"sizes": {}},
        {"audits": [0, 1]},
        {"audits": [0, 1, 2]},
        {"audits": [0, 1, 1.0]},
        {"audits": [0, 1, []]},
        {"audits": None},
        {"audits": "abc"},
        {"failed": 3},
        {"failed": {}},
        {"failed": {"kind": 3}},
        {"failed": {"kind": protocol.READY}},
        {"failed": {"kind": protocol.RAISED, "id": 1}},
        {"joined": b"", "sizes": [], "audits": []},
        {"joined": bytes(101), "sizes": [101, 0, 0]},
    ],
)
def test_a_frame_of_answers_that_is_malformed_is_a_violation_of_the_protocol(changes: dict[str, Any]) -> None:
    bursting = Bursting(4, 100)
    with pytest.raises(WireError):
        bursting.take(frame(bursting, **changes))


def test_more_answers_than_calls_are_a_violation_of_the_protocol() -> None:
    bursting = Bursting(2, 100)
    with pytest.raises(WireError, match="3 answers to 2 questions"):
        bursting.take(frame(bursting))


def test_calls_go_together_as_long_as_they_are_small() -> None:
    small, large = (Call(arguments=bytes(size), limits=LIMITS) for size in (100, 30_000))
    assert len(burst.fitting([small] * 40)) == 40
    assert len(burst.fitting([large, small, large, small])) == 2
    assert len(burst.fitting([Call(arguments=bytes(10**6), limits=LIMITS), small])) == 1


def test_the_last_call_has_the_time_beyond_a_moment() -> None:
    moment = bursts.MOMENT_NS
    watch = Watch(cpu_ns=moment + 400, wall_ns=moment // 2)
    assert burst.shared(watch, 4) == [(moment // 4, moment // 8)] * 3 + [(moment // 4 + 400, moment // 8)]
    assert burst.shared(watch, 1) == [(watch.cpu_ns, watch.wall_ns)]
