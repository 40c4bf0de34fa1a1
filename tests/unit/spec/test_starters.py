"""Starter code: valid Python with the signature's types."""

from __future__ import annotations

import ast
import inspect

import pytest

from judge.model.signature import Parameter, Signature, parse_type
from judge.spec.starters import python_starter


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
