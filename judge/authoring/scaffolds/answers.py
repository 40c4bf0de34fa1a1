"""A new problem of kind ``answer``: until the author has another idea, running totals, handed in as files."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import accumulate

from judge.authoring.scaffolds.names import Names

_JUDGE = """\
judge: 1
kind: answer
signature:
  parameters: {{values: "list[int]"}} # TODO: what an input is
  returns: list[int]
checker: exact # TODO: who judges an answer? docs/checkers has a page for each
reference: {{file: reference/{name}.py, function: {name}}}
"""
_STATEMENT = """\
TODO: two or three sentences on where the problem comes from, and where candidates find the inputs.

For each input `values`, a list of ints, hand in a file with TODO: what, as JSON. Until this is decided: the running
totals. A file has the name of its input and the ending `.json`.

## Rules

- TODO: what an answer must keep to.

## Examples

| `values` | `answer` |
|---|---|
| `[3, 1, 4]` | TODO |
"""
_INPUTS = {"example": [3, 1, 4], "first": [2, 7, 1, 8], "second": [5, 5, 9], "third": [1, 6, 1, 8, 3]}
_REFERENCE = '''\
"""TODO: the right answers."""

from itertools import accumulate


def {name}(values):
    return list(accumulate(values))
'''


def build(names: Names) -> dict[str, str]:
    """The files of the package."""
    files = {
        "problem.yaml": names.metadata("submit-answer"),
        "judge.yaml": _JUDGE.format(name=names.function),
        "statement/problem.en.md": _STATEMENT,
        f"reference/{names.function}.py": _REFERENCE.format(name=names.function),
    }
    for name, values in _INPUTS.items():
        group = "sample" if name == "example" else "secret"
        files[f"data/{group}/{name}.in"] = f"{json.dumps({'values': values})}\n"
    files |= _handed_in("accepted/totals", lambda values: list(accumulate(values)))
    files |= _handed_in("accepted/totals_without_spaces", lambda values: list(accumulate(values)), (",", ":"))
    files |= _handed_in("wrong_answer/values_themselves", lambda values: values)
    files |= _handed_in("wrong_answer/one_too_many", lambda values: [total + 1 for total in accumulate(values)])
    files |= _handed_in("wrong_answer/reversed", lambda values: list(accumulate(values))[::-1])
    return files


def _handed_in(
    name: str, solve: Callable[[list[int]], list[int]], separators: tuple[str, str] = (", ", ": ")
) -> dict[str, str]:
    answers = {test: json.dumps(solve(values), separators=separators) for test, values in _INPUTS.items()}
    return {f"submissions/{name}/{test}.json": f"{answer}\n" for test, answer in answers.items()}
