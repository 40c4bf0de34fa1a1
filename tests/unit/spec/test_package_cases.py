"""Tests that are written out as JSON: which values they can give, and what is refused."""

from __future__ import annotations

import pytest

from judge.harness import wire
from judge.spec.compiler import compile_plan
from judge.testing import InProcessSandbox

ECHO = """\
judge: 1
kind: function
entry_point: echo
signature:
  parameters: {{value: '{type}'}}
  returns: int
checker: exact
"""


def echo(package, kind, text):
    """The package with one parameter of the type ``kind``, and ``text`` as the argument in its only test."""
    for name in ("data/sample/01.in", "data/sample/01.ans", "submissions/wrong_answer/unscaled.py"):
        package.remove(name)
    package.write("judge.yaml", ECHO.format(type=kind))
    package.write("data/secret/empty.ans", "1\n")
    return package.write("data/secret/empty.in", f'{{"value": {text}}}')


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "123456789012345678901234567890", 123456789012345678901234567890),
        ("float", "3", 3.0),
        ("str", '"\\u00e9"', "é"),
        ("bytes", '"AAH/"', b"\x00\x01\xff"),
        ("tuple[int, str]", '[1, "a"]', (1, "a")),
        ("tuple[int, ...]", "[1, 2, 3]", (1, 2, 3)),
        ("list[tuple[int, int]]", "[[1, 2], [3, 4]]", [(1, 2), (3, 4)]),
        ("dict[str, bytes]", '{"a": "AA=="}', {"a": b"\0"}),
        ("dict[int, list[float]]", "[[1, [0.5]], [2, []]]", {1: [0.5], 2: []}),
        ("dict[tuple[int, int], str]", '[[[1, 2], "x"]]', {(1, 2): "x"}),
        ("Optional[list[bytes]]", '["AA=="]', [b"\0"]),
        ("Optional[int]", "null", None),
    ],
)
def test_values(package, kind, text, value):
    found = echo(package, kind, text).load().written[0].arguments["value"]
    assert found == value
    assert type(found) is type(value)


def test_an_array(package):
    found = echo(package, "array[float32, (n, 2)]", "[[1, 2], [3, 4], [5, 6]]").load().written[0].arguments["value"]
    assert (found.dtype.name, found.shape) == ("float32", (3, 2))


@pytest.mark.parametrize(
    ("kind", "text", "line", "message"),
    [
        ("int", "1.0", None, "value: expected int, found float 1.0"),
        ("int", "true", None, "value: expected int, found bool True"),
        ("list[int]", '[1, "2"]', None, "value[1]: expected int, found a str of length 1"),
        ("tuple[int, int]", "[1, 2, 3]", None, "value: expected 2 elements"),
        ("tuple[int, int]", "[1]", None, "value: expected 2 elements"),
        ("bytes", '"no base64!"', None, "value: expected text in base64"),
        ("bytes", "5", None, "value: expected text in base64"),
        ("dict[int, int]", '{"1": 2}', None, "expected a list of [key, value]"),
        ("dict[int, int]", "[[1, 2], [1, 3]]", None, "expected different keys"),
        ("dict[str, int]", "[]", None, "value: expected dict[str, int]"),
        ("array[int64, (n, n)]", "[[1, 2]]", None, "expected shape ('n', 'n'), found shape (1, 2)"),
        ("float", "NaN", 1, "found the literal NaN"),
        ("float", "-Infinity", 1, "found the literal -Infinity"),
        ("float", "1e999", 1, "the number 1e999 overflows"),
        ("list[float]", "[1, 2e999]", 1, "the number 2e999 overflows"),
        ("dict[str, int]", '{"a": 1, "a": 2}', 1, "the key 'a' stands twice"),
        ("list[int]", "[1,\n2\n3]", 3, "not valid JSON"),
    ],
)
def test_values_that_are_refused(package, kind, text, line, message):
    error = echo(package, kind, text).error()
    assert message in error.message
    assert (error.file, error.line) == (str(package.root / "data/secret/empty.in"), line)


# --- integers of any size that the encoding has, and the line of what is refused ---------------------------------

BITS = 8 * wire.MAX_INTEGER_BYTES - 1
LARGEST = 2**BITS - 1


def digits_of(value):
    """The decimal digits of an integer, whatever its size."""
    if value < 10**500:
        return str(value)
    low = int(value.bit_length() * 0.15)
    return digits_of(value // 10**low) + digits_of(value % 10**low).rjust(low, "0")


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    "value", [10**4299, 10**4300 - 1, 10**4300, 7**6000 + 1, LARGEST], ids=lambda v: v.bit_length()
)
def test_an_integer_of_more_than_4300_digits(package, value, sign):
    text = ("-" if sign < 0 else "") + digits_of(value)
    assert echo(package, "int", text).load().written[0].arguments == {"value": sign * value}


