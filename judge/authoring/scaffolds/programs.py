"""A new problem of kind ``stdio``: until the author has another idea, running totals of the numbers that are read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from judge.authoring.scaffolds.names import Names

_JUDGE = """\
judge: 1
kind: stdio
languages: [python3, c, cpp20, java17]
checker: tokens # TODO: who judges an output? tokens, lines, exact, or a program of yours: validator
reference: {{file: reference/{name}.py}}
generator: {{file: generators/inputs.py}}

# TODO: a group of tests for each mistake that candidates make, with a comment that says which
tests:
  - {{name: small, seed: 100, count: 4, params: {{size: 5}}}}
  - {{name: large, seed: 200, count: 3, params: {{size: 40}}}}
"""
_STATEMENT = """\
TODO: two or three sentences on where the problem comes from.

Your program reads standard input: a line with n, then a line with n integers. It writes TODO: what. Until this is
decided: the running totals, in a line.

## Rules

- TODO: bounds of what is read, ties, tolerances.

Each test has one second of CPU time.

## Examples

| Input | Output |
|---|---|
| `{given}` | `{totals}` |
"""
_GENERATOR = '''\
"""TODO: inputs for each group of tests; everything is drawn from rng."""


def generate(rng, size):
    values = [rng.randrange(-100, 101) for _ in range(size)]
    return f"{size}\\n{' '.join(map(str, values))}\\n"
'''
_SOLUTION = '''\
"""{says}."""

{head}n = int(input())
values = list(map(int, input().split()))
print(*{answer})
'''
_VALIDATOR = '''\
"""TODO: what an input file may hold."""

import re
import sys

text = sys.stdin.buffer.read()
match = re.fullmatch(rb"([1-9][0-9]{0,4})\\n((?:-?[0-9]{1,9} )*-?[0-9]{1,9})\\n", text)
sys.exit(42 if match and len(match[2].split()) == int(match[1]) else 43)
'''
_LIBRARY, _IMPORT = "accumulate(values)", "from itertools import accumulate\n\n"
_SAMPLE, _FIRST = (3, 1, 4), (-2, 7, 1, -8)
_MISTAKE = "TODO: a mistake that candidates make; name the file after it"


def build(names: Names) -> dict[str, str]:
    """The files of the package."""
    right = _solution("TODO: a solution as good candidates write it", _LIBRARY, _IMPORT)
    other = "[sum(values[: at + 1]) for at in range(n)]"
    wrong = "submissions/wrong_answer"
    return {
        "problem.yaml": names.metadata(),
        "judge.yaml": _JUDGE.format(name=names.function),
        "statement/problem.en.md": _STATEMENT.format(
            given=_input(_SAMPLE).strip().replace("\n", "` `"), totals=" ".join(map(str, accumulate(_SAMPLE)))
        ),
        "generators/inputs.py": _GENERATOR,
        "input_validators/check.py": _VALIDATOR,
        f"reference/{names.function}.py": _solution("TODO: the right answer", _LIBRARY, _IMPORT),
        "data/sample/01.in": _input(_SAMPLE),
        "data/sample/01.ans": " ".join(map(str, accumulate(_SAMPLE))) + "\n",
        "data/secret/01-negative.in": _input(_FIRST),
        "submissions/accepted/first_idea.py": right,
        "submissions/accepted/another_idea.py": _solution("TODO: a solution by another idea", other),
        f"{wrong}/first_mistake.py": _solution(_MISTAKE, "values"),
        f"{wrong}/second_mistake.py": _solution(_MISTAKE, "[*accumulate(values)][:-1]", _IMPORT),
        f"{wrong}/third_mistake.py": _solution(_MISTAKE, "accumulate(map(abs, values))", _IMPORT),
    }


def _solution(says: str, answer: str, head: str = "") -> str:
    return _SOLUTION.format(says=says, answer=answer, head=head)


def _input(values: Sequence[int]) -> str:
    return f"{len(values)}\n{' '.join(map(str, values))}\n"
