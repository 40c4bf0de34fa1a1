"""Packages whose function takes oracles."""

from __future__ import annotations

import re

import pytest

from judge.harness import wire
from judge.model.conform import conform
from judge.model.plan import Budget
from judge.model.problem import SLOT_OVERHEAD_BYTES, memory_needed
from judge.model.type_expr import parse_type
from judge.spec.compiler import compile_plan
from judge.spec.plans import PlanCache
from judge.spec.rehearsal import plainest
from judge.testing import InProcessSandbox
from tests.unit.spec.conftest import Package

ORDER = """\
def start(arguments, seed):
    global values
    values = arguments["values"]
    assert len(values) < 25


def less(i, j):
    return values[i] < values[j]
"""
KEYS = {
    "  parameters:\n    values: list[int]\n    scale: float\n": (
        "  parameters:\n    scale: float\n    less: 'callable[[int, int], bool]'\n"
    ),
    "checker:\n": (
        "oracles: {less: {budget: 9}}\nenvironment: {file: oracles/order.py, hidden: {values: 'list[int]'}}\nchecker:\n"
    ),
    "    params:\n      size: 30\n": "    params:\n      size: 20\n",
}


@pytest.fixture
def asked(package: Package) -> Package:
    """The package with its values hidden, and an oracle that compares them."""
    for old, new in KEYS.items():
        package.replace("judge.yaml", old, new)
    package.replace("author/solution.py", "total(values, scale)", "total(scale, values)")
    return package.write("oracles/order.py", ORDER)


def test_the_environment_is_in_the_plan(asked: Package) -> None:
    plan = compile_plan(asked.load(), InProcessSandbox())
    assert plan.environment is not None
    assert plan.environment.author.file == "oracles/order.py"
    assert plan.environment.budgets == (Budget(oracle="less", limit=9),)
    assert plan.facts_of(plan.cases[0]) == {"scale": 0.5, "values": [1, 2]}
    assert plan.arguments_of(plan.cases[0]) == wire.decode(plan.question_of(plan.cases[0])) == {"scale": 0.5}
    assert plan.expected_of(plan.cases[0]) == 1.5


def test_whatever_can_change_an_answer_changes_the_digest(asked: Package) -> None:
    digests = [compile_plan(asked.load(), InProcessSandbox()).digest]
    for old, new in (("budget: 9", "budget: 8"), ("hidden: {", "memory: 64MiB, hidden: {")):
        asked.replace("judge.yaml", old, new)
        digests.append(compile_plan(asked.load(), InProcessSandbox()).digest)
    asked.write("oracles/order.py", ORDER + "\n")
    digests.append(compile_plan(asked.load(), InProcessSandbox()).digest)
    assert len(set(digests)) == len(digests)
    asked.replace("judge.yaml", "oracles:", "# a remark\noracles:")
    assert compile_plan(asked.load(), InProcessSandbox()).digest == digests[-1]


def test_a_plan_with_an_environment_can_be_kept(asked: Package) -> None:
    plan = compile_plan(asked.load(), InProcessSandbox())
    cache = PlanCache(asked.root.parent / "cache")
    cache.put("key", plan)
    found = cache.get("key")
    assert found is not None
    assert found == plan


def test_the_memory_of_the_environment_is_admitted(asked: Package) -> None:
    problem = asked.load()
    assert problem.companion_bytes == (1 << 30) + SLOT_OVERHEAD_BYTES
    assert memory_needed(problem) > problem.companion_bytes


