"""The format of EvalPlus: HumanEval+ as ``prompt``, ``entry_point``, ``canonical_solution``, ``base_input``,
``plus_input`` and ``atol``.

An input is a list of arguments, and what the canonical solution returns for it is expected. An answer is right when it
equals that; or, where ``atol`` is above zero or the expected value is a float or a list or tuple of floats (``atol`` is
then 1e-6), when it has the same type and length and ``numpy.allclose(answer, expected, rtol=1e-7, atol=atol)`` holds.
``find_zero`` is the one task with a rule of its own: the polynomial's value at the answer is at most ``atol``. These
are the rules of EvalPlus 0.3.1. ``contract`` is about inputs that are yet to be made, and is not looked at.

MBPP+ is refused: which of its lists are tuples or sets is written in EvalPlus' program, not in the file.
"""

from __future__ import annotations

from typing import Any

import msgspec

from judge.errors import SpecError
from judge.model.conform import describe
from judge.spec.examined import Task
from judge.spec.humaneval import slug_of, text_of
from judge.spec.limits import SECOND

_CPU_NS = 20 * SECOND  # of all inputs together
_TESTS = """
import copy
import json
import math

_scope = {{}}
exec({solution!r}, _scope)
_reference = _scope[{entry!r}]
_inputs = json.loads({inputs!r})


def _floats(value):
    if isinstance(value, (list, tuple)) and value:
        return all(isinstance(item, float) for item in value)
    return isinstance(value, float)


def _right(answer, expected, arguments):
    if {entry!r} == "find_zero":
        return abs(sum(factor * math.pow(answer, power) for power, factor in enumerate(*arguments))) <= {atol!r}
    if answer == expected:
        return True
    atol = {atol!r} or (1e-6 if _floats(expected) else 0)
    if not atol or type(answer) is not type(expected):
        return False
    if isinstance(expected, (list, tuple)) and len(answer) != len(expected):
        return False
    return bool(__import__("numpy").allclose(answer, expected, rtol=1e-07, atol=atol))


def check(candidate):
    for arguments in _inputs:
        expected = _reference(*copy.deepcopy(arguments))
        assert _right(candidate(*arguments), expected, arguments)
"""


def read_task(line: dict[str, Any], file: str, number: int) -> Task:
    """Returns the task of a line. Raises SpecError."""
    names = ("task_id", "prompt", "entry_point", "canonical_solution")
    task_id, prompt, entry_point, canonical = (text_of(line, key, file, number) for key in names)
    if task_id.lower().startswith("mbpp/"):
        message = f"task {task_id!r}: MBPP+ is not supported: the file does not say which of its lists are tuples"
        raise SpecError(message, file=file, line=number)
    base, plus = (_inputs(line, key, file, number) for key in ("base_input", "plus_input"))
    atol = line.get("atol", 0)
    if type(atol) not in (int, float) or not 0 <= atol < 1:
        raise SpecError(f"atol: expected a number from 0 to 1, found {describe(atol)}", file=file, line=number)
    return Task(
        task_id=task_id,
        slug=slug_of(task_id, file, number),
        entry_point=entry_point,
        prompt=prompt,
        tests=_TESTS.format(
            solution=prompt + canonical,
            entry=entry_point,
            inputs=msgspec.json.encode(base + plus).decode(),
            atol=atol,
        ),
        solution=prompt + canonical,
        file=file,
        line=number,
        base_calls=len(base),
        cpu_ns=_CPU_NS,
    )


def _inputs(line: dict[str, Any], key: str, file: str, number: int) -> list[list[Any]]:
    value = line.get(key)
    if not isinstance(value, list) or not all(isinstance(arguments, list) for arguments in value):
        found = "none" if key not in line else describe(value)
        raise SpecError(f"{key}: expected a list of lists of arguments, found {found}", file=file, line=number)
    return value
