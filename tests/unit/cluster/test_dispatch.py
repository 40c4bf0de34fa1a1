"""What the next chunk for a node is: the longest first, where they are warm, small at the end, and suspects alone."""

from __future__ import annotations

from judge.batch.lines import Submission
from judge.cluster.dispatch import ALONE_AFTER, LOST_AFTER, MAX_ITEMS, Dispatch, Waiting

LIMITS = {"long": 4.0, "short": 0.125, "tiny": 0.01}


def waiting(problem: str, number: int = 0, losses: int = 0) -> Waiting:
    line = Submission(
        line=number, size_bytes=1, item_id=f"{problem}-{number}", problem=problem, source="", language="python3"
    )
    return Waiting(line, lambda _: None, losses)


def filled(**counts: int) -> Dispatch:
    dispatch = Dispatch(lambda problem: LIMITS[problem])
    for problem, count in counts.items():
        for number in range(count):
            assert dispatch.add(waiting(problem, number))
    return dispatch


def problems(chunk: list[Waiting]) -> list[str]:
    return [item.line.problem for item in chunk]


def test_the_longest_go_first() -> None:
    dispatch = filled(short=40, long=4, tiny=40)
    assert problems(dispatch.chunk("a", 4, 4)) == ["long", "long"]  # half of its places at least
    assert problems(dispatch.chunk("a", 4, 4)) == ["long", "long"]
    assert problems(dispatch.chunk("a", 4, 4)) == ["short"] * 10 + ["tiny"] * 10  # what fits beside them


def test_a_chunk_is_about_a_second_of_work_for_each_place() -> None:
    dispatch = filled(short=1000)
    assert len(dispatch.chunk("a", 4, 4)) == 32


def test_what_gradings_took_replaces_the_time_limit() -> None:
    dispatch = filled(long=1000)
    for _ in range(2):
        dispatch.learn("long", 0.2)
    assert dispatch.seconds("long") != LIMITS["long"]
    assert len(dispatch.chunk("a", 4, 4)) > 4


def test_chunks_become_small_at_the_end_and_nothing_is_left() -> None:
    dispatch = filled(tiny=1000)
    sizes = []
    while len(dispatch):
        sizes.append(len(dispatch.chunk("a", 4, 12)))
    assert sum(sizes) == 1000
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] <= 2
    assert max(sizes) <= MAX_ITEMS


def test_a_problem_stays_where_it_is_warm() -> None:
    dispatch = filled(long=20, short=400)
    assert set(problems(dispatch.chunk("a", 4, 8))) == {"long"}
    assert set(problems(dispatch.chunk("b", 4, 8))) == {"short"}
    assert set(problems(dispatch.chunk("b", 4, 8))) == {"short"}
    assert set(problems(dispatch.chunk("a", 4, 8))) == {"long"}


def test_no_node_is_idle_because_all_problems_are_warm_elsewhere() -> None:
    dispatch = filled(short=400)
    assert dispatch.chunk("a", 4, 8)
    assert dispatch.chunk("b", 4, 8)


def test_a_lost_node_has_nothing_warm() -> None:
    dispatch = filled(long=20, short=400)
    dispatch.chunk("a", 4, 8)
    dispatch.chunk("b", 4, 8)
    dispatch.forget("a")
    assert problems(dispatch.chunk("b", 4, 8))[0] == "long"


def test_a_suspect_goes_alone_after_all_others_and_is_given_up_at_last() -> None:
    dispatch = filled(short=1)
    suspect = waiting("short", 7, losses=ALONE_AFTER)
    assert dispatch.add(suspect)
    assert dispatch.alone() is None
    assert suspect not in dispatch.chunk("a", 4, 4)
    assert dispatch.chunk("a", 4, 4) == []
    assert dispatch.alone() is suspect
    assert len(dispatch) == 0
    assert not dispatch.add(waiting("short", 7, losses=LOST_AFTER))
    assert len(dispatch) == 0


def test_draining_takes_everything() -> None:
    dispatch = filled(short=3, long=2)
    dispatch.add(waiting("tiny", losses=ALONE_AFTER))
    assert len(dispatch.drain()) == 6
    assert len(dispatch) == 0