def test_a_starter_shows_what_can_be_called(asked: Package) -> None:
    starter = asked.load().starters["python3"]
    assert starter.startswith("from collections.abc import Callable\n\n\ndef total(")
    assert "less: Callable[[int, int], bool]" in starter
    assert "values" not in starter
    compile(starter, "starter", "exec")


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("oracles: {less: {budget: 9}}\n", "", "the oracle 'less' needs a budget", None),
        ("budget: 9", "budget: -1", "oracles.less.budget: expected 0 to 1000000, found -1", 9),
        ("budget: 9", "budget: scale", "'scale'", 9),
        ("budget: 9", "budget: 9, each: 3", "each", 9),
        ("{less: {", "{more: {", "'more'", 9),
        ("environment: {", "#", "missing key 'environment'", 4),
        ("values: 'list[int]'}", "values: 'lots[int]'}", "environment.hidden.values: expected one of bool", 10),
        ("values: 'list[int]'}", "scale: float}", "'scale' is a parameter of the signature already", 10),
        ("order.py", "odrer.py", "environment.file: there is no file 'oracles/odrer.py'", 10),
        ("order.py,", "order.py, cpu_time: 2h,", "environment: expected a duration", 10),
        ("order.py,", "order.py, cpu_time: 2min,", "environment.cpu_time: expected 1ms to 60s, found '2min'", 10),
        ("order.py,", "order.py, memory: 1MiB,", "environment.memory: expected 16MiB to 8GiB", 10),
        (
            "'callable[[int, int], bool]'",
            "'callable[int, bool]'",
            "expected a type such as 'callable[[int, float], bool]'",
            7,
        ),
        ("'callable[[int, int], bool]'", "'list[callable[[int], bool]]'", "expected one of bool", 7),
        ("returns: float", "returns: 'callable[[int], float]'", "expected one of bool", 8),
        ("'callable[[int, int], bool]'", "int", "unknown oracles.less 'less'", 9),
        ("less: 'callable", "start: 'callable", "'less'", None),
    ],
)
def test_what_judge_yaml_says_of_oracles_is_checked(
    asked: Package, old: str, new: str, message: str, line: int | None
) -> None:
    error = asked.replace("judge.yaml", old, new).error()
    assert message in str(error)
    assert line in (None, error.line)


@pytest.mark.parametrize("name", ["start", "finish", "Refused"])
def test_some_names_are_the_environments_own(asked: Package, name: str) -> None:
    asked.replace("judge.yaml", "less: 'callable", f"{name}: 'callable").replace(
        "judge.yaml", "{less: {", f"{{{name}: {{"
    )
    assert f"an oracle cannot be called {name!r}" in str(asked.error())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('{"scale": 1}', "missing an argument for the parameter 'values'"),
        ('{"scale": 1, "values": [], "less": 1}', "parameter 'less' is an oracle: expected no argument for it"),
        ('{"scale": 1, "values": ["a"]}', "values[0]: expected int"),
    ],
)
def test_a_test_gives_what_is_hidden_and_no_oracle(asked: Package, data: str, message: str) -> None:
    assert message in str(asked.write("data/secret/empty.in", data).error())


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (ORDER.replace("def less", "def more"), "environment: expected oracles/order.py to define a function 'less'"),
        (ORDER.replace("def start", "def begin"), "expected oracles/order.py to define a function 'start', found"),
        (ORDER.replace("< 25", "< 15"), "oracles/order.py:4: test 'secret/larger-01': environment: .*AssertionError"),
        ("def less(:\n", "oracles/order.py:1: .*environment: oracles/order.py raised SyntaxError"),
    ],
)
def test_an_environment_that_does_not_start_stops_the_plan(asked: Package, source: str, message: str) -> None:
    error = asked.write("oracles/order.py", source).compile_error()
    assert re.search(message, str(error)), str(error)


FINISH = "\n\ndef finish():\n    return len(values)\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("def less(i, j)", "def less(i)", "expected less of oracles/order.py to take 2 arguments, found less(i)"),
        ("def less(i, j)", "def less(i, j, *, by)", "to take 2 arguments, found less(i, j, *, by)"),
        ("start(arguments, seed)", "start(arguments)", "start of oracles/order.py to take 2 arguments, found start("),
        ("finish()", "finish(answer)", "expected finish of oracles/order.py to take 0 arguments, found finish(answer)"),
        (
            "return len(values)",
            "return 1 / (len(values) - 2)",
            "test 'sample/01': environment: finish of oracles/order",
        ),
        ("return len(values)", "return object()", "finish of oracles/order.py returned a value that has no encoding"),
        ("return values[i] < values[j]", "return values[i]", "the answer of less: expected bool, found int 1"),
        ("return values[i] < values[j]", "return vlaues[i]", "test 'sample/01': environment: less of oracles/order.py"),
        ("def less", "Refused = 'no'\n\n\ndef less", "expected Refused to be a class of exceptions, found 'no'"),
    ],
)
def test_an_environment_that_would_fail_while_grading_stops_the_plan(
    asked: Package, old: str, new: str, message: str
) -> None:
    source = ORDER + FINISH
    assert source.count(old) == 1
    error = asked.write("oracles/order.py", source.replace(old, new)).compile_error()
    assert message in str(error), str(error)
    assert error.line


