"""What a package declares wrong: for every test, the expected value that a known mistake leads to.

``alternatives`` in ``judge.yaml`` names functions of the author's, called like the reference, with the same arguments
and giving the same type. A statistical checker bets on them, and can say how often it would reject them. Each function
has a box of its own, one after the other. Its values are conformed, shown to the checker, and compared with the
expected ones: a function that agrees with the reference on every test declares nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from judge.checkers.contract import CaseFacts, Checker
from judge.errors import SpecError
from judge.harness import wire
from judge.model.conform import Mismatch, conform
from judge.model.plan import TestCase, TestPlan
from judge.model.program import AuthorFunction
from judge.ports import Sandbox
from judge.spec.author import AuthorCode, author_code

TOLERANCE = 1e-9  # absolute or relative: values that are closer are the same


def with_alternatives(
    plan: TestPlan,
    declared: dict[str, AuthorFunction],
    sandbox: Sandbox,
    checker: Checker,
    *,
    file: str,
    hash_seed: int = 0,
) -> TestPlan:
    """Returns the plan whose tests have a value for each function of ``declared``. Raises SpecError.

    ``file`` is the path of ``judge.yaml``, for messages.
    """
    columns = {}
    for name, author in declared.items():
        box = author_code(sandbox, author, author.program, file=file, runtime=plan.runtime, hash_seed=hash_seed)
        with box as code:
            one = _Alternative(plan=plan, checker=checker, name=name, author=author, code=code, file=file)
            columns[name] = list(one.values())
    cases = tuple(
        replace(case, alternatives={name: values[at] for name, values in columns.items()})
        for at, case in enumerate(plan.cases)
    )
    return replace(plan, cases=cases)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Alternative:
    """One loaded function, and what its values must fit."""

    plan: TestPlan
    checker: Checker
    name: str
    author: AuthorFunction
    code: AuthorCode
    file: str  # for messages

    def values(self) -> Iterator[bytes]:
        """Yields the encoded value of every test, in the plan's order."""
        differs = False
        for case in self.plan.cases:
            expected, value = self.plan.expected_of(case), self._value(case)
            self._check(case, expected, value)
            differs |= not same(expected, value, relative=TOLERANCE, absolute=TOLERANCE)
            yield wire.encode(value)
        if not differs:
            message = f"{self.author.key}: expected values that differ from the expected ones on some test, found none"
            raise self._error(f"{message}: {self.author.function} of {self.author.file} is not wrong")

    def _value(self, case: TestCase) -> Any:
        what = f"test {case.name!r}"
        raw = self.code.call(case.arguments, file=self.file, line=self.author.line, what=what)
        try:
            return conform(raw, self.plan.expected_type, f"the alternative {self.name!r}")
        except Mismatch as error:
            raise self._error(f"{what}: {error}") from None

    def _check(self, case: TestCase, expected: Any, value: Any) -> None:
        facts = CaseFacts(
            name=case.name,
            arguments=self.plan.facts_of(case),
            expected=expected,
            alternatives={self.name: value},
        )
        try:
            self.checker.check_key(facts)
        except ValueError as error:
            raise self._error(f"test {case.name!r}: {error}") from None

    def _error(self, message: str) -> SpecError:
        return SpecError(message, file=self.file, line=self.author.line)


def same(written: Any, found: Any, *, relative: float, absolute: float) -> bool:
    """Whether two values of one type are equal, floats within either tolerance of the written ones."""
    if isinstance(written, np.ndarray):
        return written.shape == found.shape and bool(np.allclose(found, written, rtol=relative, atol=absolute))
    if isinstance(written, float):
        return math.isclose(found, written, rel_tol=relative, abs_tol=absolute)
    if isinstance(written, (list, tuple)):
        pairs = zip(written, found, strict=False)
        return len(written) == len(found) and all(same(a, b, relative=relative, absolute=absolute) for a, b in pairs)
    if isinstance(written, dict):
        return written.keys() == found.keys() and all(
            same(value, found[key], relative=relative, absolute=absolute) for key, value in written.items()
        )
    return bool(written == found)
