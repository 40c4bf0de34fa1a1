"""Small packages of the kinds that are not plain functions, each right."""

from __future__ import annotations

from tests.unit.spec.conftest import Package

COUNTER = """\
judge: 1
kind: class
entry_point: Counter
methods:
  Counter: {parameters: {start: int}}
  add: {parameters: {n: int}}
  total: {parameters: {scale: float}, returns: float}
checker: {name: float, rtol: 1.0e-9}
reference: {file: author/solution.py}
generator: {file: author/numbers_of.py}
tests:
  - {name: small, seed: 5, count: 3, params: {size: 4}}
"""
COUNTER_FILES = {
    "author/solution.py": (
        "class Counter:\n    def __init__(self, start):\n        self.sum = start\n\n"
        "    def add(self, n):\n        self.sum += n\n        return self\n\n"
        "    def total(self, scale):\n        return self.sum * scale\n"
    ),
    "author/numbers_of.py": (
        "def generate(rng, size):\n"
        '    calls = [("add", rng.randint(-9, 9)) for _ in range(size)]\n'
        '    return {"calls": [("Counter", 3), *calls, ("total", 0.5)]}\n'
    ),
    "data/sample/01.in": '{"calls": [["Counter", 1], ["add", 2], ["total", 1]]}\n',
    "data/sample/01.ans": "[null, null, 3]\n",
}

SUITE = """\
judge: 1
kind: tests
entry_point: double
signature: {parameters: {n: int}, returns: int}
implementations:
  right: {sum: tested/adding.py}
  mutants: {square: tested/square.py, refuses: tested/refusing.py}
"""
SUITE_FILES = {
    "tested/adding.py": "def double(n):\n    return n + n\n",
    "tested/square.py": "def double(n):\n    return n * n\n",
    "tested/refusing.py": "def double(n):\n    if n > 9:\n        raise KeyError(n)\n    return 2 * n\n",
}

QUERY = """\
judge: 1
kind: sql
tables:
  sales: {shop: str, amount: "Optional[int]", returned: bool}
returns: {shop: str, total: int, any_returned: bool}
checker: {name: rows, rtol: 0, atol: 0}
reference: {file: author/query.sql}
"""
QUERY_FILES = {
    "author/query.sql": "SELECT shop, COALESCE(SUM(amount), 0), MAX(returned) FROM sales GROUP BY shop",
    "data/sample/01.in": '{"sales": [["a", 1, false], ["a", 2, true], ["b", null, false]]}\n',
    "data/secret/none.in": '{"sales": []}\n',
}


def remade(package: Package, judge: str, files: dict[str, str]) -> Package:
    """The package with another ``judge.yaml`` and other files; its submissions and tests go."""
    for name in ("submissions/accepted/loop.py", "submissions/wrong_answer/unscaled.py", "data/sample/01.in"):
        package.remove(name)
    for name in ("data/sample/01.ans", "data/secret/empty.in"):
        package.remove(name)
    for name, text in files.items():
        package.write(name, text)
    return package.write("judge.yaml", judge)