@pytest.mark.parametrize(
    "answer",
    [
        "return values[i] < values[j]",  # fails where there are no values, and answers elsewhere
        "raise Refused(i)",
        "return len(values) == 30",
    ],
)
def test_an_environment_that_answers_or_refuses_is_in_order(asked: Package, answer: str) -> None:
    source = ORDER.replace("return values[i] < values[j]", answer) + "\n\nclass Refused(Exception):\n    pass\n"
    assert compile_plan(asked.write("oracles/order.py", source).load(), InProcessSandbox()).environment


def test_an_oracle_without_a_budget_is_not_asked(asked: Package) -> None:
    asked.write("oracles/order.py", ORDER.replace("return values[i]", "return vlaues[i]"))
    asked.replace("judge.yaml", "budget: 9", "budget: 0")
    assert compile_plan(asked.load(), InProcessSandbox()).environment


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("int", 0),
        ("list[int]", []),
        ("tuple[str, float]", ("", 0.0)),
        ("tuple[int, ...]", ()),
        ("Optional[bytes]", None),
        ("dict[str, int]", {}),
    ],
)
def test_the_plainest_value_of_a_type(text: str, value: object) -> None:
    assert plainest(parse_type(text)) == value
    assert conform(plainest(parse_type(text)), parse_type(text)) == value


@pytest.mark.parametrize(("text", "shape"), [("array[float64, (n, 3)]", (1, 3)), ("array[int32, ...]", (1,))])
def test_the_plainest_array(text: str, shape: tuple[int, ...]) -> None:
    kind = parse_type(text)
    assert conform(wire.decode(wire.encode(plainest(kind))), kind).shape == shape


def test_a_budget_that_an_argument_holds_is_checked_in_every_test(asked: Package) -> None:
    asked.replace("judge.yaml", "budget: 9", "budget: most").replace("judge.yaml", "{values:", "{most: int, values:")
    asked.replace("author/numbers_of.py", '{"values"', '{"most": 3, "values"')
    asked.replace("author/solution.py", "total(scale, values)", "total(scale, most, values)")
    asked.write("data/sample/01.in", '{"values": [1, 2], "scale": 0.5, "most": 7}')
    asked.write("data/secret/empty.in", '{"values": [], "scale": 0.5, "most": 7}')
    plan = compile_plan(asked.load(), InProcessSandbox())
    assert plan.environment is not None
    assert plan.environment.budgets[0].of(plan.facts_of(plan.cases[0])) == 7
    asked.write("data/secret/empty.in", '{"values": [], "scale": 0.5, "most": -1}')
    assert "test 'secret/empty': most: expected a budget of 0 to 1000000, found -1" in str(asked.compile_error())


def test_a_budget_that_the_checker_chooses_is_none(asked: Package) -> None:
    asked.replace("judge.yaml", "budget: 9", "budget: seed").replace(
        "judge.yaml", "    less:", "    seed: int\n    less:"
    )
    asked.replace("judge.yaml", "  name: float\n  rtol: 1.0e-9\n", "  name: sampler\n")
    asked.replace("judge.yaml", "returns: float", "returns: list[int]")
    asked.write("author/solution.py", "def total(scale, values):\n    return [[0.5, 0.5]]\n").remove(
        "data/sample/01.ans"
    )
    error = asked.compile_error()
    assert "oracles.less.budget: expected an argument of the tests, found 'seed', which the checker chooses" in str(
        error
    )
