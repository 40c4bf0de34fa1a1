"""What a package declares wrong: read, computed for every test, pinned, and refused where it says nothing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from judge.errors import SpecError
from judge.spec.compiler import compile_plan
from judge.spec.lock import render_lock
from judge.spec.pinning import pin_plan
from judge.testing import InProcessSandbox

SAMPLER = """\
judge: 1
kind: function
entry_point: draw
signature:
  parameters:
    seed: int
    weights: list[float]
  returns: list[int]
checker: {name: sampler, seed: seed}
reference: {file: author/law.py, function: law}
alternatives:
  even: {file: author/wrong.py}
  last-first: {file: author/wrong.py}
  squared: {file: author/wrong.py, function: with_squares}
generator: {file: author/weights.py}
tests:
  - {name: three, seed: 1, count: 2, params: {size: 3}}
"""
FILES = {
    "judge.yaml": SAMPLER,
    "author/law.py": "def law(weights):\n    return [[w / sum(weights) for w in weights]]\n",
    "author/wrong.py": """\
from law import law


def even(weights):
    return law([1.0] * len(weights))


def last_first(weights):
    return law(weights[::-1])


def with_squares(weights):
    return law([w * w for w in weights])
""",
    "author/weights.py": 'def generate(rng, size):\n    return {"weights": [rng.random() for _ in range(size)]}\n',
}
FLOAT = "alternatives:\n  unscaled: {file: author/wrong.py}\nreference:"


def compiled(package):
    return compile_plan(package.load(), InProcessSandbox())


@pytest.fixture
def sampler(package):
    """A package whose key is a law, with three declared wrong ones."""
    written = ["data/sample/01.in", "data/sample/01.ans", "data/secret/empty.in"]
    for name in [*written, "submissions/wrong_answer/unscaled.py"]:
        package.remove(name)
    for name, text in FILES.items():
        package.write(name, text)
    return package


def test_functions_have_the_names_of_alternatives_unless_they_are_named(sampler):
    declared = sampler.load().alternatives
    assert [(name, author.function) for name, author in declared.items()] == [
        ("even", "even"),
        ("last-first", "last_first"),
        ("squared", "with_squares"),
    ]
    assert [(author.key, author.line) for author in declared.values()][1] == ("alternatives.last-first", 13)
    assert [file.path for file in declared["even"].program.files] == [
        "wrong.py",
        "helper.py",
        "law.py",
        "numbers_of.py",
        "solution.py",
        "weights.py",
    ]


def test_every_test_has_a_value_of_each(sampler):
    plan = compiled(sampler)
    for case in plan.cases:
        law, wrong = plan.expected_of(case), plan.alternatives_of(case)
        assert list(wrong) == ["even", "last-first", "squared"]
        np.testing.assert_array_equal(wrong["even"], np.full((1, 3), 1 / 3))
        np.testing.assert_allclose(wrong["last-first"], law[:, ::-1])
        np.testing.assert_allclose(wrong["squared"], law**2 / (law**2).sum())


def test_another_checker_may_have_them(package):
    package.replace("judge.yaml", "reference:", FLOAT)
    package.write("author/wrong.py", "def unscaled(values, scale):\n    return sum(values)\n")
    plan = compiled(package)
    assert plan.alternatives_of(plan.cases[0]) == {"unscaled": 3.0}


def test_they_are_pinned_and_a_test_without_any_has_the_digest_that_it_had(sampler):
    plan = compiled(sampler)
    case = plan.cases[0]
    other = dataclasses.replace(case, alternatives=case.alternatives | {"even": case.expected})
    without = dataclasses.replace(case, alternatives={})
    assert len({case.digest, other.digest, without.digest}) == 3
    assert dataclasses.replace(plan, cases=(other, *plan.cases[1:])).digest != plan.digest
    assert without.digest == dataclasses.replace(without, name="x").digest
    sampler.write("judge.lock", render_lock(plan)).replace("author/wrong.py", "w * w", "w * w * w")
    assert "the test 'secret/three-01' changed" in sampler.compile_error().message


def test_one_test_may_agree(sampler):
    sampler.write("data/secret/fair.in", '{"weights": [1, 1, 1]}')
    assert len(compiled(sampler).cases) == 3


# --- the author's mistakes ------------------------------------------------------------------------------------------

EVEN = "    return law([1.0] * len(weights))\n"
LOADING = {
    "unknown file": (
        "even: {file: author/wrong.py",
        "even: {file: author/wrang.py",
        12,
        "alternatives.even.file: there",
    ),
    "unknown key": ("even: {file:", "even: {files:", 11, "did you mean 'file'"),
    "a name": ("even:", "Even one:", 12, "alternatives: expected lower-case words joined by hyphens, found 'Even one'"),
    "a function": ("with_squares", "with squares", 14, "alternatives.squared.function: expected an identifier"),
}
COMPILING = {
    "no function": (
        "def even",
        "def evenly",
        12,
        "alternatives.even: expected author/wrong.py to define a function 'even'",
    ),
    "an exception": (
        EVEN,
        "    return law(1)\n",
        12,
        "test 'secret/three-01': even of author/wrong.py raised TypeError: 'int' object is not iterable at "
        "author/law.py:2, in law",
    ),
    "an exit": (EVEN, "    raise SystemExit(0)\n", 12, "even of author/wrong.py ended with the exit status 0"),
    "another type": (EVEN, "    return [1.0]\n", 12, "the alternative 'even': expected shape ('n', 'm'), found"),
    "another shape": (
        EVEN,
        "    return [[0.5, 0.5]]\n",
        12,
        "alternative 'even': expected the law's shape (1, 3), found (1, 2)",
    ),
    "no law": (
        EVEN,
        "    return [[0.5, 0.5, 0.5]]\n",
        12,
        "test 'secret/three-01': alternative 'even'[0]: expected a sum of 1",
    ),
    "the right law": (
        EVEN,
        "    return law([w * 3 for w in weights])\n",
        12,
        "alternatives.even: expected values that differ from the expected ones on some test, found none: even of "
        "author/wrong.py is not wrong",
    ),
    "almost the right law": (EVEN, "    return law([w + 1e-11 for w in weights])\n", 12, "is not wrong"),
}


@pytest.mark.parametrize("case", LOADING)
def test_a_mistake_in_the_file_has_its_line(sampler, case):
    old, new, line, message = LOADING[case]
    error = sampler.replace("judge.yaml", old, new).error()
    assert message in error.message
    assert (error.file, error.line) == (str(sampler.root / "judge.yaml"), line)


@pytest.mark.parametrize("case", COMPILING)
def test_a_mistake_in_the_code_is_told_with_the_line_that_names_it(sampler, case):
    old, new, line, message = COMPILING[case]
    error = sampler.replace("author/wrong.py", old, new).compile_error()
    assert message in error.message
    assert (error.file, error.line) == (str(sampler.root / "judge.yaml"), line)


def test_too_many(sampler):
    more = "".join(f"  even-{number}: {{file: author/wrong.py, function: even}}\n" for number in range(30))
    error = sampler.replace("judge.yaml", "alternatives:\n", f"alternatives:\n{more}").error()
    assert error.message == "alternatives: expected at most 32, found 33"


def test_one_that_is_not_deterministic_is_not_pinned(sampler):
    sampler.replace("author/wrong.py", EVEN, "    import os\n    return law([1 + b for b in os.urandom(3)])\n")
    with pytest.raises(
        SpecError, match=r"the alternatives\.even is not deterministic: even of author/wrong.py"
    ) as caught:
        pin_plan(sampler.load(), InProcessSandbox())
    assert caught.value.line == 12
    assert not (sampler.root / "judge.lock").exists()
