"""The calls that a series has yet to make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from judge.checkers.contract import SeriesCall
from judge.checkers.evidence.agenda import Agenda
from judge.checkers.evidence.plan import Step


def steps(*numbers: int) -> list[Step]:
    return [Step(number=number) for number in numbers]


def made_out(chunk: Sequence[Step]) -> list[tuple[Step, SeriesCall]]:
    return [(step, SeriesCall(changes={"seed": step.number})) for step in chunk]


def agenda(*chunks: Sequence[Step]) -> Agenda:
    return Agenda(iter(chunks), made_out)


def numbers(calls: Sequence[SeriesCall]) -> list[int]:
    return [call.changes["seed"] for call in calls]


def all_calls(left: Agenda) -> list[int]:
    found = []
    while (call := left.next_call()) is not None:
        found.append(call.changes["seed"])
        assert left.step.number == found[-1]
    return found


def test_calls_come_in_the_order_of_the_script_each_with_its_step() -> None:
    left = agenda(steps(3, 1), [], steps(4, 1))
    assert all_calls(left) == [3, 1, 4, 1]
    assert left.next_call() is None
    assert left.step.number == 1


def test_what_comes_is_the_rest_of_the_chunk_and_no_more_than_is_asked_for() -> None:
    left = agenda(steps(0, 1, 2, 3), steps(4))
    assert left.coming(9) == []
    left.next_call()
    assert numbers(left.coming(2)) == [1, 2]
    assert numbers(left.coming(9)) == [1, 2, 3]


def test_what_comes_are_the_very_calls_that_are_then_given() -> None:
    left = agenda(steps(0, 1, 2))
    left.next_call()
    first, second = left.coming(2)
    assert left.next_call() is first
    assert left.next_call() is second


def test_a_chunk_that_is_left_is_not_ended_and_the_script_goes_on() -> None:
    left = agenda(steps(0, 1, 2), steps(7, 8))
    left.next_call()
    left.leave_chunk()
    assert left.coming(9) == []
    assert all_calls(left) == [7, 8]


def test_the_script_goes_on_only_when_a_chunk_is_used_up() -> None:
    asked: list[str] = []

    def script() -> Iterator[Sequence[Step]]:
        yield steps(0, 1)
        asked.append("after the first chunk")
        yield steps(2)

    left = Agenda(script(), made_out)
    left.next_call()
    left.next_call()
    assert not asked
    left.next_call()
    assert asked


def test_a_chunk_is_made_out_when_it_begins() -> None:
    made: list[int] = []

    def noted(chunk: Sequence[Step]) -> list[tuple[Step, SeriesCall]]:
        made.extend(step.number for step in chunk)
        return made_out(chunk)

    left = Agenda(iter([steps(0, 1), steps(2)]), noted)
    assert made == []
    left.next_call()
    assert made == [0, 1]
