"""SandboxFusion's data sets, as far as they can be read: rows of ``MBPPDataset``.

A row has ``id``, ``content`` (the task in words), ``test`` (a list of ``assert`` statements, or that list as JSON text)
and ``labels`` (an object, or JSON text) with ``test_setup_code``. The assertions call one function by its name, which
the row does not tell: it is the one name among those they call that is neither built in nor defined by the setup.

Rows of other data sets (``HumanEvalDataset``, ``AutoEvalDataset``, those with standard input) are refused: a row whose
tests are not such a list.
"""

from __future__ import annotations

import ast
import builtins
import textwrap
from typing import Any

import msgspec

from judge.errors import SpecError
from judge.model.conform import describe
from judge.spec.examined import Task
from judge.spec.humaneval import text_of

FAMILY = "mbpp"


def read_task(line: dict[str, Any], file: str, number: int) -> Task:
    """Returns the task of a row. Raises SpecError."""
    identity = line.get("id")
    if type(identity) not in (int, str):
        raise SpecError(f"id: expected a number or a text, found {describe(identity)}", file=file, line=number)
    labels, tests = (_json(line, key, file, number) for key in ("labels", "test"))
    if not isinstance(tests, list) or not tests or not all(isinstance(test, str) for test in tests):
        message = f"row {identity!r}: expected a list of assert statements as of MBPPDataset, found {describe(tests)}"
        raise SpecError(f"test: {message}", file=file, line=number)
    setup = labels.get("test_setup_code", "") if isinstance(labels, dict) else ""
    body = textwrap.indent("\n".join(tests), "    ")
    return Task(
        task_id=str(identity),
        slug=f"{FAMILY}/{str(identity).lower()}",
        entry_point=_called("\n".join(tests), setup, f"row {identity!r}", file, number),
        prompt="",
        tests=f"{setup}\n\n\ndef check(candidate):\n{body}\n",
        solution=None,
        file=file,
        line=number,
        statement=text_of(line, "content", file, number),
    )


def _json(line: dict[str, Any], key: str, file: str, number: int) -> Any:
    value = line.get(key)
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.MsgspecError as error:
        raise SpecError(f"{key}: expected JSON, found {error}", file=file, line=number) from None


def _called(tests: str, setup: str, row: str, file: str, number: int) -> str:
    """The one function that the assertions are about."""
    try:
        asserted, before = ast.parse(tests), ast.parse(setup)
    except SyntaxError as error:
        raise SpecError(f"{row}: expected Python in its tests, found {error}", file=file, line=number) from None
    known = {*dir(builtins)}
    for node in ast.walk(before):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            known.add(node.name)
        elif isinstance(node, ast.alias):
            known.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
    called = {
        node.func.id for node in ast.walk(asserted) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    asked = sorted(called - known)
    if len(asked) != 1:
        found = ", ".join(asked) or "none"
        raise SpecError(f"{row}: expected assertions about one function, found {found}", file=file, line=number)
    return asked[0]
