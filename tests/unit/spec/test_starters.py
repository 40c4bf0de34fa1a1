"""Starter code: valid Python with the signature's types."""

from __future__ import annotations

import ast
import inspect

import pytest

from judge.errors import SpecError
from judge.model.signature import Method, Parameter, Signature, signature_of_class
from judge.model.type_expr import NOTHING, parse_type
from judge.spec.compiled import check_widths
from judge.spec.starters import cpp_starter, java_starter, python_starter


def signature(returns, **parameters):
    typed = tuple(Parameter(name=name, type=parse_type(text)) for name, text in parameters.items())
    return Signature(parameters=typed, returns=parse_type(returns))


def test_plain_types():
    assert python_starter("total", signature("float", values="list[int]", scale="float")) == (
        "def total(values: list[int], scale: float) -> float:\n    raise NotImplementedError\n"
    )


def test_arrays_and_optionals():
    text = python_starter(
        "rank", signature("Optional[list[int]]", scores="array[float64, (n, 3)]", mask="array[bool, ...]")
    )
    assert text == (
        "import numpy as np\n\n\n"
        "def rank(scores: np.ndarray, mask: np.ndarray) -> list[int] | None:\n"
        "    # scores: array[float64, (n, 3)]\n"
        "    # mask: array[bool, ...]\n"
        "    raise NotImplementedError\n"
    )


def test_a_long_signature_is_folded():
    names = {f"parameter_number_{number}": "dict[str, tuple[int, ...]]" for number in range(4)}
    text = python_starter("solve", signature("list[tuple[int, str]]", **names))
    assert max(map(len, text.splitlines())) < 100
    assert text.splitlines()[1] == "    parameter_number_0: dict[str, tuple[int, ...]],"


@pytest.mark.parametrize(
    "kind",
    [
        "bool",
        "str",
        "bytes",
        "tuple[int, ...]",
        "tuple[int, str]",
        "dict[str, list[float]]",
        "Optional[bytes]",
        "array[int32, (n,)]",
    ],
)
def test_every_type_gives_a_function_that_can_be_defined(kind):
    text = python_starter("solve", signature(kind, value=kind))
    namespace: dict[str, object] = {}
    exec(compile(ast.parse(text), "starter", "exec"), namespace)
    assert list(inspect.signature(namespace["solve"]).parameters) == ["value"]
    with pytest.raises(NotImplementedError):
        namespace["solve"](None)


def test_a_package_has_a_starter(package):
    assert package.load().starters["python3"].startswith("def total(values: list[int], scale: float) -> float:")


def test_a_starter_of_the_authors(package):
    package.write("starters/python3.py", "def total(values, scale):\n    ...\n")
    package.replace("judge.yaml", "tests:", "starters: {python3: starters/python3.py}\ntests:")
    assert package.load().starters == {"python3": "def total(values, scale):\n    ...\n"}


def test_a_starter_for_a_language_that_the_problem_does_not_take(package):
    error = package.replace("judge.yaml", "tests:", "starters: {cobol: x.cob}\ntests:").error()
    assert "unknown starters.cobol 'cobol'" in error.message
    assert error.line == 14


def test_cpp_types():
    typed = signature(
        "Optional[tuple[int, str]]", ids="list[int]", double="float", k="dict[str, bytes]", a="array[float32, (n,)]"
    )
    assert cpp_starter("solve", typed) == (
        "#include <bits/stdc++.h>\n\n"
        "std::optional<std::pair<long long, std::string>> solve(\n"
        "    const std::vector<long long>& ids,\n"
        "    double double_,\n"
        "    const std::map<std::string, std::vector<std::uint8_t>>& k,\n"
        "    const judge::Array<float>& a) {\n"
        '    throw std::logic_error("not implemented");\n'
        "}\n"
    )


def test_a_package_in_cpp_has_two_starters_and_integers_of_128_bits_if_it_says_so(package):
    package.replace("judge.yaml", "tests:", "languages: [python3, cpp20]\ninteger_bits: 128\ntests:")
    starters = package.load().starters
    assert sorted(starters) == ["cpp20", "python3"]
    assert "const std::vector<__int128>& values" in starters["cpp20"]


@pytest.mark.parametrize(
    ("number", "fits"), [(2**63 - 1, True), (-(2**63), True), (2**63, False), (-(2**63) - 1, False)]
)
def test_a_test_beyond_the_width_of_a_compiled_language_is_refused(number, fits):
    values = {"rows": [(1, [number, 0]), (2, [])]}
    place = {"test": "secret/one", "file": "judge.yaml", "line": 3}
    check_widths(("python3",), signature("int", rows="list[int]"), values, **place)
    if fits:
        check_widths(("cpp20",), signature("int", rows="list[int]"), values, **place)
        return
    with pytest.raises(
        SpecError, match=r"'secret/one': rows: expected integers of 64 bits.* found -?92233720368547758"
    ):
        check_widths(("cpp20",), signature("int", rows="list[int]"), values, **place)


def test_a_package_in_java_has_a_starter(package):
    package.replace("judge.yaml", "tests:", "languages: [python3, java17]\ntests:")
    assert "double total(long[] values, double scale)" in package.load().starters["java17"]


def test_a_package_that_java_cannot_express_does_not_load(package):
    package.replace("judge.yaml", "returns: float", "returns: dict[bytes, int]")
    error = package.replace("judge.yaml", "tests:", "languages: [python3, java17]\ntests:").error()
    assert "java17 has no type for dict[bytes, int]" in error.message


CACHE = signature_of_class(
    (
        Method(name="Cache", parameters=(Parameter(name="size", type=parse_type("int")),), returns=NOTHING),
        Method(name="put", parameters=(Parameter(name="new", type=parse_type("list[str]")),), returns=NOTHING),
        Method(name="get", parameters=(), returns=parse_type("Optional[tuple[int, float]]")),
    )
)


def test_a_class_in_cpp():
    body = '        throw std::logic_error("not implemented");\n    }\n'
    assert cpp_starter("Cache", CACHE) == (
        "#include <bits/stdc++.h>\n\nclass Cache {\n   public:\n"
        f"    Cache(long long size) {{\n{body}\n"
        f"    void put(const std::vector<std::string>& new_) {{\n{body}\n"
        f"    std::optional<std::pair<long long, double>> get() {{\n{body}}};\n"
    )


def test_a_class_in_java():
    body = '        throw new UnsupportedOperationException("not implemented");\n    }\n'
    assert java_starter("Cache", CACHE) == (
        "import java.util.List;\nimport judge.Tuple2;\n\nclass Cache {\n"
        f"    public Cache(long size) {{\n{body}\n"
        f"    public void put(List<String> new_) {{\n{body}\n"
        f"    public Tuple2<Long, Double> get() {{\n{body}}}\n"
    )


def test_a_class_of_wide_integers():
    wide = signature_of_class(CACHE.methods, 128)
    assert "Cache(__int128 size)" in cpp_starter("Cache", wide)
    assert "Cache(BigInteger size)" in java_starter("Cache", wide)
