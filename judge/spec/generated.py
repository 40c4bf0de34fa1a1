"""What ``judge.yaml`` says of generated tests, and whether all tests of a package can be made."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from judge.errors import SpecError
from judge.harness import wire
from judge.model.problem import GeneratedCases, Problem
from judge.spec.keys import JUDGE_FILE
from judge.spec.locations import Document, Step
from judge.spec.schema import GeneratedKeys

MAX_TESTS = 1000
_TEST_NAME = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)*\Z")


def read_generated(document: Document, tests: list[GeneratedKeys]) -> tuple[GeneratedCases, ...]:
    """Returns the groups of generated tests. Raises SpecError at the key that is wrong."""
    groups: list[GeneratedCases] = []
    for at, test in enumerate(tests):
        if not _TEST_NAME.match(test.name):
            message = f"tests.{at}.name: expected lower-case words joined by hyphens, found {test.name!r}"
            raise document.error(message, "tests", at, "name")
        if test.name in [group.name for group in groups]:
            raise document.error(f"tests: the name {test.name!r} stands twice", "tests", at, "name")
        _check_number(document, test.seed, 0, 2**63 - 1, "tests", at, "seed")
        _check_number(document, test.count, 1, MAX_TESTS, "tests", at, "count")
        _check_params(document, test.params, at)
        line = document.line("tests", at)
        groups.append(GeneratedCases(name=test.name, seed=test.seed, count=test.count, params=test.params, line=line))
    return tuple(groups)


def _check_params(document: Document, params: dict[str, Any], at: int) -> None:
    for name, value in params.items():
        try:
            wire.encode(value)
        except (TypeError, ValueError) as error:
            raise document.error(f"tests.{at}.params.{name}: {error}", "tests", at, "params", name) from None


def _check_number(document: Document, value: int, low: int, high: int, *path: Step) -> None:
    if not low <= value <= high:
        raise document.error(f"{'.'.join(map(str, path))}: expected {low} to {high}, found {value}", *path)


def check_tests(document: Document, problem: Problem) -> None:
    """Raises SpecError unless every test can be made, and there is one that candidates are not shown."""
    if problem.generated and problem.generator is None:
        raise document.error("tests need a generator: missing key 'generator'", "tests")
    if problem.generated and problem.reference is None:
        raise document.error("generated tests need a reference: missing key 'reference'", "tests")
    if problem.generator is not None and not problem.generated and problem.complexity is None:
        raise document.error("generator: expected tests that use it, found none", "generator")
    for case in problem.written:
        if not case.has_answer and problem.reference is None:
            answer = f"{case.name.rpartition('/')[2]}.ans"
            message = f"expected an answer in {answer}, or a reference in {JUDGE_FILE}, found neither"
            raise SpecError(message, file=str(Path(problem.root) / case.file))
    total = len(problem.written) + sum(group.count for group in problem.generated)
    if all(case.sample for case in problem.written) and not problem.generated:
        raise SpecError(
            "expected at least one secret test, in data/secret or under tests, found none", file=document.file
        )
    if total > MAX_TESTS:
        raise document.error(f"expected at most {MAX_TESTS} tests, found {total}", "tests")
