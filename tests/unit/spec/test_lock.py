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
    ("name", "old", "new", "message"),
    [
        ("author/numbers_of.py", "(-9, 9)", "(0, 9)", "the test 'secret/small-01' changed"),
        ("author/helper.py", "value * scale", "value * scale if value else 1.0", "the test 'secret/empty' changed"),
        ("judge.yaml", "seed: 50", "seed: 51", "the test 'secret/larger-01' changed"),
        ("judge.yaml", "count: 3", "count: 4", "the test 'secret/small-04' is not in the lock file"),
        ("judge.yaml", "count: 3", "count: 2", "has a test 'secret/small-03' that the package does not make"),
        ("judge.yaml", "name: larger", "name: largest", "the test 'secret/largest-01' is not in the lock file"),
    ],
)
def test_what_changed_is_named(locked, name, old, new, message):
    error = locked.replace(name, old, new).compile_error()
    assert message in error.message
    assert error.message.endswith(ADVICE)
    assert error.file == str(locked.root / "judge.lock")


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
    ("text", "message"),
    [
        ("{", "not valid JSON"),
        ('{"format": 2, "cases": {}}', 'expected {"format": 1'),
        ('{"format": 1}', 'expected {"format": 1'),
        ('{"format": 1, "cases": {}, "note": ""}', 'expected {"format": 1'),
        ('{"format": 1, "cases": []}', "expected digests"),
        ('{"format": 1, "cases": {"secret/empty": "abc"}}', "expected digests of 64 hexadecimal digits"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_a_lock_file_that_is_none(package, text, message):
    error = package.write("judge.lock", text).error()
    assert message in error.message
    assert error.file == str(package.root / "judge.lock")
