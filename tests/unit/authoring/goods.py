"""Small packages in which ``judge problem verify`` finds nothing, to be spoiled by a test in one place."""

from __future__ import annotations

from pathlib import Path

METADATA = """\
problem_format_version: 2025-09
name: {name}
uuid: 5b2b0f6e-0000-4000-8000-000000000001
credits: {{authors: An Author}}
source: A book
license: cc by
limits: {{time_limit: 1, memory: 256}}
"""

TOTALS = {
    "problem.yaml": METADATA.format(name="Running totals"),
    "judge.yaml": """\
judge: 1
kind: function
entry_point: totals
signature:
  parameters:
    values: list[int]
    start: int
  returns: list[int]
checker: exact
reference: {file: author/totals.py}
generator: {file: author/numbers_of.py}
tests:
  - {name: small, seed: 5, count: 3, params: {size: 4, largest: 9}}
  - {name: large, seed: 50, count: 2, params: {size: 300, largest: 1000}}
bounds:
  values.length: [0, 300]
  values[]: [-1000, 1000]
submissions:
  wrong_answer/forgets_start.py: {verdict: WRONG_ANSWER, reason: wrong_value}
  wrong_answer/sum_alone.py: {verdict: WRONG_ANSWER, reason: wrong_shape}
  run_time_error/no_values.py: {verdict: RUNTIME_ERROR, reason: exception}
""",
    "statement/problem.en.md": """\
Write `totals(values, start)`: the totals of `values`, one after the other, beginning with `start`.

There are up to 300 values, from -1000 to 1000. Each test has one second of CPU time.

## Examples

| `values` | `start` | answer |
|---|---|---|
| `[1, 2]` | `3` | `[4, 6]` |
| `[]` | `1` | `[]` |
""",
    "data/sample/01.in": '{"values": [1, 2], "start": 3}\n',
    "data/sample/01.ans": "[4, 6]\n",
    "data/sample/02.in": '{"values": [], "start": 1}\n',
    "author/totals.py": (
        "def totals(values, start):\n    made = []\n    for value in values:\n        start += value\n"
        "        made.append(start)\n    return made\n"
    ),
    "author/numbers_of.py": (
        "def generate(rng, size, largest):\n"
        "    values = [rng.randint(-largest, largest) for _ in range(size)]\n"
        "    values[0], values[-1] = -largest, largest\n"
        '    return {"values": values, "start": rng.randint(1, 9)}\n'
    ),
    "submissions/accepted/loop.py": (
        "def totals(values, start):\n    made = []\n    for value in values:\n        start = start + value\n"
        "        made.append(start)\n    return made\n"
    ),
    "submissions/accepted/accumulate.py": (
        "from itertools import accumulate\n\n\ndef totals(values, start):\n"
        "    return list(accumulate(values, initial=start))[1:]\n"
    ),
    "submissions/wrong_answer/forgets_start.py": (
        "from itertools import accumulate\n\n\ndef totals(values, start):\n    return list(accumulate(values))\n"
    ),
    "submissions/wrong_answer/sum_alone.py": "def totals(values, start):\n    return [sum(values) + start]\n",
    "submissions/run_time_error/no_values.py": (
        "def totals(values, start):\n    return [start] * (len(values) // len(values[3:]))\n"
    ),
}

MEAN = {
    "problem.yaml": METADATA.format(name="Mean"),
    "judge.yaml": """\
judge: 1
kind: function
entry_point: mean
signature: {parameters: {values: "list[float]"}, returns: float}
checker: {name: float, rtol: 1.0e-9, atol: 0}
reference: {file: author/mean.py}
generator: {file: author/values_of.py}
tests:
  - {name: some, seed: 5, count: 6, params: {size: 40}}
""",
    "statement/problem.en.md": (
        "Write `mean(values)`: their mean. Each test has one second of CPU time.\n\n## Example\n\n"
        "`values = [1.0, 2.0]`: 1.5\n"
    ),
    "data/sample/01.in": '{"values": [1.0, 2.0]}\n',
    "author/mean.py": "import math\n\n\ndef mean(values):\n    return math.fsum(values) / len(values)\n",
    "author/values_of.py": (
        'def generate(rng, size):\n    return {"values": [rng.uniform(1, 5) for _ in range(size)]}\n'
    ),
    "submissions/accepted/sum.py": "def mean(values):\n    return sum(values) / len(values)\n",
    "submissions/accepted/statistics_module.py": (
        "import statistics\n\n\ndef mean(values):\n    return float(statistics.fmean(values))\n"
    ),
    "submissions/wrong_answer/median.py": "def mean(values):\n    return sorted(values)[len(values) // 2]\n",
    "submissions/wrong_answer/one_less.py": "def mean(values):\n    return sum(values) / (len(values) - 1)\n",
    "submissions/wrong_answer/sum_alone.py": "def mean(values):\n    return float(sum(values))\n",
}

