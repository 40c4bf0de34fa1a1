"""Files of submissions and of results: one line for each id over all runs, whatever killed the run before."""

from __future__ import annotations

import asyncio
import json
import resource
from pathlib import Path

import pytest

from judge.batch.ledger import Ledger, Standing
from judge.batch.lines import BadLine, Submission, read_lines
from judge.batch.pump import Fault, Graded, Outcome, Pump
from judge.errors import InfrastructureError, SubmissionError
from judge.model.batch import ItemFailure
from judge.model.verdict import Verdict


def line_of(name: str, **fields: str) -> str:
    return json.dumps({"id": name, "problem": "add", "source": "1", "language": "python3"} | fields) + "\n"


def written(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


async def graded(line: Submission) -> Outcome:
    if line.problem != "add":
        return ItemFailure(reason="UNKNOWN_PROBLEM", message="no", field="problem")
    return Graded(verdict=Verdict.ACCEPTED, json=b'{"verdict":"VERDICT_ACCEPTED"}')


async def run(source: Path, output: Path, grade=graded, parallel: int = 3) -> Pump:  # type: ignore[no-untyped-def]
    with Ledger(output) as ledger:
        pump = Pump(ledger=ledger, grade=grade, parallel=parallel)
        await pump.run(read_lines(source))
        return pump


# --- lines ---


@pytest.mark.parametrize(
    ("text", "item_id", "found"),
    [
        ("not json", None, "malformed"),
        ('["a"]', None, "Expected `object`"),
        ('{"id": "a"}', "a", "missing required field `problem`"),
        (line_of("a", sauce="x"), "a", "unknown field `sauce`"),
        ('{"id": 7, "problem": "add", "source": "1"}', None, "Expected `str`, got `int`"),
        (line_of(""), None, "found an empty one"),
        ('{"id": "a", "problem": "add", "source": "\udc80"}', "a", "invalid start byte"),
    ],
)
def test_a_bad_line_says_what_was_expected(tmp_path: Path, text: str, item_id: str | None, found: str) -> None:
    path = tmp_path / "in"
    path.write_bytes(b"\n" + text.encode("utf-8", "surrogateescape") + b"\n")
    (bad,) = read_lines(path)
    assert isinstance(bad, BadLine)
    assert (bad.line, bad.item_id) == (2, item_id)
    assert found in bad.message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="cannot read"):
        list(read_lines(tmp_path / "none"))


def test_a_byte_order_mark_did_not_let_the_first_line_be_read(tmp_path: Path) -> None:
    path = tmp_path / "in"
    path.write_bytes(b"\xef\xbb\xbf" + line_of("a").encode() + b"\xef\xbb\xbf" + line_of("b").encode())
    first, second = read_lines(path)
    assert isinstance(first, Submission)
    assert isinstance(second, BadLine)  # a mark has its place at the begin of a file alone


def test_binary_columns_were_graded_as_their_base64(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (the extra judge[parquet])")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "in.parquet"
    sources = arrow.array([b"print('\xc3\xa9')\n", b"\xff"], arrow.binary())
    parquet.write_table(arrow.table({"id": ["a", "b"], "problem": ["add", "add"], "source": sources}), path)
    good, bad = read_lines(path)
    assert isinstance(good, Submission)
    assert good.source == "print('é')\n"
    assert isinstance(bad, BadLine)
    assert (bad.item_id, "invalid start byte" in bad.message) == ("b", True)


# --- ledger ---


def test_half_a_line_stayed_before_what_others_wrote_when_there_was_room_again(tmp_path: Path) -> None:
    path, whole = tmp_path / "out", b'{"id":"a","report":{"verdict":"VERDICT_ACCEPTED"}}'
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Ledger(path) as ledger:
        ledger.add(whole, "ACCEPTED")
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 9, hard))
        try:
            with pytest.raises(InfrastructureError, match="cannot write"):
                ledger.add(whole.replace(b'"a"', b'"b"'), "ACCEPTED")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        ledger.add(whole.replace(b'"a"', b'"c"'), "ACCEPTED")
    assert [line["id"] for line in written(path)] == ["a", "c"]


