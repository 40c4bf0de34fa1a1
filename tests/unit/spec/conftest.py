"""A small package that is right, to be changed by a test in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from judge.errors import SpecError
from judge.model.problem import Problem
from judge.spec.compiler import compile_plan
from judge.spec.loader import load_problem
from judge.testing import InProcessSandbox

FILES = {
    "problem.yaml": """\
problem_format_version: 2025-09
name: Sum and order
uuid: 5b2b0f6e-0000-4000-8000-000000000001
credits: An Author
license: cc by
limits:
  time_limit: 1.5
  memory: 64
""",
    "judge.yaml": """\
judge: 1
kind: function
entry_point: total
signature:
  parameters:
    values: list[int]
    scale: float
  returns: float
checker:
  name: float
  rtol: 1.0e-9
reference: {file: author/solution.py}
generator: {file: author/numbers_of.py}
tests:
  - {name: small, seed: 5, count: 3, params: {size: 4}}
  - name: larger
    seed: 50
    params:
      size: 30
submissions:
  wrong_answer/unscaled.py: {verdict: WRONG_ANSWER, reason: wrong_value}
""",
    "statement/problem.en.md": "Add the values, times the scale.\n",
    "data/sample/01.in": '{"values": [1, 2], "scale": 0.5}\n',
    "data/sample/01.ans": "1.5\n",
    "data/secret/empty.in": '{"values": [], "scale": 1}\n',
    "author/solution.py": (
        "from helper import scaled\n\n\ndef total(values, scale):\n    return scaled(sum(values), scale)\n"
    ),
    "author/helper.py": "def scaled(value, scale):\n    return value * scale\n",
    "author/numbers_of.py": (
        "def generate(rng, size):\n"
        '    return {"values": [rng.randint(-9, 9) for _ in range(size)], "scale": rng.random()}\n'
    ),
    "submissions/accepted/loop.py": (
        "def total(values, scale):\n    s = 0\n    for v in values:\n        s += v\n    return s * scale\n"
    ),
    "submissions/wrong_answer/unscaled.py": "def total(values, scale):\n    return sum(values)\n",
}


class Package:
    """A package in a directory of its own; every method that changes it returns it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str | bytes) -> Package:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def replace(self, name: str, old: str, new: str) -> Package:
        text = (self.root / name).read_text()
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        return self.write(name, text.replace(old, new))

    def remove(self, name: str) -> Package:
        (self.root / name).unlink()
        return self

    def load(self) -> Problem:
        return load_problem(self.root)

    def error(self) -> SpecError:
        """The error of loading."""
        with pytest.raises(SpecError) as caught:
            self.load()
        return caught.value

    def compile_error(self) -> SpecError:
        """The error of compiling; loading succeeds."""
        problem = self.load()
        with pytest.raises(SpecError) as caught:
            compile_plan(problem, InProcessSandbox())
        return caught.value


@pytest.fixture
def package(tmp_path: Path) -> Package:
    return Package(tmp_path / "sums" / "sum-and-order")


@pytest.fixture
def new_package(tmp_path: Path) -> Callable[[str], Package]:
    """Makes the same package again, under ``family/slug``."""
    return lambda name: Package(tmp_path / name)
