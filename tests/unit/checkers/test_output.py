"""The default output validator: arguments of each test, bytes of any kind."""

from __future__ import annotations

import pytest

from judge.checkers.contract import CaseFacts
from judge.checkers.output import Output, options_of
from judge.model.signature import Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason


def case(expected: bytes, *arguments: str) -> CaseFacts:
    return CaseFacts(name="secret/1", arguments={}, expected=(expected, list(arguments)))


def verdict(found: bytes, expected: bytes, *arguments: str) -> Reason | None:
    return Output().check(case(expected, *arguments), found).reason


@pytest.mark.parametrize(
    ("found", "expected", "arguments", "reason"),
    [
        (b"1 2\n", b"1\n2", [], None),
        (b"YES", b"yes", [], None),
        (b"YES", b"yes", ["case_sensitive"], Reason.WRONG_VALUE),
        (b"1  2\n", b"1 2\n", ["space_change_sensitive"], Reason.WRONG_VALUE),
        (b"0.1", b"0.10", [], Reason.WRONG_VALUE),
        (b"0.1", b"0.10", ["float_tolerance", "0"], None),
        (b"1.05", b"1", ["float_absolute_tolerance", "1e-1"], None),
        (b"10.5", b"10", ["float_relative_tolerance", "0.1"], None),
        (b"10.5", b"10", ["float_absolute_tolerance", "0.1"], Reason.WRONG_VALUE),
        (b"1 2 3", b"1 2", [], Reason.WRONG_SHAPE),
        (b"", b"", [], None),
        (b"inf", b"INF", ["float_tolerance", "1e-6"], None),
        (b"1e400", b"1e400", ["float_tolerance", "1e-6"], None),
        (b"caf\xc3\xa9", b"caf\xc3\xa9", [], None),
        (b"\xff", b"\xff", [], None),
        (b"\xff", b"\\xff", [], Reason.WRONG_VALUE),
        (b"\xff", "\ufffd".encode(), [], Reason.WRONG_VALUE),
        (b"caf\xe9", b"caf\xc3\xa9", [], Reason.WRONG_VALUE),
        (b"1\xa02", b"1 2", [], Reason.WRONG_SHAPE),
        (b"1\xc2\xa02", b"1 2", [], Reason.WRONG_SHAPE),
    ],
)
def test_outputs_are_judged_by_the_arguments_of_their_test(found, expected, arguments, reason):
    assert verdict(found, expected, *arguments) is reason


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["case_sensitiv"], "unknown argument 'case_sensitiv'"),
        (["float_tolerance"], "float_tolerance: expected a number after it, found ''"),
        (["float_tolerance", "1e-6x"], "expected a number after it, found '1e-6x'"),
        (["float_tolerance", "1", "float_tolerance", "2"], "stands twice"),
        (["float_tolerance", "1e-6", "float_absolute_tolerance", "1e-6"], "expected it alone"),
        (["float_tolerance", "-1"], "float_tolerance"),
    ],
)
def test_arguments_that_the_validator_does_not_have_are_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        Output().check_key(case(b"1\n", *arguments))


def test_only_bytes_are_judged():
    with pytest.raises(ValueError, match="expected the return type bytes, found str"):
        Output().expected_type(Signature(parameters=(), returns=parse_type("str")))


def test_options_are_those_of_the_command_line():
    options = options_of(["case_sensitive", "float_relative_tolerance", "1e-9"])
    assert (options.case_sensitive, options.float_relative_tolerance, options.float_absolute_tolerance) == (
        True,
        1e-9,
        None,
    )