@pytest.mark.parametrize("torn", [b"", b'{"id":"b","rep', b"x" * 200_000])
def test_a_torn_last_line_is_cut_off(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "out"
    whole = b'{"id":"a","report":{"verdict":"VERDICT_ACCEPTED"}}\n'
    path.write_bytes(whole + torn)
    with Ledger(path) as ledger:
        assert path.read_bytes() == whole
        assert ledger.standing("a", 1) is Standing.DONE
        assert ledger.standing("b", 2) is Standing.NEW
        assert ledger.standing("b", 3) is Standing.REPEATED
        assert ledger.standing("a", 4) is Standing.REPEATED
        assert (dict(ledger.verdicts), ledger.earlier) == ({"ACCEPTED": 1}, 1)


def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text('{"id":"a","problem":"add"}\n')
    with pytest.raises(SubmissionError, match="out:1: expected a line of an earlier run"):
        Ledger(path)
    assert path.read_text() == '{"id":"a","problem":"add"}\n'


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with Ledger(tmp_path / "out"), pytest.raises(SubmissionError, match="by another run"):
        Ledger(tmp_path / "out")


# --- runs ---


async def test_every_id_gets_one_line_and_the_second_run_writes_nothing(tmp_path: Path) -> None:
    source, output = tmp_path / "in", tmp_path / "out"
    lines = [line_of("a"), line_of("b", problem="x"), line_of("a"), "{\n", line_of("c"), '{"id": "d"}\n']
    source.write_text("".join(lines))
    for _ in range(2):
        pump = await run(source, output)
        assert sorted(str(line["id"]) for line in written(output)) == ["None", "a", "b", "c", "d"]
        assert (pump.ledger.refused, pump.repeated, pump.faults) == (3, 1, 0)
        assert pump.ledger.verdicts == {"ACCEPTED": 2}
    (refused,) = [line for line in written(output) if line["id"] == "b"]
    assert refused == {
        "id": "b",
        "line": 2,
        "error": {"reason": "UNKNOWN_PROBLEM", "message": "no", "field": "problem"},
    }


async def test_lines_come_in_the_order_in_which_they_finish_and_few_are_in_flight(tmp_path: Path) -> None:
    source, output = tmp_path / "in", tmp_path / "out"
    source.write_text("".join(line_of(str(number)) for number in range(20)))
    gate, flying, most = asyncio.Event(), 0, 0

    async def grade(line: Submission) -> Outcome:
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        if line.item_id == "0":
            await gate.wait()
        elif line.item_id == "19":
            gate.set()
        await asyncio.sleep(0)
        flying -= 1
        return await graded(line)

    await run(source, output, grade)
    assert (written(output)[-1]["id"], most) == ("0", 3)


async def test_a_fault_has_no_line_and_the_next_run_tries_again(tmp_path: Path) -> None:
    source, output = tmp_path / "in", tmp_path / "out"
    source.write_text("".join(line_of(str(number)) for number in range(9)))

    async def grade(line: Submission) -> Outcome:
        return Fault(message="lost", fatal=False) if line.item_id == "4" else await graded(line)

    assert (await run(source, output, grade)).faults == 1
    assert len(written(output)) == 8
    assert (await run(source, output)).faults == 0
    assert len(written(output)) == 9


async def test_when_all_would_fail_the_run_stops(tmp_path: Path) -> None:
    source, output = tmp_path / "in", tmp_path / "out"
    source.write_text("".join(line_of(str(number)) for number in range(500)))
    asked = []

    async def grade(line: Submission) -> Outcome:
        asked.append(line.item_id)
        return Fault(message="no slot works", fatal=True)

    pump = await run(source, output, grade)
    assert (pump.faults, len(asked), written(output)) == (len(asked), len(asked), [])
    assert len(asked) <= 6


async def test_results_that_cannot_be_written_end_the_run(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.write_text("".join(line_of(str(number)) for number in range(50)))

    class Full(Ledger):
        def add(self, line: bytes, verdict: str | None) -> None:
            raise InfrastructureError("cannot write: no space left")

    with Full(tmp_path / "out") as ledger, pytest.raises(InfrastructureError, match="no space left"):
        await Pump(ledger=ledger, grade=graded, parallel=3).run(read_lines(source))
