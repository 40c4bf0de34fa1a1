"""The lock file: what it pins, and what it says when something changed."""

from __future__ import annotations

import json

import pytest

from judge.spec.compiler import compile_plan
from judge.spec.lock import write_lock
from judge.testing import InProcessSandbox

ADVICE = "generator or reference changed; run `judge problem compile --update-lock`"


@pytest.fixture
def locked(package):
    """The package with a lock file that fits."""
    write_lock(package.load(), compile_plan(package.load(), InProcessSandbox()))
    return package


def test_the_file(locked):
    text = (locked.root / "judge.lock").read_text()
    plan = compile_plan(locked.load(), InProcessSandbox())
    assert json.loads(text) == {"format": 1, "cases": {case.name: case.digest for case in plan.cases}}
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"
    assert [path.name for path in locked.root.iterdir() if "lock" in path.name] == ["judge.lock"]


def test_a_package_that_fits_its_lock(locked):
    problem = locked.load()
    assert problem.lock is not None
    assert len(problem.lock) == 6
    assert len(compile_plan(problem, InProcessSandbox()).cases) == 6


def test_writing_it_again_changes_nothing(locked):
    before = (locked.root / "judge.lock").read_bytes()
    write_lock(locked.load(), compile_plan(locked.load(), InProcessSandbox(), lock=False))
    assert (locked.root / "judge.lock").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "message"),
    [
        ("author/numbers_of.py", "(-9, 9)", "(0, 9)", 6, "the test 'secret/small-01' changed"),
        ("author/helper.py", "value * scale", "value * scale if value else 1.0", 4, "the test 'secret/empty' changed"),
        ("judge.yaml", "seed: 50", "seed: 51", 5, "the test 'secret/larger-01' changed"),
        ("judge.yaml", "count: 3", "count: 4", None, "the test 'secret/small-04' is not in the lock file"),
        ("judge.yaml", "count: 3", "count: 2", 8, "has a test 'secret/small-03' that the package does not make"),
        ("judge.yaml", "name: larger", "name: largest", None, "the test 'secret/largest-01' is not in the lock file"),
    ],
)
def test_what_changed_is_named_with_its_line(locked, name, old, new, line, message):
    error = locked.replace(name, old, new).compile_error()
    assert message in error.message
    assert error.message.endswith(ADVICE)
    assert (error.file, error.line) == (str(locked.root / "judge.lock"), line)


def test_what_does_not_change_a_test_is_free(locked):
    locked.replace("problem.yaml", "memory: 64", "memory: 65").replace(
        "author/helper.py", "value * scale", "scale * value"
    )
    assert len(compile_plan(locked.load(), InProcessSandbox()).cases) == 6


def test_updating(locked):
    locked.replace("judge.yaml", "seed: 50", "seed: 51")
    problem = locked.load()
    write_lock(problem, compile_plan(problem, InProcessSandbox(), lock=False))
    assert len(compile_plan(locked.load(), InProcessSandbox()).cases) == 6


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("{", 1, "not valid JSON"),
        ('{"format": 2, "cases": {}}', 1, 'expected {"format": 1'),
        ('{"format": 1}', 1, 'expected {"format": 1'),
        ('{"format": 1, "cases": {}, "note": ""}', 1, 'expected {"format": 1'),
        ('{"format": 1,\n"cases": []}', 2, "expected digests by test name, found a list of length 0"),
        ('{"format": 1, "cases": {\n"secret/empty": "abc"}}', 2, "'secret/empty': expected digests of 64 hexadecimal"),
        ('{"format": 1, "cases": {"a": "b",\n"a": "b"}}', 2, "the key 'a' stands twice"),
        ("\n" + "[" * 100_000, 2, "nested deeper than 64 levels"),
    ],
)
def test_a_lock_file_that_is_none(package, text, line, message):
    error = package.write("judge.lock", text).error()
    assert message in error.message
    assert (error.file, error.line) == (str(package.root / "judge.lock"), line)
