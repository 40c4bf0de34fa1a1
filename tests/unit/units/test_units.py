"""Bytes and seconds as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.units import format_bytes, format_ns, parse_bytes, parse_duration_ns


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0B", 0),
        ("1 B", 1),
        ("10KB", 10_000),
        ("1MB", 1_000_000),
        ("2GB", 2_000_000_000),
        ("1KiB", 1024),
        ("0.5KiB", 512),
        ("256MiB", 268_435_456),
        ("1.5  GiB", 1_610_612_736),
        ("007B", 7),
        ("0.001KB", 1),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0s", 0),
        ("1ns", 1),
        ("1.5us", 1500),
        ("20ms", 20_000_000),
        ("0.1s", 100_000_000),
        ("1.5 s", 1_500_000_000),
        ("2min", 120_000_000_000),
        ("0.000000001s", 1),
    ],
)
def test_durations(text: str, duration: int) -> None:
    assert parse_duration_ns(text) == duration


@pytest.mark.parametrize(
    "text",
    ["", "5", "MiB", "-1MiB", "+1MiB", "1e3B", "1.MiB", ".5MiB", "1,5MiB", "1mib", "1 TiB", "1MiB ", " 1MiB", "1MiB\n",
     "١MiB", "0x1B", "1_0B", "nanB", "infB", "1s"],
)  # fmt: skip
def test_what_is_not_a_size_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a size such as '256MiB' \(units B, KB, .*\), found "):
        parse_bytes(text)


@pytest.mark.parametrize("text", ["", "5", "s", "-1s", "1h", "1S", "1 m", "1MiB", "1s\n"])
def test_what_is_not_a_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a duration such as '1.5s' \(units ns, us, ms, s, min\), found "):
        parse_duration_ns(text)


def test_parts_of_a_byte_or_a_nanosecond_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected a whole number of bytes, found '1\.5B'"):
        parse_bytes("1.5B")
    with pytest.raises(ValueError, match=r"expected a whole number of nanoseconds, found '0\.5ns'"):
        parse_duration_ns("0.5ns")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (1 << 20, "1 MiB"),
        (268_435_456, "256 MiB"),
        (3 << 30, "3 GiB"),
        (1_000_000, "976.6 KiB"),
    ],
)
def test_sizes_are_written_in_the_largest_binary_unit(size: int, text: str) -> None:
    assert format_bytes(size) == text


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (0, "0 ms"),
        (1, "1e-06 ms"),
        (1_500_000, "1.5 ms"),
        (20_000_000, "20 ms"),
        (10**9, "1 s"),
        (1_500_000_000, "1.5 s"),
    ],
)
def test_durations_are_written_in_seconds_or_milliseconds(duration: int, text: str) -> None:
    assert format_ns(duration) == text


@given(st.integers(1, 999), st.sampled_from([0, 10, 20, 30]))
def test_a_size_that_is_written_exactly_is_read_back(number: int, power: int) -> None:
    assert parse_bytes(format_bytes(number << power)) == number << power


@given(st.integers(1, 999), st.sampled_from([10**6, 10**9]))
def test_a_duration_that_is_written_exactly_is_read_back(number: int, unit: int) -> None:
    assert parse_duration_ns(format_ns(number * unit)) == number * unit


@given(st.text(max_size=12))
def test_any_text_is_a_quantity_or_a_value_error(text: str) -> None:
    for parse in (parse_bytes, parse_duration_ns):
        try:
            assert parse(text) >= 0
        except ValueError:
            continue