DRAW = {
    "problem.yaml": METADATA.format(name="A draw"),
    "judge.yaml": """\
judge: 1
kind: function
entry_point: draw
signature: {parameters: {weights: "list[float]", seed: int}, returns: "list[int]"}
isolation: submission
checker: {name: sampler, seed: seed, calls: 60, alpha: 1.0e-6}
reference: {file: author/law.py, function: law}
alternatives:
  uniform: {file: author/law.py}
generator: {file: author/weights_of.py}
tests:
  - {name: some, seed: 5, count: 2, params: {rows: 8}}
""",
    "statement/problem.en.md": (
        "Write `draw(weights, seed)`: one index for each. Each call has one second of CPU time.\n\n## Example\n\n"
        "`weights = [1.0, 3.0]`\n"
    ),
    "data/sample/01.in": '{"weights": [1.0, 3.0]}\n',
    "author/law.py": (
        "import numpy as np\n\n\ndef law(weights):\n    total = sum(weights)\n"
        "    return np.array([[w / total for w in weights]] * len(weights))\n\n\n"
        "def uniform(weights):\n    return np.full((len(weights), len(weights)), 1 / len(weights))\n"
    ),
    "author/weights_of.py": (
        'def generate(rng, rows):\n    return {"weights": [rng.random() + at * at / 2 for at in range(rows)]}\n'
    ),
    "submissions/accepted/choices.py": (
        "import random\n\n\ndef draw(weights, seed):\n    rng = random.Random(seed)\n"
        "    return rng.choices(range(len(weights)), weights, k=len(weights))\n"
    ),
    "submissions/accepted/numpy_choice.py": (
        "import numpy as np\n\n\ndef draw(weights, seed):\n    p = np.array(weights) / sum(weights)\n"
        "    return np.random.default_rng(seed % 2**63).choice(len(p), size=len(p), p=p).tolist()\n"
    ),
    "submissions/wrong_answer/uniform.py": (
        "import random\n\n\ndef draw(weights, seed):\n    rng = random.Random(seed)\n"
        "    return [rng.randrange(len(weights)) for _ in weights]\n"
    ),
    "submissions/wrong_answer/ignores_seed.py": "def draw(weights, seed):\n    return [1] * len(weights)\n",
    "submissions/wrong_answer/largest.py": (
        "def draw(weights, seed):\n    return [weights.index(max(weights))] * len(weights)\n"
    ),
}

ANY_LARGER = {  # an answer is any number above the sum: a checker of the author's decides
    "problem.yaml": METADATA.format(name="A larger number"),
    "judge.yaml": """\
judge: 1
kind: function
entry_point: larger
signature: {parameters: {numbers: "list[int]"}, returns: int}
checker: {name: custom, file: author/check.py}
reference: {file: author/larger.py}
generator: {file: author/numbers_of.py}
tests:
  - {name: some, seed: 5, count: 3, params: {size: 40}}
waivers:
  - {rule: checker-mutations, about: number-plus-*, reason: any larger number is right}
""",
    "statement/problem.en.md": (
        "Write `larger(numbers)`. Each test has one second of CPU time.\n\n## Example\n\n`numbers = [1, 2]`\n"
    ),
    "data/sample/01.in": '{"numbers": [1, 2]}\n',
    "author/check.py": 'def check(arguments, expected, answer):\n    return answer > sum(arguments["numbers"])\n',
    "author/larger.py": "def larger(numbers):\n    return sum(numbers) + 1\n",
    "author/numbers_of.py": (
        'def generate(rng, size):\n    return {"numbers": [rng.randint(1, 99) for _ in range(size)]}\n'
    ),
    "submissions/accepted/next.py": "def larger(numbers):\n    return sum(numbers) + 1\n",
    "submissions/accepted/far.py": "def larger(numbers):\n    return sum(numbers) + 10**6\n",
    "submissions/wrong_answer/equal.py": "def larger(numbers):\n    return sum(numbers)\n",
    "submissions/wrong_answer/largest.py": "def larger(numbers):\n    return max(numbers)\n",
    "submissions/wrong_answer/length.py": "def larger(numbers):\n    return len(numbers)\n",
}

