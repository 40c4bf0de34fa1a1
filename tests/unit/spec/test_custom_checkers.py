"""Packages whose checker is the author's own function, or an installed one."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from judge.model.problem import SLOT_OVERHEAD_BYTES, memory_needed
from judge.spec.compiler import compile_plan
from judge.spec.plans import plan_key
from judge.testing import InProcessSandbox
from tests.unit.checkers.test_plugins import GOOD
from tests.unit.spec.conftest import Package

CHECK = """\
from tools import close


def check(arguments, expected, answer):
    return close(expected, answer, arguments["scale"])
"""
TOOLS = "def close(expected, answer, scale):\n    return abs(expected - answer) <= 1e-9 * abs(scale)\n"


@pytest.fixture
def judged(package: Package) -> Package:
    """The package with a checker of its own."""
    package.replace("judge.yaml", "  name: float\n  rtol: 1.0e-9\n", "  name: custom\n  file: checkers/near.py\n")
    return package.write("checkers/near.py", CHECK).write("checkers/tools.py", TOOLS)


def test_the_author_and_the_files_are_in_the_plan(judged: Package) -> None:
    plan = compile_plan(judged.load(), InProcessSandbox())
    author = plan.checker.author
    assert author is not None
    assert (author.file, author.function, author.line) == ("checkers/near.py", "check", None)
    assert [file.path for file in author.program.files] == ["near.py", "tools.py"]
    digests = {plan.digest}
    judged.write("checkers/tools.py", TOOLS.replace("1e-9", "1e-8"))
    digests.add(compile_plan(judged.load(), InProcessSandbox()).digest)
    assert len(digests) == 2


def test_the_memory_of_the_companion_is_admitted_too(package: Package, judged: Package) -> None:
    alone = memory_needed(judged.replace("judge.yaml", "  file: checkers", "  memory: 64MiB\n  file: checkers").load())
    more = memory_needed(judged.replace("judge.yaml", "64MiB", "80MiB").load())
    assert more - alone == 16 << 20
    plain = package.replace(
        "judge.yaml", "  name: custom\n  memory: 80MiB\n  file: checkers/near.py\n", "  name: exact\n"
    )
    assert more - memory_needed(plain.load()) == (80 << 20) + SLOT_OVERHEAD_BYTES


def test_where_the_checker_stands_does_not_matter(judged: Package) -> None:
    before = compile_plan(judged.load(), InProcessSandbox()).digest
    judged.replace("judge.yaml", "checker:\n", "# a remark\nchecker:\n")
    assert compile_plan(judged.load(), InProcessSandbox()).digest == before


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (CHECK.replace("return close", "return not close"), "test 'sample/01': .*is not accepted"),
        (
            "def check(*_):\n    return 1 / 0\n",
            r"test 'sample/01': .*ZeroDivisionError: division by zero at checkers/near.py:2",
        ),
        ("def check(*_):\n    return 3\n", "test 'sample/01': .*check of checkers/near.py returned something else"),
        ("def chekc(*_):\n    return 3\n", "expected checkers/near.py to define a function 'check', found 'chekc'"),
        ("import numpy\n1 / 0\n", r"checkers/near.py:2: checker: checkers/near.py raised ZeroDivisionError"),
        ("def check(:\n", r"checkers/near.py:1: checker: checkers/near.py raised SyntaxError"),
        (
            "def check(arguments, expected, answer):\n    return len(arguments['values']) < 20\n",
            "test 'secret/larger-01': answer key: the checker refuses it as an answer",
        ),
    ],
)
def test_a_checker_that_does_not_work_stops_the_plan(judged: Package, check: str, message: str) -> None:
    error = judged.write("checkers/near.py", check).compile_error()
    assert re.search(message, str(error)), str(error)


def test_with_another_type_the_expected_value_is_no_answer(judged: Package) -> None:
    judged.replace("judge.yaml", "near.py\n", "near.py\n  expected: list[int]\n")
    judged.write("author/solution.py", "def total(values, scale):\n    return [len(values)]\n")
    judged.write("data/sample/01.ans", "[2]\n").write("checkers/near.py", "def check(*_):\n    return False\n")
    plan = compile_plan(judged.load(), InProcessSandbox())
    assert plan.expected_of(plan.cases[0]) == [2]
    judged.write("checkers/near.py", "def check(:\n")
    assert "SyntaxError" in str(judged.compile_error())


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("near.py", "far.py", "checker.file: there is no file 'checkers/far.py'", 11),
        ("near.py", "near.txt", "checker.file: expected a Python file (.py), found 'checkers/near.txt'", 11),
        ("near.py", "near.py\n  function: in", "checker.function: expected an identifier, found", 12),
        ("  file: checkers/near.py\n", "", "checker 'custom' needs the parameter 'file'", 10),
        ("near.py", "near.py\n  wall: 3s", "checker 'custom' has no parameter 'wall'", 12),
        ("file: checkers/near.py", "file: ../near.py", "expected a path inside the package", None),
    ],
)
def test_what_judge_yaml_says_of_it_is_checked(
    judged: Package, old: str, new: str, message: str, line: int | None
) -> None:
    error = judged.replace("judge.yaml", old, new).error()
    assert message in str(error)
    assert error.line == line


def test_the_version_of_an_installed_checker_names_the_plan(
    package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "site" / "acme-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "entry_points.txt").write_text("[judge.checkers]\nacme.near = acme_near:Near\n")
    (tmp_path / "site" / "acme_near.py").write_text(GOOD)
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.delitem(sys.modules, "acme_near", raising=False)
    package.replace("judge.yaml", "  name: float\n  rtol: 1.0e-9\n", "  name: acme.near\n")
    keys = []
    for version in ("1.0", "1.1"):
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: acme\nVersion: {version}\n")
        problem = package.load()
        assert problem.checker.provider == f"acme {version}"
        keys.append(plan_key(problem, "toolchain"))
    assert keys[0] != keys[1]
    error = package.replace("judge.yaml", "acme.near", "acme.nera").error()
    assert "unknown checker 'acme.nera'" in str(error)
    assert error.line == 10
