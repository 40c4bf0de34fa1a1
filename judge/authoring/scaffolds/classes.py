"""A new problem of kind ``class``: until the author has another idea, a list that tells its sum."""

from __future__ import annotations

from judge.authoring.scaffolds.names import Names

_JUDGE = """\
judge: 1
kind: class
entry_point: {type}
methods: # TODO: the constructor, under the class's name, and the methods
  {type}: {{parameters: {{start: int}}}}
  add: {{parameters: {{value: int}}}}
  total: {{returns: int}}
checker: exact
reference: {{file: reference/{name}.py}}
generator: {{file: generators/calls.py}}

# TODO: a group of tests for each mistake that candidates make, with a comment that says which
tests:
  - {{name: small, seed: 100, count: 4, params: {{size: 8}}}}
  - {{name: large, seed: 200, count: 3, params: {{size: 200}}}}
"""
_STATEMENT = """\
TODO: two or three sentences on where the problem comes from.

Write a class `{type}`. TODO: what it is for.

- `{type}(start)` TODO: makes a total that begins with `start`, an int.
- `add(value)` TODO: adds `value`, an int.
- `total()` TODO: returns the sum of `start` and of all that was added, an int.

## Rules

- TODO: bounds of the arguments, what a call must not change.

The `calls` of a test are made on one object and have one second of CPU time together.

## Examples

| `calls` | results |
|---|---|
| `[["{type}", 3], ["add", 4], ["total"]]` | TODO: what each call returns |
"""
_CLASS = '''\
"""{says}."""


class {type}:
    def __init__(self, start):
        self.sum = {start}

    def add(self, value):
        {add}

    def total(self):
        return {total}
'''
_GENERATOR = '''\
"""TODO: calls of the kinds that tell right from wrong. Draw from ``rng`` alone."""


def generate(rng, size):
    calls = [("{type}", rng.randint(1, 1000))]
    for _ in range(size):
        calls.append(("add", rng.randint(1, 1000)) if rng.random() < 0.6 else ("total",))
    return {{"calls": [*calls, ("total",)]}}
'''
_ADD = "self.sum += value"
_MISTAKE = "TODO: a mistake that candidates make; name the file after it"


def build(names: Names) -> dict[str, str]:
    """The files of the package."""

    def solution(says: str, start: str = "start", add: str = _ADD, total: str = "self.sum") -> str:
        return _CLASS.format(says=says, type=names.type, start=start, add=add, total=total)

    wrong = "submissions/wrong_answer"
    return {
        "problem.yaml": names.metadata(),
        "judge.yaml": _JUDGE.format(type=names.type, name=names.function),
        "statement/problem.en.md": _STATEMENT.format(type=names.type),
        "generators/calls.py": _GENERATOR.format(type=names.type),
        f"reference/{names.function}.py": solution("TODO: the right answers"),
        "data/sample/01.in": f'{{"calls": [["{names.type}", 3], ["add", 4], ["total"]]}}\n',
        "submissions/accepted/as_the_reference.py": solution("TODO: a solution as good candidates write it"),
        "submissions/accepted/another_idea.py": solution(
            "TODO: a solution by another idea",
            start="[start]",
            add="self.sum.append(value)",
            total="sum(self.sum)",
        ),
        f"{wrong}/first_mistake.py": solution(_MISTAKE, start="0"),
        f"{wrong}/second_mistake.py": solution(_MISTAKE, add="self.sum = value"),
        f"{wrong}/third_mistake.py": solution(_MISTAKE, total="self.sum + 1"),
    }
