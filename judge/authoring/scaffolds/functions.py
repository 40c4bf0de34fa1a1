"""A new problem of kind ``function``, for any signature: until the author has another idea, the task is to make an
answer of the sum of all numbers in the arguments."""

from __future__ import annotations

import ast
import base64
import json
import random
from typing import Any

from judge.authoring.scaffolds.expressions import answer, drawn, holds, is_exact, number, shown
from judge.authoring.scaffolds.names import Names
from judge.errors import SubmissionError
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import TypeExpr, parse_type

_JUDGE = """\
judge: 1
kind: function
entry_point: {name}
signature:
  parameters:
{parameters}
  returns: "{returns}"
checker: {checker} # TODO: who judges an answer? docs/checkers has a page for each
reference: {{file: reference/{name}.py}}
generator: {{file: generators/inputs.py}}

# TODO: a group of tests for each mistake that candidates make, with a comment that says which
tests:
  - {{name: small, seed: 100, count: 4, params: {{size: 5}}}}
  - {{name: large, seed: 200, count: 3, params: {{size: 40}}}}
"""
_STATEMENT = """\
TODO: two or three sentences on where the problem comes from.

Write `{name}({names})`.

{parameters}

Return TODO: what, as `{returns}`. Until this is decided: a value made of the sum of all numbers in the arguments.

## Rules

- TODO: ties, empty inputs, bounds of the arguments, tolerances.

Each test has one second of CPU time.

## Examples

{table}
"""
_MISTAKES = {"first_mistake": "{total} + 1", "second_mistake": "2 * ({total}) + 1", "third_mistake": "-({total}) - 1"}


def build(names: Names, signature: str | None = None) -> dict[str, str]:
    """The files of the package. Raises SubmissionError for a signature that cannot be read or is not for this."""
    name, typed = read_signature(signature or f"{names.function}(values: list[int]) -> int")
    shown_values = _examples(typed)
    exact = all(is_exact(parameter.type) for parameter in typed.parameters)
    sums = [number(parameter.type, parameter.name) for parameter in typed.parameters]
    files = {
        "problem.yaml": names.metadata(),
        "judge.yaml": _judge(name, typed),
        "statement/problem.en.md": _statement(name, typed, shown_values),
        "generators/inputs.py": _generator(typed),
        f"reference/{name}.py": _solution(
            name, typed, "TODO: the right answer", _returned(typed, " + ".join(sums), exact)
        ),
        "submissions/accepted/as_the_reference.py": _solution(
            name, typed, "TODO: a solution as good candidates write it", _returned(typed, " + ".join(sums), exact)
        ),
        "submissions/accepted/another_idea.py": _solution(
            name,
            typed,
            "TODO: a solution by another idea",
            _loop(typed, exact),
        ),
    }
    for mistake, total in _MISTAKES.items():
        body = _returned(typed, total.format(total=" + ".join(sums)), exact)
        files[f"submissions/wrong_answer/{mistake}.py"] = _solution(
            name, typed, "TODO: a mistake that candidates make; name the file after it", body
        )
    for at, values in enumerate(shown_values, 1):
        text = json.dumps({key: _json(value) for key, value in values.items()}, ensure_ascii=False)
        files[f"data/sample/{at:02}.in"] = f"{text}\n"
    return files


def read_signature(text: str) -> tuple[str, Signature]:
    """Reads ``f(a: int, b: list[int]) -> int``. Raises SubmissionError."""
    example = "expected one such as 'f(values: list[int]) -> int'"
    try:
        (node,) = ast.parse(f"def {text}: ...").body
    except (SyntaxError, ValueError):
        raise SubmissionError("signature", f"{example}, found {text!r}") from None
    if not isinstance(node, ast.FunctionDef) or node.returns is None or not node.args.args:
        raise SubmissionError("signature", f"{example}, found {text!r}")
    others = [*node.args.posonlyargs, *node.args.kwonlyargs, *node.args.defaults, node.args.vararg, node.args.kwarg]
    untyped = [one.arg for one in node.args.args if one.annotation is None]
    if any(others) or untyped:
        message = f"{example}, each parameter with its type and no default, found {text!r}"
        raise SubmissionError("signature", message)
    parameters = tuple(Parameter(name=one.arg, type=_type(one.annotation)) for one in node.args.args)
    return node.name, Signature(parameters=parameters, returns=_type(node.returns))


def _type(node: ast.expr | None) -> TypeExpr:
    assert node is not None
    try:
        kind = parse_type(ast.unparse(node))
    except ValueError as error:
        raise SubmissionError("signature", str(error)) from None
    if "complex128" in str(kind):
        raise SubmissionError("signature", f"expected a type without complex numbers, found {kind}: write it by hand")
    return kind


def _judge(name: str, typed: Signature) -> str:
    lines = [f'    {parameter.name}: "{parameter.type}"' for parameter in typed.parameters]
    checker = "exact"
    if not is_exact(typed.returns):
        checker = f"{{name: {'array' if holds(typed.returns, 'array') else 'float'}, rtol: 1.0e-9, atol: 0}}"
    elif holds(typed.returns, "array"):
        checker = "array"
    return _JUDGE.format(name=name, parameters="\n".join(lines), returns=typed.returns, checker=checker)


def _examples(typed: Signature) -> list[dict[str, Any]]:
    rng = random.Random(1)
    return [{one.name: shown(one.type, rng) for one in typed.parameters} for _ in range(2)]


def _statement(name: str, typed: Signature, examples: list[dict[str, Any]]) -> str:
    names = [parameter.name for parameter in typed.parameters]
    lines = [f"- `{parameter.name}` is TODO: what, as `{parameter.type}`." for parameter in typed.parameters]
    table = [f"| {' | '.join(f'`{one}`' for one in names)} | answer |", "|---" * (len(names) + 1) + "|"]
    for values in examples:
        table.append(f"| {' | '.join(f'`{value!r}`' for value in values.values())} | TODO |")
    return _STATEMENT.format(
        name=name,
        names=", ".join(names),
        parameters="\n".join(lines),
        returns=typed.returns,
        table="\n".join(table),
    )


def _generator(typed: Signature) -> str:
    numpy = "import numpy as np\n\n\n" if any(holds(one.type, "array") for one in typed.parameters) else ""
    lines = "".join(f'        "{one.name}": {drawn(one.type)},\n' for one in typed.parameters)
    head = '"""TODO: inputs of the kinds that tell right from wrong. Draw from ``rng`` alone."""\n\n'
    gap = "" if numpy else "\n"
    return f"{head}{numpy}{gap}def generate(rng, size):\n    return {{\n{lines}    }}\n"


def _returned(typed: Signature, total: str, exact: bool) -> str:
    return f"    total = {total}\n    return {answer(typed.returns, 'total', exact)}\n"


def _loop(typed: Signature, exact: bool) -> str:
    adding = [f"    total += {number(one.type, one.name)}\n" for one in reversed(typed.parameters)]
    return f"    total = 0\n{''.join(adding)}    return {answer(typed.returns, 'total', exact)}\n"


def _solution(name: str, typed: Signature, says: str, body: str) -> str:
    numpy = "import numpy as np\n\n\n" if holds(typed.returns, "array") else "\n"
    names = ", ".join(parameter.name for parameter in typed.parameters)
    return f'"""{says}."""\n\n{numpy}def {name}({names}):\n{body}'


def _json(value: Any) -> Any:
    """A value as a test file holds it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        pairs = [[_json(key), _json(item)] for key, item in value.items()]
        return dict(pairs) if all(isinstance(key, str) for key in value) else pairs
    return [_json(item) for item in value] if isinstance(value, list | tuple) else value
