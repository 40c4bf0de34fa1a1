"""A new problem of kind ``tests``: until the author has another idea, tests of a function that sums up."""

from __future__ import annotations

from judge.authoring.scaffolds.names import Names

_JUDGE = """\
judge: 1
kind: tests
entry_point: {name}
signature: # TODO: of the function that is tested
  parameters: {{values: "list[int]", start: int}}
  returns: int
implementations: # TODO: right ones that differ, and one mutant for each mistake that tests must find
  right: {{with-sum: tested/with_sum.py, with-a-loop: tested/with_a_loop.py}}
  mutants:
    forgets-start: tested/forgets_start.py
    forgets-the-last: tested/forgets_the_last.py
    all-positive: tested/all_positive.py
  calls: 1000
  memory: 256MiB
"""
_STATEMENT = """\
TODO: two or three sentences on where the problem comes from. Write the tests that tell a right implementation from a
wrong one.

The function is `{name}(values, start)`. TODO: what it does. Until this is decided: it returns the sum of `values`, a
list of ints, and of `start`, an int.

## What to write

A module with functions whose names begin with `test`. Each calls `{name}`, which is there without an import, and fails
by raising an exception, as `assert` does.

## Rules

- The tests are run on several right implementations: no test may fail on any of them.
- They are run on several wrong ones: on each, at least one test must fail.
- TODO: what the right ones may differ in.
- All tests together have one second of CPU time on each implementation, and may call it 1000 times.

## Examples

| `values` | `start` | result |
|---|---|---|
| `[1, 2]` | `3` | TODO |
"""
_TESTED = {
    "with_sum": "    return sum(values) + start\n",
    "with_a_loop": "    for value in values:\n        start += value\n    return start\n",
    "forgets_start": "    return sum(values)\n",
    "forgets_the_last": "    return sum(values[:-1]) + start\n",
    "all_positive": "    return sum(map(abs, values)) + start\n",
}
_GOOD = [(([1, 2], 3), 6), (([-4, 5], 0), 1)]
_MISTAKE = "TODO: a mistake that candidates make; name the file after it"


def build(names: Names) -> dict[str, str]:
    """The files of the package."""
    name = names.function

    def suite(says: str, *tests: tuple[tuple[list[int], int], int]) -> str:
        made = [
            f"def test_{at}():\n    assert {name}{given} == {value}\n" for at, (given, value) in enumerate(tests, 1)
        ]
        return f'"""{says}."""\n\n\n' + "\n\n".join(made)

    tested = {
        f"tested/{file}.py": f'"""TODO: {file.replace("_", " ")}."""\n\n\ndef {name}(values, start):\n{body}'
        for file, body in _TESTED.items()
    }
    wrong = "submissions/wrong_answer"
    return {
        "problem.yaml": names.metadata(),
        "judge.yaml": _JUDGE.format(name=name),
        "statement/problem.en.md": _STATEMENT.format(name=name),
        **tested,
        "submissions/accepted/as_many_as_needed.py": suite("TODO: tests as good candidates write them", *_GOOD),
        "submissions/accepted/one_more.py": suite("TODO: other tests that are right", *_GOOD, (([], 5), 5)),
        f"{wrong}/first_mistake.py": suite(_MISTAKE, (([], 0), 0)),
        f"{wrong}/second_mistake.py": suite(_MISTAKE, (([0], 2), 2)),
        f"{wrong}/third_mistake.py": suite(_MISTAKE, (([1, 2], 3), 7)),
    }
