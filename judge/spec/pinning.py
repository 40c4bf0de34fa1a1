"""Pinning a plan's tests in the lock file, once it is shown that they are the same whenever they are made.

A seed does not make a generator deterministic: it may ask the system for random bytes, look at the clock, or walk
through a set of texts, whose order another hash seed changes. So the plan is compiled twice, in boxes of its own each
time and with another hash seed, and a test that differs is not pinned.
"""

from __future__ import annotations

from pathlib import Path

from judge.errors import SpecError
from judge.model.plan import TestCase, TestPlan
from judge.model.problem import Problem
from judge.model.program import AuthorFunction
from judge.ports import Companions, Sandbox
from judge.spec.compiler import compile_plan
from judge.spec.keys import JUDGE_FILE
from judge.spec.lock import write_lock


def pin_plan(problem: Problem, sandbox: Sandbox, companions: Companions | None = None) -> tuple[TestPlan, Path]:
    """Compiles twice and writes the lock file; returns the plan and the file's path. Companions: see ``compile_plan``.

    Raises SpecError when the package does not compile or a test is not the same both times; nothing is written then.
    """
    plan, again = (compile_plan(problem, sandbox, companions=companions, lock=False, hash_seed=seed) for seed in (0, 1))
    for first, second in zip(plan.pinned_cases, again.pinned_cases, strict=True):
        _check_same(problem, first, second)
    return plan, write_lock(problem, plan)


def _check_same(problem: Problem, first: TestCase, second: TestCase) -> None:
    if first == second:
        return
    author, what = _culprit(problem, first, second)
    message = (
        f"test {first.name!r}: the {author.key} is not deterministic: {author.function} of {author.file} gave other "
        f"{what} when it was run again"
    )
    raise SpecError(message, file=str(Path(problem.root) / JUDGE_FILE), line=author.line)


def _culprit(problem: Problem, first: TestCase, second: TestCase) -> tuple[AuthorFunction, str]:
    """Returns the function that gave something else the second time, and what."""
    author, what = problem.generator, "arguments"
    if first.arguments == second.arguments:
        author, what = problem.reference, "expected values"
    if (first.arguments, first.expected) == (second.arguments, second.expected):
        name = next(name for name, value in first.alternatives.items() if second.alternatives[name] != value)
        author = problem.alternatives[name]
    assert author is not None  # what is written out is the same both times
    return author, what
