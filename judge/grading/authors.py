"""The author's code of one grading: its boxes stand in companion slots, open when first asked and close together."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from judge.author.checker import AuthoredCheck
from judge.author.environment import AuthorEnvironment
from judge.author.examination import Examination
from judge.author.rulings import AuthorValidator
from judge.author.validator import ValidatorCheck
from judge.checkers import build
from judge.checkers.contract import AuthoredChecker, CaseChecker, Checker, SeriesChecker
from judge.checkers.validator import Validator
from judge.errors import SpecError
from judge.grading.oracles import Desk
from judge.model.plan import TestPlan
from judge.ports import Companions, Interrupt


class AuthorCode:
    """What the author's code of a plan does for one grading; a context, which closes its boxes."""

    def __init__(self, plan: TestPlan, companions: Companions, interrupt: Interrupt) -> None:
        self._plan = plan
        self._companions = companions
        self._interrupt = interrupt
        self._stack = ExitStack()
        self._environment: AuthorEnvironment | None = None

    def __enter__(self) -> Self:
        """Opens nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes every box."""
        self._stack.__exit__(kind, error, traceback)

    def examination(self) -> Examination:
        """The plan's test program, ready to be run beside the candidate's box."""
        assert self._plan.examiner is not None
        return Examination(
            self._plan.examiner,
            lambda: self._companions.sandbox("tests"),
            self._interrupt,
            self._plan.runtime,
        )

    def desk(self, arguments: Mapping[str, Any], seed: int) -> Desk:
        """The judge's side of the oracles of one call with these arguments."""
        assert self._plan.environment is not None
        if self._environment is None:
            environment = AuthorEnvironment(
                self._plan.environment,
                lambda: self._companions.sandbox("environment"),
                self._interrupt,
                self._plan.runtime,
            )
            self._environment = self._stack.enter_context(environment)
        return Desk(self._plan, self._environment, arguments, seed)

    def behind(self, checker: Checker) -> CaseChecker | SeriesChecker:
        """The checker, with the author's function behind it if it asks one. Raises SpecError."""
        return self._check(checker) if isinstance(checker, AuthoredChecker) else checker

    def validator(self) -> AuthorValidator:
        """The plan's validator, which takes part in its runs. Raises SpecError."""
        checker = build(self._plan.checker.name, self._plan.checker.parameters)
        author = self._plan.checker.author
        if author is None or not isinstance(checker, Validator):
            raise SpecError(f"problem {self._plan.slug!r}: expected a validator of the author's, found none")
        return AuthorValidator(
            checker, author, lambda: self._companions.sandbox("validator"), self._interrupt, self._plan.runtime
        )

    def _check(self, checker: AuthoredChecker) -> AuthoredCheck | ValidatorCheck:
        """The plan's custom checker. Raises SpecError for a plan without the author's function."""
        author = self._plan.checker.author
        if author is None:
            raise SpecError(f"problem {self._plan.slug!r}: the checker {checker.name!r} has no file")
        if isinstance(checker, Validator):
            return self._stack.enter_context(
                ValidatorCheck(
                    checker,
                    author,
                    lambda: self._companions.sandbox("checker"),
                    interrupt=self._interrupt,
                    runtime=self._plan.runtime,
                )
            )
        check = AuthoredCheck(
            checker,
            author,
            lambda: self._companions.sandbox("checker"),
            oracles=self._plan.environment is not None,
            interrupt=self._interrupt,
            runtime=self._plan.runtime,
        )
        return self._stack.enter_context(check)
