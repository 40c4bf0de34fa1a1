"""Every checker is registered, documented, and shows what it does by examples that are run here."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import judge.checkers
from judge.checkers import CHECKERS, build
from judge.model.conform import Mismatch

PAGES = Path(__file__).parents[3] / "docs" / "checkers"
RULES = {"comparing-numbers", "plugins"}  # pages that are not about one built-in checker
FIELDS = ["checker", "signature", "arguments", "expected", "answer", "verdict", "reason"]
VERBS = ("check", "open", "judgement")  # one answer, a series, what a function of the author's replies
EXAMPLE = re.compile(r"^```yaml example\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _defined_checkers() -> list[type]:
    """Every class under judge.checkers that has a name and judges: with one of the verbs of its contract."""
    found = []
    for module in pkgutil.walk_packages(judge.checkers.__path__, "judge.checkers."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            named = isinstance(vars(kind).get("name"), str)
            if kind.__module__ == module.name and named and any(hasattr(kind, verb) for verb in VERBS):
                found.append(kind)
    return found


def _examples() -> list[Any]:
    cases = []
    for page in sorted(PAGES.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for match in EXAMPLE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            cases.append(pytest.param(YAML(typ="safe").load(match[1]), id=f"{page.name}:{line}"))
    return cases


def test_every_checker_that_is_defined_is_registered() -> None:
    assert set(_defined_checkers()) == set(CHECKERS.values())


def test_a_checker_is_registered_under_its_own_name() -> None:
    assert {name: kind.name for name, kind in CHECKERS.items()} == {name: name for name in CHECKERS}


@pytest.mark.parametrize("name", CHECKERS)
def test_a_checker_is_a_frozen_dataclass(name: str) -> None:
    kind: Any = CHECKERS[name]
    assert is_dataclass(kind)
    assert kind.__dataclass_params__.frozen


@pytest.mark.parametrize("name", CHECKERS)
def test_every_checker_has_a_page_that_names_its_parameters(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    kind: Any = CHECKERS[name]
    assert name in page.partition("\n")[0]
    assert [field.name for field in fields(kind) if f"`{field.name}`" not in page] == []


@pytest.mark.parametrize("name", [name for name, kind in CHECKERS.items() if hasattr(kind, "check")])
def test_every_page_shows_an_accepted_and_a_rejected_answer(name: str) -> None:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    examples = [YAML(typ="safe").load(match[1]) for match in EXAMPLE.finditer(text)]
    assert {example["verdict"] for example in examples} == {"ACCEPTED", "WRONG_ANSWER"}
    assert {example["checker"]["name"] for example in examples} == {name}


def test_every_page_belongs_to_a_checker_or_states_a_rule() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == {*CHECKERS, *RULES}


@pytest.mark.parametrize("example", _examples())
def test_an_example_is_judged_as_its_page_says(example: dict[str, Any], judged: Any) -> None:
    assert list(example) == FIELDS
    try:
        judgement = judged(
            example["checker"],
            example["signature"].get("returns", ""),
            example["expected"],
            example["answer"],
            parameters=example["signature"].get("parameters"),
            methods=example["signature"].get("methods"),
            tests=example["signature"].get("tests"),
            arguments=example["arguments"],
        )
    except Mismatch as mismatch:
        pytest.fail(f"the example does not conform to its signature: {mismatch}")
    verdict = "ACCEPTED" if judgement.accepted else "WRONG_ANSWER"
    assert (verdict, judgement.reason) == (example["verdict"], example["reason"])


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("flaot", {}, "unknown checker 'flaot': expected one of any_of, arg_max, array, assignment"),
        ("float", {"abs_tl": 1}, "checker 'float' has no parameter 'abs_tl': expected rtol, atol, ulp, nan, inf"),
        ("exact", {"rtol": 1}, "checker 'exact' has no parameter 'rtol': expected none"),
        ("graph", {"structure": "shortest_path", "edges": "e"}, "checker 'graph' needs the parameter 'source'"),
        ("float", {"rtol": -1}, "checker 'float': rtol: expected a finite number of at least 0, found -1"),
    ],
)
def test_a_checker_that_cannot_be_built_says_why(name: str, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        build(name, parameters)
