"""Bounds and waivers in judge.yaml: what they may say, and which numbers a bound's path names."""

from __future__ import annotations

import numpy as np
import pytest

from judge.spec.bounds import parts_of
from judge.spec.compiler import compile_plan
from judge.testing import InProcessSandbox
from tests.unit.spec.conftest import Package

ARGUMENTS = {
    "ids": [3, 1],
    "edges": [(1, 2.5), (4, 0.5)],
    "counts": {"a": [7], "b": []},
    "matrix": np.array([[1.0, -2.0], [5.0, 0.0]]),
    "nothing": None,
}


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("ids.length", [2]),
        ("ids[]", [3, 1]),
        ("edges[].1", [2.5, 0.5]),
        ("counts[].length", [1, 0]),
        ("counts.keys[].length", [1, 1]),
        ("counts[][]", [7]),
        ("matrix[][]", [-2.0, 5.0]),
        ("matrix[].length", [2, 2]),
        ("nothing", []),
    ],
)
def test_a_path_names_numbers(path: str, parts: list[float]) -> None:
    assert list(parts_of(path, ARGUMENTS)) == parts


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bounds: {value.length: [0, 1]}", "unknown parameter 'value': did you mean 'values'?"),
        ("bounds: {values: [0, 1]}", "expected a number, found list[int]"),
        ("bounds: {scale.length: [0, 1]}", "expected something with a length, found float"),
        ("bounds: {'values[].0': [0, 1]}", "a value of the type int has no part '.0'"),
        ("bounds: {'values..': [0, 1]}", "expected a parameter, then"),
        ("bounds: {values.length: [5, 1]}", "expected a range, found 5 to 1"),
        ("bounds: {values.length: [1]}", "expected the least and the largest, found [1]"),
        ("waivers: [{rule: idle-test}]", "missing key 'waivers.0.reason'"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(package: Package, text: str, message: str) -> None:
    before = (package.root / "judge.yaml").read_text()
    error = package.write("judge.yaml", f"{before}{text}\n").error()
    assert message in str(error)
    assert error.line == before.count("\n") + 1


def test_bounds_and_waivers_are_read_and_are_no_part_of_the_plan(package: Package) -> None:
    before = compile_plan(package.load(), InProcessSandbox()).digest
    text = (package.root / "judge.yaml").read_text()
    added = "bounds: {'values[]': [-9, null]}\nwaivers: [{rule: idle-test, reason: it is an example}]\n"
    problem = package.write("judge.yaml", text + added).load()
    assert [(bound.path, bound.low, bound.high) for bound in problem.bounds] == [("values[]", -9, None)]
    assert [(waiver.rule, waiver.reason, waiver.file) for waiver in problem.waivers] == [
        ("idle-test", "it is an example", "")
    ]
    assert compile_plan(problem, InProcessSandbox()).digest == before
