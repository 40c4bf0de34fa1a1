"""Several answers in one frame: written by the candidate's process, believed in nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from judge.harness import bursts, protocol
from judge.harness.wire import WireError
from judge.model.run import Audit, Limits, RunOutcome, Stage
from judge.ports import Burst, Call
from judge.sandbox import burst
from judge.sandbox.conversation import Bursting

LIMITS = Limits(cpu_ns=1, wall_ns=1, memory_bytes=1, output_bytes=1)


def frame(bursting: Bursting, **changes: Any) -> dict[str, Any]:
    """Answers to three calls."""
    value = bursts.packed([b"a", b"", b"ccc"], [0, 1, 3])
    told = {"kind": protocol.ANSWER, "id": bursting.identity, "value": value, "audit": None}
    return told | changes


def raised(bursting: Bursting, **changes: Any) -> dict[str, Any]:
    """The same answers, and a call that raised."""
    before = bursts.packed([b"a", b"", b"ccc"], [0, 1, 3])
    error = {"type": "E", "message": "no", "frames": [], "bases": []}
    return {"kind": protocol.RAISED, "id": bursting.identity, "before": before} | error | changes


def test_answers_and_audits_are_those_of_their_calls() -> None:
    bursting = Bursting(3, 100)
    assert bursting.take(frame(bursting))
    assert bursting.others == [(b"a", None), (b"", Audit())]
    assert bursting.last is not None
    assert (bursting.last.answer, bursting.last.audit) == (b"ccc", Audit(input_mutated=True))


def test_a_call_without_an_answer_comes_last() -> None:
    bursting = Bursting(4, 100)
    assert bursting.take(raised(bursting))
    assert [answer for answer, _ in bursting.others] == [b"a", b"", b"ccc"]
    assert bursting.last is not None
    assert bursting.last.raised is not None
    assert bursting.last.answer is None


def test_no_call_may_have_had_an_answer() -> None:
    bursting = Bursting(4, 100)
    assert bursting.take(raised(bursting, before=bursts.packed([], [])))
    assert bursting.others == []


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": protocol.ENDED},
        {"kind": protocol.LOADED},
        {"kind": protocol.RAISED},
        {"kind": protocol.REFUSED},
        {"id": 1},
        {"id": None},
        {"value": b""},
        {"value": b"abc"},
        {"value": "text"},
        {"value": None},
        {"value": [b"a"]},
        {"value": bytes(4)},
        {"value": bursts.packed([b"a", b"b"], [0, 0])[:-1]},
        {"value": bursts.packed([b"a", b"b"], [0, 0]) + b"c"},
        {"value": bursts.packed([b"a", b"b"], [0, 2])},
        {"value": bursts.packed([b"a", b"b"], [0, 8])},
        {"value": bursts.packed([bytes(101), b""], [0, 0])},
        {"value": bursts.packed([b""] * 5, [0] * 5)},
        {"value": b"\xff\xff\xff\xff" + bytes(100)},
        {"value": b"\0\0\0\2" + b"\xff" * 8 + bytes(2)},
        {"value": bytes(3) + b"\1" + bytes(4)},
    ],
)
def test_a_frame_of_answers_that_is_malformed_is_a_violation_of_the_protocol(changes: dict[str, Any]) -> None:
    bursting = Bursting(4, 100)
    with pytest.raises(WireError):
        bursting.take(frame(bursting, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": 1},
        {"before": None},
        {"before": b""},
        {"before": bursts.packed([b""] * 4, [0] * 4)},
        {"kind": protocol.REFUSED, "message": None},
        {"kind": protocol.READY},
        {"frames": None},
    ],
)
def test_so_is_one_of_a_call_without_an_answer(changes: dict[str, Any]) -> None:
    bursting = Bursting(4, 100)
    with pytest.raises(WireError):
        bursting.take(raised(bursting, **changes))


def test_more_answers_than_calls_are_a_violation_of_the_protocol() -> None:
    bursting = Bursting(2, 100)
    with pytest.raises(WireError, match="3 answers to 2 questions"):
        bursting.take(frame(bursting))


@pytest.mark.parametrize("parts", [[], [b""], [b"a", b"", b"ccc"], [b"x" * 300] * 40])
def test_what_is_packed_is_found_again(parts: list[bytes]) -> None:
    marks = [number % 4 for number in range(len(parts))]
    assert bursts.unpacked(bursts.packed(parts, marks)) == (parts, bytes(marks))


def test_calls_go_together_as_long_as_they_are_small() -> None:
    small, large = bytes(100), bytes(30_000)
    assert burst.fitting([small] * 40) == 40
    assert burst.fitting([large, small, large, small]) == 2
    assert burst.fitting([bytes(10**6), small]) == 1


def told(cpu_ns: int, wall_ns: int, *, whole: bool) -> list[tuple[int, int]]:
    """The times of four calls."""
    end = RunOutcome(stage=Stage.CALL, answer=b"d", cpu_ns=cpu_ns, wall_ns=wall_ns, memory_peak_bytes=7)
    made = burst.shared(end, [(b"a", None), (b"b", None), (b"c", Audit())], whole=whole).each()
    assert [(outcome.answer, outcome.memory_peak_bytes) for outcome in made] == [
        (b"a", 7),
        (b"b", 7),
        (b"c", 7),
        (b"d", 7),
    ]
    assert [outcome.audit for outcome in made] == [None, None, Audit(), None]
    return [(outcome.cpu_ns, outcome.wall_ns) for outcome in made]


def test_the_last_call_has_the_time_beyond_a_moment() -> None:
    moment = bursts.MOMENT_NS
    assert told(moment + 400, moment // 2, whole=False) == [
        *[(moment // 4, moment // 8)] * 3,
        (moment // 4 + 400, moment // 8),
    ]


def test_the_last_call_of_a_whole_has_all_the_time() -> None:
    assert told(300, bursts.MOMENT_NS + 5, whole=True) == [*[(0, 0)] * 3, (300, bursts.MOMENT_NS + 5)]


def test_names_of_arguments_are_sent_with_their_calls_and_only_when_there_are_any() -> None:
    bursting, plain = Bursting(2, 100), Burst(arguments=[b"1", b"2", b"3"], limits=LIMITS)
    assert "keywords" not in burst.question(plain, bursting, 2)
    named = replace(plain, keywords=[(), ("k",), ("m",)])
    assert burst.question(named, bursting, 2)["keywords"] == [[], ["k"]]
    assert "keywords" not in burst.question(named, bursting, 1)


def test_a_burst_knows_its_first_call() -> None:
    several = Burst(arguments=[b"1", b"2"], limits=LIMITS, audit_seeds=[5, None], keywords=[("k",), ()])
    assert several.first == Call(arguments=b"1", limits=LIMITS, audit_seed=5, keywords=("k",))
    assert Burst(arguments=[b"1", b"2"], limits=LIMITS).first == Call(arguments=b"1", limits=LIMITS)
