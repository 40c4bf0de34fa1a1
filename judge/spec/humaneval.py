"""The format of human-eval: ``task_id``, ``prompt``, ``entry_point``, ``test`` and perhaps ``canonical_solution``.

A completion continues the prompt, which holds imports, helper functions and the stub of the asked function; ``test``
defines ``check(candidate)``.
"""

from __future__ import annotations

import re
from typing import Any

from judge.errors import SpecError
from judge.model.conform import describe
from judge.spec.examined import Task

_TASK_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\Z")


def read_task(line: dict[str, Any], file: str, number: int) -> Task:
    """Returns the task of a line. Raises SpecError."""
    texts = {key: text_of(line, key, file, number) for key in ("task_id", "prompt", "entry_point", "test")}
    solution = line.get("canonical_solution")
    if solution is not None:
        solution = texts["prompt"] + text_of(line, "canonical_solution", file, number)
    return Task(
        task_id=texts["task_id"],
        slug=slug_of(texts["task_id"], file, number),
        entry_point=texts["entry_point"],
        prompt=texts["prompt"],
        tests=texts["test"],
        solution=solution,
        file=file,
        line=number,
    )


def text_of(line: dict[str, Any], key: str, file: str, number: int) -> str:
    """The text of a key. Raises SpecError."""
    value = line.get(key)
    if not isinstance(value, str):
        found = "none" if key not in line else describe(value)
        raise SpecError(f"{key}: expected a text, found {found}", file=file, line=number)
    return value


def slug_of(task_id: str, file: str, number: int) -> str:
    """The problem's slug: the task's name in small letters. Raises SpecError."""
    if not _TASK_ID.match(task_id):
        raise SpecError(f"task_id: expected a name such as 'HumanEval/0', found {task_id!r}", file=file, line=number)
    return task_id.lower()