_VALIDATOR = """\
import re, sys

text = sys.stdin.read()
sys.exit(42 if re.fullmatch(r"-?[1-9][0-9]* -?[1-9][0-9]*\\n", text) else 43)
"""
PLAIN = {
    "problem.yaml": METADATA.format(name="Sum"),
    "statement/problem.en.md": "Add.\n",
    "input_validators/check.py": _VALIDATOR,
    "data/sample/1.in": "1 2\n",
    "data/sample/1.ans": "3\n",
    "data/secret/01.in": "10 20\n",
    "data/secret/01.ans": "30\n",
    "data/secret/02.in": "10 -20\n",
    "data/secret/02.ans": "-10\n",
    "data/secret/03.in": "-7 5\n",
    "data/secret/03.ans": "-2\n",
    "submissions/accepted/sum.py": "print(sum(map(int, input().split())))\n",
    "submissions/accepted/plus.py": "a, b = input().split()\nprint(int(a) + int(b))\n",
    "submissions/wrong_answer/absolute.py": "print(sum(abs(int(word)) for word in input().split()))\n",
    "submissions/wrong_answer/first.py": "print(input().split()[0])\n",
    "submissions/wrong_answer/product.py": "a, b = input().split()\nprint(int(a) * int(b))\n",
}

OFFSETS = {  # judged by how answers change with the arguments
    "problem.yaml": METADATA.format(name="Offsets"),
    "judge.yaml": """\
judge: 1
kind: function
entry_point: offsets
signature: {parameters: {values: "list[float]"}, returns: "list[float]"}
checker:
  name: metamorphic
  relations:
    - {kind: permute, parameters: {values: rows}, answer: rows}
    - {kind: shift, parameters: {values: 1}, by: 8}
    - {kind: scale, parameters: {values: 1}, by: 2, answer: 1}
reference: {file: author/offsets.py}
generator: {file: author/values_of.py}
tests:
  - {name: some, seed: 5, count: 3, params: {size: 9}}
""",
    "statement/problem.en.md": (
        "Write `offsets(values)`: each less the smallest. Each test has one second of CPU time.\n\n## Example\n\n"
        "`values = [1.0, 3.0]`: `[0.0, 2.0]`\n"
    ),
    "data/sample/01.in": '{"values": [1.0, 3.0]}\n',
    "author/offsets.py": "def offsets(values):\n    return [value - min(values) for value in values]\n",
    "author/values_of.py": (
        'def generate(rng, size):\n    return {"values": [rng.uniform(1, 5) for _ in range(size)]}\n'
    ),
    "submissions/accepted/list.py": (
        "def offsets(values):\n    least = min(values)\n    return [value - least for value in values]\n"
    ),
    "submissions/accepted/sorted.py": (
        "def offsets(values):\n    least = sorted(values)[0]\n    return [value - least for value in values]\n"
    ),
    "submissions/wrong_answer/from_first.py": (
        "def offsets(values):\n    return [value - values[0] for value in values]\n"
    ),
    "submissions/wrong_answer/themselves.py": "def offsets(values):\n    return [value + 0.0 for value in values]\n",
    "submissions/wrong_answer/squared.py": (
        "def offsets(values):\n    return [(value - min(values)) ** 2 for value in values]\n"
    ),
}

GOODS = {"totals": TOTALS, "mean": MEAN, "draw": DRAW, "larger": ANY_LARGER, "plain": PLAIN, "offsets": OFFSETS}


class Good:
    """A package on disk; every method that changes it returns it."""

    def __init__(self, root: Path, name: str) -> None:
        self.root = root
        for file, text in GOODS[name].items():
            self.write(file, text)

    def write(self, name: str, text: str | bytes) -> Good:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def replace(self, name: str, old: str, new: str) -> Good:
        text = (self.root / name).read_text()
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        return self.write(name, text.replace(old, new))

    def remove(self, *names: str) -> Good:
        for name in names:
            (self.root / name).unlink()
        return self

    def link(self, name: str, target: str) -> Good:
        (self.root / name).symlink_to(target)
        return self