def test_a_long_integer_is_compiled_into_arguments_and_answer(package):
    text = digits_of(10**5000 + 7)
    echo(package, "int", text).write("data/secret/empty.ans", text)
    plan = compile_plan(package.load(), InProcessSandbox())
    assert plan.arguments_of(plan.cases[0]) == {"value": 10**5000 + 7}
    assert plan.expected_of(plan.cases[0]) == 10**5000 + 7


@pytest.mark.parametrize("text", [digits_of(LARGEST + 1), "-" + "1" * 200_000], ids=["one more", "many digits"])
def test_an_integer_beyond_the_encoding_is_told_in_bits_and_digits(package, text):
    error = echo(package, "list[int]", f"[1,\n{text}]").error()
    length = len(text.removeprefix("-"))
    expected = f"expected an integer of at most {BITS} bits, found one of {length} digits"
    assert (error.line, error.message) == (2, f"not valid JSON: {expected}")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{"values": [1],\n"scale": NaN}', 2, "expected a number, found the literal NaN"),
        ('{"values": [1],\n\n"scale": -1e999}', 3, "the number -1e999 overflows"),
        ('{"values": [1],\n"scale": 1,\n"values": []}', 3, "the key 'values' stands twice"),
        ('{"values": [1],\n"scale": 1,\n"\\u0076alues": []}', 3, "the key 'values' stands twice"),
        ('{"note": "\\"NaN, [[{",\n"scale": Infinity}', 2, "expected a number, found the literal Infinity"),
        ('{"values":\n' + "[" * 100_000, 2, "nested deeper than 64 levels"),
        ('{"values":\n' + "[" * 64 + "]" * 64 + "}", 2, "nested deeper than 64 levels"),
        ('{"a": {"x": 1}, "b": {"x": 1},\n"b": 2}', 2, "the key 'b' stands twice"),
    ],
)
def test_what_is_refused_after_parsing_has_its_line(package, text, line, message):
    error = package.write("data/sample/01.in", text).error()
    assert error.message == f"not valid JSON: {message}"
    assert (error.file, error.line) == (str(package.root / "data/sample/01.in"), line)


def test_the_line_of_a_nan_in_an_answer(package):
    error = package.write("data/sample/01.ans", "\n\nNaN\n").error()
    assert (error.file, error.line) == (str(package.root / "data/sample/01.ans"), 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"values": []}', "missing an argument for the parameter 'scale'"),
        ('{"values": [], "scale": 1, "scales": 2}', "unknown parameter 'scales': did you mean 'scale'?"),
        ("[[], 1]", "expected an object of arguments by name, found a list of length 2"),
        ("", "not valid JSON"),
    ],
)
def test_arguments_must_be_the_parameters(package, text, message):
    assert message in package.write("data/sample/01.in", text).error().message


@pytest.mark.parametrize("text", ["NaN", '"1.5"', "[1.5]", "1.5 2"])
def test_an_answer_that_does_not_conform(package, text):
    error = package.write("data/sample/01.ans", text).error()
    assert error.file == str(package.root / "data/sample/01.ans")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("data/secret/alone.ans", "there is no test 'alone': expected alone.in beside it"),
        ("data/secret/01.yaml", "expected a .in or .ans file"),
        ("data/secret/group/01.in", "test data groups and .files directories are not supported yet"),
        ("data/invalid_input/01.in", "expected data/sample and data/secret only"),
        ("data/secret/picture.png", "there is no test 'picture'"),
    ],
)
def test_files_that_do_not_belong(package, name, message):
    error = package.write(name, "{}").error()
    assert message in error.message
    assert error.file.startswith(str(package.root / name.rpartition("/")[0]))


def test_pictures_and_names_that_the_format_ignores(package):
    package.write("data/sample/01.png", b"\x89PNG").write("data/sample/.gitkeep", "").write("data/sample/-x.in", "?")
    assert [case.name for case in package.load().written] == ["sample/01", "secret/empty"]


def test_no_answer_and_no_reference(package):
    text = (package.root / "judge.yaml").read_text()
    kept = [line for line in text.splitlines() if not line.startswith(("reference:", "generator:"))]
    kept = kept[: kept.index("tests:")] + kept[kept.index("submissions:") :]
    error = package.write("judge.yaml", "\n".join(kept) + "\n").error()
    assert "expected an answer in empty.ans, or a reference in judge.yaml, found neither" in error.message
    assert error.file == str(package.root / "data/secret/empty.in")


def test_samples_alone_are_not_enough(package):
    package.remove("data/secret/empty.in")
    text = (package.root / "judge.yaml").read_text()
    lines = text[: text.index("generator:")] + text[text.index("submissions:") :]
    assert "expected at least one secret test" in package.write("judge.yaml", lines).error().message
