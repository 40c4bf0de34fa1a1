"""What the end of an output validator's run means: statuses, signals, messages and points."""

from __future__ import annotations

from fractions import Fraction

import pytest

from judge.checkers.validator import Validator
from judge.model.verdict import Reason


def judged(status: int | None = 42, points: str = "", convention: str = "kattis", signal: int | None = None, **files):
    named = {name.replace("_txt", ".txt").replace("_in", ".in"): content for name, content in files.items()}
    said = named.pop("said", b"")
    reply = {"exit": status, "signal": signal, "files": named, "points": points, "said": said}
    return Validator(file="v.cc", convention=convention).judgement(reply)


@pytest.mark.parametrize(
    ("convention", "status", "accepted"),
    [("kattis", 42, True), ("kattis", 43, False), ("testlib", 0, True)]
    + [("testlib", status, False) for status in (1, 2, 4, 8)],
)
def test_the_status_decides(convention, status, accepted):
    found = judged(status, convention=convention)
    assert (found.accepted, found.reason) == (accepted, None if accepted else Reason.WRONG_VALUE)


@pytest.mark.parametrize(
    ("convention", "status", "signal"),
    [("kattis", status, None) for status in (0, 1, 2, 41, 44)]
    + [("testlib", status, None) for status in (3, 5, 16, 42, 43)]
    + [("kattis", None, 6), ("testlib", None, 11)],
)
def test_any_other_end_is_a_fault(convention, status, signal):
    with pytest.raises(ValueError, match=r"expected exit status .* or .*, found (exit status|signal) \d+"):
        judged(status, convention=convention, signal=signal)


def test_messages_are_for_two_readers():
    found = judged(43, teammessage_txt=b"one too many\n", judgemessage_txt=b"expected 7\xff")
    assert (found.message, found.evidence) == ("one too many", {"judgemessage": "expected 7�"})
    assert judged(43).message == "the output validator does not accept the output"


@pytest.mark.parametrize(
    ("points", "files", "given", "share"),
    [
        ("40", {}, None, None),
        ("40", {"score_txt": b"12.5\n"}, "25/2", Fraction(5, 16)),
        ("40", {"score_txt": b"4e1"}, "40", Fraction(1)),
        ("100/3", {"score_multiplier_txt": b"0.3"}, "10", Fraction(3, 10)),
        ("any", {"score_txt": b"1234567890"}, "1234567890", None),
        ("signed", {"score_txt": b"-7.5"}, "-15/2", None),
        ("ignored", {"score_txt": b"nonsense", "score_multiplier_txt": b"7"}, None, None),
    ],
)
def test_points_are_exact(points, files, given, share):
    found = judged(42, points, **files)
    assert (found.evidence.get("points"), found.score) == (given, share)


@pytest.mark.parametrize(
    ("status", "points", "files", "message"),
    [
        (42, "", {"score_txt": b"1"}, "is for tests with points of their own"),
        (43, "40", {"score_txt": b"1"}, "is for accepted outputs"),
        (42, "40", {"score_txt": b"41"}, "expected at most 40 points, found 41"),
        (42, "40", {"score_txt": b"-1"}, "expected a number of at least 0, found '-1'"),
        (42, "40", {"score_txt": b""}, "expected a number of at least 0, found ''"),
        (42, "40", {"score_txt": None}, "expected a number of at least 0"),
        (42, "40", {"score_multiplier_txt": b"1.01"}, "expected a number from 0 to 1"),
        (42, "40", {"score_multiplier_txt": b"1", "score_txt": b"1"}, "found both"),
        (42, "any", {}, "expected a feedback file score.txt for an accepted output, found none"),
        (42, "any", {"score_multiplier_txt": b"1"}, "whose points have a bound"),
        (42, "", {"nextpass_in": b""}, "is for problems of several passes"),
    ],
)
def test_points_that_cannot_be_are_a_fault(status, points, files, message):
    with pytest.raises(ValueError, match=message):
        judged(status, points, **files)


@pytest.mark.parametrize(
    ("points", "said", "given", "share"),
    [
        ("40", b"points 12.5 half of it\n", "25/2", Fraction(5, 16)),
        ("any", b"points 77\n", "77", None),
        ("signed", b"points -1 ", "-1", None),
        ("ignored", b"points 3", None, None),
    ],
)
def test_points_of_testlib_are_those_of_the_test(points, said, given, share):
    found = judged(7, points, "testlib", said=said)
    assert (found.accepted, found.evidence.get("points"), found.score) == (True, given, share)


@pytest.mark.parametrize(
    ("points", "said", "message"),
    [
        ("", b"points 1\n", "exit status 7, testlib's points, is for tests with points of the validator's"),
        ("40", b"ok 7 numbers\n", "needs 'points' and a number on standard error, found 'ok 7 numbers'"),
        ("40", b"points", "needs 'points' and a number"),
        ("40", b"points many\n", "expected a number of at least 0, found 'many'"),
        ("40", b"points 41\n", "expected at most 40 points, found 41"),
    ],
)
def test_points_of_testlib_that_cannot_be_are_a_fault(points, said, message):
    with pytest.raises(ValueError, match=message):
        judged(7, points, "testlib", said=said)


def test_points_of_an_adapted_testlib():
    assert judged(7, "40", "adapted", said=b"points 4").evidence["points"] == "4"
    assert judged(7, "40", "adapted", judgemessage_txt=b"points 4 of 40").evidence["points"] == "4"
    assert judged(43, "40", "adapted").accepted is False
    with pytest.raises(ValueError, match="expected 42 or 43"):
        judged(7, "", "adapted", said=b"points 4")


def test_status_7_means_points_to_testlib_alone():
    with pytest.raises(ValueError, match="expected exit status 42 or 43, found exit status 7"):
        judged(7, "40", said=b"points 1")


def test_parameters_are_checked():
    with pytest.raises(ValueError, match="convention: expected one of kattis, testlib, adapted, found 'polygon'"):
        Validator(file="v.cc", convention="polygon")
    with pytest.raises(ValueError, match="memory: "):
        Validator(file="v.cc", memory="lots")
