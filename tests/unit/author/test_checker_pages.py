"""The examples on the pages of custom and of installed checkers are judged as they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from judge.checkers import build
from judge.harness import wire
from judge.model.conform import conform
from judge.model.plan import CheckerSpec, TestPlan
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from tests.unit.author.conftest import author_function, grade
from tests.unit.grading.scripted import case, plan, signature

DOCS = Path(__file__).parents[3] / "docs" / "checkers"
BLOCK = re.compile(r"^```(\w+) ([\w./]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[tuple[str, str, str]]:
    """The named blocks of a page: language, name, text."""
    return BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))


def examples(page: str) -> list[Any]:
    return [
        pytest.param(name, text, id=f"{page}-{name}-{number}")
        for number, (language, name, text) in enumerate(blocks(page))
        if language == "python" and not name.endswith(".py")
    ]


def custom_problem() -> TestPlan:
    (problem,) = [YAML(typ="safe").load(text) for language, name, text in blocks("custom.md") if name == "problem"]
    (source,) = [text for _, name, text in blocks("custom.md") if name == problem["checker"]["file"]]
    given = problem["signature"]
    typed = Signature(
        parameters=tuple(Parameter(name=name, type=parse_type(text)) for name, text in given["parameters"].items()),
        returns=parse_type(given["returns"]),
    )
    parameters = {key: value for key, value in problem["checker"].items() if key != "name"}
    arguments = {p.name: conform(problem["arguments"][p.name], p.type) for p in typed.parameters}
    return plan(
        entry_point="order",
        signature=typed,
        expected_type=build("custom", parameters).expected_type(typed),
        checker=CheckerSpec(
            name="custom", parameters=parameters, author=author_function(source, problem["checker"]["file"])
        ),
        cases=(case("secret/a", problem["expected"], **arguments),),
    )


@pytest.mark.parametrize(("outcome", "source"), examples("custom.md"))
def test_an_example_of_custom_is_judged_as_the_page_says(outcome: str, source: str) -> None:
    report = grade(custom_problem(), source)
    assert (report.reason or "accepted") == outcome, report.message


def test_the_key_on_the_page_is_accepted() -> None:
    problem = custom_problem()
    key = wire.decode(problem.cases[0].expected)
    report = grade(problem, f"def order(count, needs):\n    return {key}\n")
    assert report.reason is None


@pytest.mark.parametrize(("outcome", "source"), examples("plugins.md"))
def test_an_example_of_an_installed_checker_is_judged_as_the_page_says(
    outcome: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((_, name, module),) = [block for block in blocks("plugins.md") if block[1].endswith(".py")]
    (tmp_path / name).write_text(module)
    (tmp_path / "acme-1.0.dist-info").mkdir()
    (tmp_path / "acme-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (tmp_path / "acme-1.0.dist-info" / "entry_points.txt").write_text(
        "[judge.checkers]\nacme.geometry = acme_geometry:Geometry\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    problem = plan(
        entry_point="point",
        signature=signature(radius="float", returns="tuple[float, float]"),
        expected_type=parse_type("float"),
        checker=CheckerSpec(name="acme.geometry", parameters={"tolerance": 1e-6}),
        cases=(case("secret/a", 5.0, radius=5.0),),
    )
    report = grade(problem, source)
    assert (report.reason or "accepted") == outcome, report.message


def test_the_entry_point_on_the_page_names_the_module_on_the_page() -> None:
    text = (DOCS / "plugins.md").read_text(encoding="utf-8")
    assert '"acme.geometry" = "acme_geometry:Geometry"' in text
    assert [name for _, name, _ in blocks("plugins.md") if name.endswith(".py")] == ["acme_geometry.py"]
