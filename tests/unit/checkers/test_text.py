"""The checkers ``tokens`` and ``lines``, and numbers as text."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from judge.checkers.contract import CaseFacts
from judge.checkers.lines import Lines
from judge.checkers.number_text import TextBand, read_number
from judge.checkers.tokens import Tokens
from judge.model.signature import Signature
from judge.model.type_expr import parse_type

STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=150)


def _case(expected: Any) -> CaseFacts:
    return CaseFacts(name="case", arguments={}, expected=expected)


def _verdict(checker: Any, expected: Any, answer: Any) -> str:
    judgement = checker.check(_case(expected), answer)
    return "accepted" if judgement.accepted else str(judgement.reason)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("1.", 1),
        (".5", Fraction(1, 2)),
        ("+1E-3", Fraction(1, 1000)),
        ("-0012.50e+02", -1250),
        ("0." + "0" * 29 + "1", Fraction(1, 10**30)),
        ("1" * 30 + "." + "1" * 30, Fraction(int("1" * 60), 10**30)),
        ("1.7976931348623158e308", Fraction(17976931348623158) * 10**292),  # a double rounds it to its largest
        ("1e-400", Fraction(1, 10**400)),
        ("0e99999999999999999999", 0),
        ("1e-99999999999999999999", 0),
    ],
)
def test_reads_every_number_of_the_grammar_without_losing_a_digit(text: str, value: Any) -> None:
    number = read_number(text)
    assert number is not None
    assert Fraction(number) == value


@pytest.mark.parametrize(
    "text",
    [
        *[
            ".",
            "+",
            "e5",
            ".e5",
            "1e",
            "1e+",
            "+-1",
            "1_0",
            "1,0",
            "1d0",
            "0x1p0",
            "0x10",
            "1e5.5",
            "nan",
            "inf",
            "Infinity",
            "0b1",
            "1f",
            "1.0.0",
            "1e0x",
        ],
        *["1e400", "-1e400", "1.7976931348623159e308", "1e99999999999999999999"],
        *["", "1 ", " 1", "1\n", "1\x00", "\u0661", "\uff11", "\u00b2", "1\u0660", "\u22121"],
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("found", "wanted", "accepted"),
    [
        ("0.100001", "0.1", True),  # binary rounding would refuse it
        ("0.1000010000000000000000000000000000000001", "0.1", False),
        ("0.099999", "0.1", True),
        ("0.0999989999999999999999999999999999999999", "0.1", False),
        ("1.000001", "1", True),
        ("1.0000011", "1.0", False),
        ("1000001", "1000000", True),
        ("1000001.0000000000000000001", "1000000", False),
        ("999999", "1000000", True),
        ("0", "1e-6", True),
        ("0", "1.0000000000000000000001e-6", False),
        ("-1e-999999999999999", "0", True),
        ("1e308", "-1e308", False),
    ],
)
def test_the_boundary_is_decided_by_the_text(found: str, wanted: str, accepted: bool) -> None:
    judgement = Tokens(float_tolerance=1e-6).check(_case(wanted), found)
    assert judgement.accepted is accepted
    assert judgement.margin is not None
    assert (judgement.margin <= 1) is accepted
    json.dumps(judgement.evidence, allow_nan=False)


@STEADY
@given(
    st.decimals(-(10**6), 10**6, places=9),
    st.decimals(-2, 2, places=12),
    st.floats(0, 1).map(lambda x: round(x, 4)),
    st.floats(0, 1).map(lambda x: round(x, 4)),
)
@example(Decimal("0.1"), Decimal("0.0001"), 0.0001, 0.0001)
def test_agrees_with_rational_arithmetic(wanted: Decimal, delta: Decimal, rtol: float, atol: float) -> None:
    found = wanted + delta
    limit = max(Fraction(str(atol)), Fraction(str(rtol)) * abs(Fraction(wanted)))
    margin = TextBand.of(rtol=rtol, atol=atol).margin(found, wanted)
    assert (margin <= 1) == (abs(Fraction(found) - Fraction(wanted)) <= limit)


@pytest.mark.parametrize(
    ("parameters", "expected", "answer", "verdict"),
    [
        ({}, "A B", " a \t\r\n\v\fb\n", "accepted"),
        ({}, "", " \n", "accepted"),
        ({}, "", "x", "wrong_shape"),
        ({}, "A B", "A", "wrong_shape"),
        ({}, "A B", "AB", "wrong_shape"),
        ({}, "A B", "A B X", "wrong_shape"),
        ({}, "A B", "A\u00a0B", "wrong_shape"),  # no white space
        ({}, "A B", "A C", "wrong_value"),
        ({}, "É", "é", "wrong_value"),  # only ASCII is folded
        ({}, "ß", "SS", "wrong_value"),
        ({}, "K", "\u212a", "wrong_value"),  # the Kelvin sign
        ({}, "1", "1.0", "wrong_value"),  # without a tolerance numbers are text
        ({}, "nan 1e400", "NaN 1E400", "accepted"),
        ({"case_sensitive": True}, "A b", "A b", "accepted"),
        ({"case_sensitive": True}, "A b", "a b", "wrong_value"),
        ({"space_change_sensitive": True}, " A\tb\n", " a\tB\n", "accepted"),
        ({"space_change_sensitive": True}, "A b\n", "A b", "wrong_value"),
        ({"space_change_sensitive": True}, "A b", "A  b", "wrong_value"),
        ({"space_change_sensitive": True}, "A b", "A\tb", "wrong_value"),
        ({"space_change_sensitive": True}, "A b", " A b", "wrong_value"),
        ({"space_change_sensitive": True}, "", "\n", "wrong_value"),
        ({"float_tolerance": 0}, "1e0 0.5", "1 .50", "accepted"),
        ({"float_tolerance": 1e-6}, "x 1", "X 1.000001", "accepted"),
        ({"float_tolerance": 1e-6}, "x 1", "1 1", "wrong_value"),
        ({"float_tolerance": 1e-6}, "1", "x", "wrong_type"),
        ({"float_tolerance": 1e-6}, "1", "1e400", "wrong_type"),
        ({"float_tolerance": 1e-6}, "1", "nan", "not_finite"),
        ({"float_tolerance": 1e-6}, "1", "-Infinity", "not_finite"),
        ({"float_tolerance": 1e-6}, "0x1p0", "1", "wrong_value"),
        ({"float_tolerance": 1e-6}, "1000000000000000000", "1000000000000000001", "accepted"),
        ({"float_tolerance": 1e-6, "exact_integers": True}, "10", "+010", "accepted"),
        ({"float_tolerance": 1e-6, "exact_integers": True}, "10", "10.0", "wrong_type"),
        ({"float_tolerance": 1e-6, "exact_integers": True}, "10.0", "10", "accepted"),
        ({"float_tolerance": 1e-6, "exact_integers": True}, "10000000", "10000001", "wrong_value"),
        ({"float_absolute_tolerance": 0.5}, "1000000", "1000000.6", "wrong_value"),
        ({"float_relative_tolerance": 0.5}, "0", "0.1", "wrong_value"),
        ({"float_relative_tolerance": 0.5, "float_absolute_tolerance": 0.1}, "0 4", "0.1 6", "accepted"),
        ({"float_relative_tolerance": 0.5}, "4", "6.1", "wrong_value"),
        ({"float_tolerance": 1, "nan": "match"}, "NaN", "-nan", "accepted"),
        ({"float_tolerance": 1, "nan": "match"}, "nan", "1", "wrong_value"),
        ({"float_tolerance": 1, "inf": "match"}, "-inf", "-Infinity", "accepted"),
        ({"float_tolerance": 1, "inf": "match"}, "inf", "-inf", "wrong_value"),
        ({"float_tolerance": 1, "inf": "match"}, "inf", "1e400", "wrong_value"),
        ({"float_tolerance": 1, "inf": "match"}, "1", "inf", "not_finite"),
    ],
)
def test_tokens(parameters: dict[str, Any], expected: str, answer: str, verdict: str) -> None:
    assert _verdict(Tokens(**parameters), expected, answer) == verdict


@pytest.mark.parametrize(
    ("parameters", "expected", "answer", "verdict"),
    [
        ({}, "a b\nc", "A  b\r\n c \n\n", "accepted"),
        ({}, "a b c", "a b\nc", "wrong_shape"),
        ({}, "a\n\nb", "a\nb", "wrong_shape"),
        ({}, "\na", "a", "wrong_shape"),
        ({}, "", "\n\n", "accepted"),
        ({}, "a\u2028b", "a\nb", "wrong_shape"),  # the line separator of Unicode is no line feed
        ({}, "a b\nc", "a\nb c", "wrong_shape"),
        ({"space_change_sensitive": True}, "a\n", "a", "wrong_shape"),
        ({"space_change_sensitive": True}, "a b\n", "a  b\n", "wrong_value"),
        ({"float_tolerance": 1}, "x 1\n2", "x 2\n3", "accepted"),
        ({}, ["a b", ""], ["A  b ", "\n"], "accepted"),
        ({}, ["a", "b"], ["b", "a"], "wrong_value"),
        ({}, ["a", "b"], ["a\nb"], "wrong_shape"),
        ({}, ["a", "b"], ["a\nb", ""], "wrong_shape"),
        ({}, [], [], "accepted"),
        ({}, [""], [], "wrong_shape"),
    ],
)
def test_lines(parameters: dict[str, Any], expected: Any, answer: Any, verdict: str) -> None:
    assert _verdict(Lines(**parameters), expected, answer) == verdict


def test_messages_name_the_place_and_not_the_expected_token() -> None:
    case = _case("x 1.5\nsecret 2.5 3.5")
    say = lambda checker, answer: checker.check(case, answer).message  # noqa: E731
    assert (
        say(Lines(), "x 1.5\npublic 2.5 3.5")
        == "token 1 of line 2 of answer is 'public', which is not the expected value"
    )
    assert say(Tokens(), "x 1.5 secret 2.5") == "answer: the number of tokens, 4, is not the right one"
    assert say(Tokens(float_tolerance=0.25), "x 1.5 secret 3.5 3") == (
        "token 4 of answer is '3.5': outside the tolerance (relative 0.25, absolute 0.25)"
    )
    evidence = Lines(float_tolerance=0.25).check(case, "x 1.5\nsecret 3 3.5").evidence
    assert evidence == {
        "compared": 3,
        "outside": 0,
        "worst": "token 2 of line 2 of answer",
        "abs_error": 0.5,
        "rel_error": 0.2,
    }


@pytest.mark.parametrize("kind", [Tokens, Lines])
@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"float_tolerance": -1}, "float_tolerance: expected a finite number of at least 0, found -1"),
        ({"float_tolerance": True}, "float_tolerance: expected a finite number of at least 0, found True"),
        ({"float_tolerance": 1, "float_absolute_tolerance": 1}, "float_tolerance: expected it alone"),
        ({"case_sensitive": 1}, "case_sensitive: expected true or false, found 1"),
        ({"nan": "match"}, "nan: expected a tolerance beside it"),
        ({"exact_integers": True}, "exact_integers: expected a tolerance beside it"),
        ({"float_tolerance": 1, "inf": "ignore"}, "inf: expected one of refuse, match, found 'ignore'"),
    ],
)
def test_parameters_that_are_wrong_or_contradict_each_other(kind: Any, parameters: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        kind(**parameters)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("kind", [Tokens, Lines])
@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("1 nan", "the token 'nan': expected a finite number, or 'nan: match' in the checker"),
        ("-INF", "the token '-INF': expected a finite number, or 'inf: match' in the checker"),
        ("1e400", "the token '1e400': expected a number within the range of a double"),
        ("1e-5001", "the token '1e-5001': expected at most 5000 decimals, found 5001"),
    ],
)
def test_a_key_that_cannot_be_judged_against_is_an_error(kind: Any, key: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared below
        kind(float_tolerance=1e-6).check_key(_case(key))
    assert str(caught.value) == message
    kind().check_key(_case(key))


def test_return_types() -> None:
    for kind, returns in [(Tokens, "list[str]"), (Tokens, "int"), (Lines, "list[list[str]]"), (Lines, "float")]:
        with pytest.raises(ValueError, match="expected the return type str"):
            kind().expected_type(Signature(parameters=(), returns=parse_type(returns)))


def test_huge_tokens_take_time_in_proportion_to_their_length() -> None:
    digits = "3" * 1_000_000
    checker = Tokens(float_tolerance=1e-6)
    assert checker.check(_case("0.33333333333"), f"0.{digits}").accepted
    assert checker.check(_case("1"), digits).reason == "wrong_type"
    assert checker.check(_case("1"), f"1e-{digits}").reason == "wrong_value"
