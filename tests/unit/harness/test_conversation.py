"""Which frames a box may send, and what becomes of what they claim."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge.harness import protocol, wire
from judge.harness.wire import WireError
from judge.model.run import Audit, Frame, Killer, Raised, Stage
from judge.ports import OracleReply
from judge.sandbox.conversation import Calling, Loading, Ready
from judge.sandbox.streams import decode_frame
from judge.sandbox.watch import Stopped
from tests.unit.harness.values import LEAVES

KINDS = [
    "ready",
    "load",
    "compiled",
    "loaded",
    "failed",
    "call",
    "answer",
    "raised",
    "refused",
    "ended",
    "ask",
    "reply",
    "exit",
    "x",
]
ROW = ["solution.py", 3, "solve", "return 1 / 0"]
RAISED = {"type": "ZeroDivisionError", "message": "division by zero", "frames": [ROW]}
FIELDS = [
    "id",
    "value",
    "audit",
    "type",
    "message",
    "frames",
    "entry",
    "limit",
    "exit",
    "signal",
    "oracle",
    "arguments",
]


def call(*, forked: bool = False) -> Calling:
    return Calling(forked=forked, answer_bytes=100)


def answer(calling: Calling, **fields: Any) -> dict[str, Any]:
    return {"kind": protocol.ANSWER, "id": calling.identity, "value": b"\x05", "audit": None} | fields


# --- loading ------------------------------------------------------------------------------------------------------


def test_a_box_is_ready_when_it_says_so_and_not_before() -> None:
    ready = Ready()
    with pytest.raises(WireError, match="'compiled' where 'ready' was expected"):
        ready.take({"kind": protocol.COMPILED})
    assert not ready.ready
    assert ready.take({"kind": protocol.READY})
    assert ready.ready


def test_loading_is_compiling_and_then_loading() -> None:
    loading = Loading()
    assert loading.stage is Stage.COMPILE
    assert not loading.take({"kind": protocol.COMPILED})
    assert loading.stage is Stage.LOAD
    assert loading.take({"kind": protocol.LOADED})
    assert loading.loaded


@pytest.mark.parametrize("kinds", [["loaded"], ["compiled", "compiled"], ["ready"], ["compiled", "answer"], ["ended"]])
def test_loading_takes_no_other_order(kinds: list[str]) -> None:
    loading = Loading()
    for kind in kinds[:-1]:
        loading.take({"kind": kind})
    with pytest.raises(WireError):
        loading.take({"kind": kinds[-1]})
    assert not loading.loaded


def test_a_failure_to_load_is_an_exception_or_a_missing_entry_point() -> None:
    compiling, loading = Loading(), Loading()
    assert compiling.take({"kind": protocol.FAILED, **RAISED})
    assert compiling.stage is Stage.COMPILE
    frame = Frame(file="solution.py", line=3, function="solve", source="return 1 / 0")
    assert compiling.raised == Raised(type_name="ZeroDivisionError", message="division by zero", frames=(frame,))
    loading.take({"kind": protocol.COMPILED})
    assert loading.take({"kind": protocol.FAILED, "entry": "no function 'solve'"})
    assert (loading.raised, loading.entry_point_missing, loading.loaded) == (None, "no function 'solve'", False)


# --- calling ------------------------------------------------------------------------------------------------------


def test_an_answer_ends_a_call_in_the_process_itself() -> None:
    calling = call()
    assert calling.take(answer(calling, audit={"mutated": True, "random": False}))
    assert calling.answer == b"\x05"
    assert calling.audit == Audit(input_mutated=True, global_random_changed=False)


def test_the_end_of_its_process_ends_a_call_in_a_fork() -> None:
    calling = call(forked=True)
    assert not calling.take(answer(calling))
    assert calling.take({"kind": protocol.ENDED, "id": calling.identity, "exit": 0, "signal": None})
    assert (calling.answer, calling.exit_code, calling.signal) == (b"\x05", 0, None)


def test_a_call_whose_process_ends_without_a_word_has_no_answer() -> None:
    calling = call(forked=True)
    assert calling.take({"kind": protocol.ENDED, "id": calling.identity, "exit": None, "signal": 11})
    assert (calling.answer, calling.exit_code, calling.signal) == (None, None, 11)


@pytest.mark.parametrize("forked", [False, True])
def test_an_answer_to_another_question_is_refused(forked: bool) -> None:
    calling = call(forked=forked)
    for identity in (calling.identity ^ 1, None, str(calling.identity), -1):
        with pytest.raises(WireError, match="answers no question"):
            calling.take(answer(calling, id=identity))
    assert calling.answer is None


def test_questions_cannot_be_guessed() -> None:
    assert len({call(forked=True).identity for _ in range(100)}) == 100


@pytest.mark.parametrize("second", [protocol.ANSWER, protocol.RAISED, protocol.REFUSED])
def test_a_second_answer_is_refused(second: str) -> None:
    calling = call(forked=True)
    calling.take(answer(calling))
    with pytest.raises(WireError, match="a second answer"):
        calling.take(answer(calling, kind=second, value=b"\x06", **RAISED))
    assert calling.answer == b"\x05"


def test_only_a_fork_can_end() -> None:
    calling = call()
    with pytest.raises(WireError, match="'ended' where 'refused' was expected"):
        calling.take({"kind": protocol.ENDED, "id": calling.identity, "exit": 0, "signal": None})


@pytest.mark.parametrize(
    ("limit", "told"), [(True, ("", "too deep")), (False, ("too deep", "")), (1, ("too deep", ""))]
)
def test_a_refusal_says_that_the_value_has_no_encoding_or_is_too_large(limit: Any, told: tuple[str, str]) -> None:
    calling = call()
    assert calling.take(answer(calling, kind=protocol.REFUSED, message="too deep", limit=limit))
    assert (calling.unencodable or "", calling.too_large or "") == told


@pytest.mark.parametrize("value", [5, None, [b"\x05"], "\x05"])
def test_an_answer_is_bytes(value: Any) -> None:
    calling = call()
    with pytest.raises(WireError):
        calling.take(answer(calling, value=value))


def test_an_answer_has_a_size() -> None:
    small, large = call(), call()
    assert small.take(answer(small, value=bytes(100)))
    assert large.take(answer(large, value=bytes(101)))
    assert (small.answer, small.too_large) == (bytes(100), None)
    assert (large.answer, large.too_large) == (None, "101 bytes, at most 100 are taken")


@pytest.mark.parametrize("audit", [None, [], "mutated", {}, {"mutated": 1, "random": "yes"}])
def test_an_audit_counts_only_when_it_says_true(audit: Any) -> None:
    calling = call()
    calling.take(answer(calling, audit=audit))
    assert calling.audit in (None, Audit())


@pytest.mark.parametrize(
    "frames", [None, "x", [[]], [ROW[:3]], [[*ROW, 1]], [["a", "1", "b", "c"]], [["a", True, "b", "c"]], [ROW] * 33]
)
def test_a_malformed_traceback_is_refused(frames: Any) -> None:
    calling = call()
    with pytest.raises(WireError, match="traceback is malformed"):
        calling.take(answer(calling, kind=protocol.RAISED, **(RAISED | {"frames": frames})))


def test_claims_are_cut_to_a_size_and_made_printable() -> None:
    calling = call()
    row = ["f\ud800" * 9999, 1 << 200, "g" * 9999, "s" * 9999]
    calling.take(answer(calling, kind=protocol.RAISED, type="T\ud800", message="m" * 99_999, frames=[row]))
    assert calling.raised is not None
    (frame,) = calling.raised.frames
    assert frame.file == "f?" * 150
    assert (len(frame.file), frame.line, len(frame.function), len(frame.source)) == (300, 2**31 - 1, 300, 300)
    assert (calling.raised.type_name, len(calling.raised.message)) == ("T?", 8192)


# --- asking oracles -----------------------------------------------------------------------------------------------


class Table:
    """The port Oracles: replies that a test has written down, and what was asked."""

    positions: ClassVar = {"pull": 1}

    def __init__(self, *replies: OracleReply) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[str, bytes]] = []

    def ask(self, name: str, question: bytes) -> OracleReply:
        self.asked.append((name, question))
        return self.replies.pop(0)


def asking(*replies: OracleReply, forked: bool = False) -> tuple[Calling, Table]:
    table = Table(*replies)
    return Calling(forked=forked, answer_bytes=100, oracles=table), table


def ask(calling: Calling, **fields: Any) -> dict[str, Any]:
    return {"kind": protocol.ASK, "id": calling.identity, "oracle": "pull", "arguments": b"\x05"} | fields


def test_a_question_has_a_reply_and_the_call_goes_on() -> None:
    calling, table = asking(OracleReply(value=b"\x07"), OracleReply(error="no", wrong_type=True))
    reply = {"kind": protocol.REPLY, "id": calling.identity}
    assert calling.take(ask(calling)) == reply | {"value": b"\x07", "error": None, "type": False}
    assert calling.take(ask(calling)) == reply | {"value": None, "error": "no", "type": True}
    assert calling.take(answer(calling))
    assert table.asked == [("pull", b"\x05")] * 2


def test_a_question_may_end_the_call() -> None:
    calling, _ = asking(OracleReply(stop=Killer.BUDGET, message="6 times"))
    with pytest.raises(Stopped, match="6 times") as stopped:
        calling.take(ask(calling))
    assert stopped.value.killer is Killer.BUDGET


@pytest.mark.parametrize("fields", [{"oracle": "push"}, {"oracle": None}, {"oracle": ["pull"]}, {"arguments": [1]}])
def test_a_question_that_is_none_is_refused_before_it_is_asked(fields: dict[str, Any]) -> None:
    calling, table = asking(OracleReply(value=b"\x07"))
    with pytest.raises(WireError, match="none to an oracle"):
        calling.take(ask(calling, **fields))
    assert table.asked == []


def test_a_call_without_oracles_takes_no_question() -> None:
    calling = call()
    with pytest.raises(WireError, match="'ask' where"):
        calling.take(ask(calling))


def test_questions_with_another_id_or_after_the_answer_are_refused() -> None:
    calling, table = asking(OracleReply(value=b"\x07"), forked=True)
    with pytest.raises(WireError, match="answers no question"):
        calling.take(ask(calling, id=calling.identity ^ 1))
    assert not calling.take(answer(calling))
    with pytest.raises(WireError, match="a second answer"):
        calling.take(ask(calling))
    assert table.asked == []


def test_calls_of_one_session_share_an_identity_and_end_with_the_last() -> None:
    first = Calling(forked=True, answer_bytes=100, more=True)
    assert first.take(answer(first))
    last = Calling(forked=True, answer_bytes=100, identity=first.identity)
    assert not last.take(answer(last))
    assert last.take({"kind": protocol.ENDED, "id": last.identity, "exit": 0, "signal": None})


# --- anything -----------------------------------------------------------------------------------------------------

FRAMES = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS)},
    optional={field: st.one_of(LEAVES, st.sampled_from([ROW, [ROW], "text", b"\x05", 7])) for field in FIELDS},
)


@pytest.mark.parametrize("make", [Ready, Loading, call, lambda: call(forked=True), lambda: asking(OracleReply())[0]])
@settings(max_examples=60)
@given(frames=st.lists(st.tuples(FRAMES, st.booleans()), max_size=3))
def test_any_frame_is_taken_or_refused_with_a_wire_error(make: Any, frames: list[tuple[dict[str, Any], bool]]) -> None:
    conversation = make()
    for frame, informed in frames:
        known = {"id": conversation.identity} if informed and isinstance(conversation, Calling) else {}
        try:
            over = conversation.take(decode_frame(wire.encode(frame | known)))
        except WireError:
            return
        if over is True:
            return


@pytest.mark.parametrize("payload", [b"", b"\x05", b"\x80", b"\x81\xa4kind\x05", wire.encode([1] * 3000), b"\xc1"])
def test_a_frame_is_a_mapping_with_a_kind(payload: bytes) -> None:
    with pytest.raises(WireError):
        decode_frame(payload)


def test_a_frame_has_few_elements_and_few_levels() -> None:
    deep: Any = 0
    for _ in range(9):
        deep = [deep]
    for extra in (deep, [None] * 2001):
        with pytest.raises(wire.LimitError):
            decode_frame(wire.encode({"kind": "x", "extra": extra}))
