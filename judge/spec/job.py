"""What every step of the compilation of one plan needs."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from judge.checkers.contract import Checker, SeriesChecker
from judge.checkers.validator import Validator
from judge.model.problem import Problem
from judge.model.program import AuthorFunction, Program
from judge.model.signature import Signature
from judge.ports import Sandbox
from judge.spec.author import AuthorCode, author_code
from judge.spec.cases import CaseTypes


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What every step of one compilation needs."""

    problem: Problem
    sandbox: Sandbox
    checker: Checker
    types: CaseTypes
    judge_file: str  # for messages
    hash_seed: int  # of the author's programs

    @property
    def keys_are_answers(self) -> bool:
        """Whether an expected value could be an answer: the checker judges one answer, of the type of the key."""
        if isinstance(self.checker, SeriesChecker):
            return False
        return self.validates or self.types.expected == self.problem.signature.returns

    @property
    def validates(self) -> bool:
        """Whether a key is the reference's output, and what else the author's validator is told."""
        return self.problem.reference is not None and isinstance(self.checker, Validator)

    def answer_of(self, expected: Any) -> Any:
        """What a submission would have to answer to give a key that is an answer."""
        return expected[0] if self.validates else expected

    def author_code(
        self, author: AuthorFunction, program: Program, signature: Signature | None = None
    ) -> AbstractContextManager[AuthorCode]:
        """A box with the author's program."""
        return author_code(
            self.sandbox,
            author,
            program,
            file=self.judge_file,
            runtime=self.problem.runtime,
            hash_seed=self.hash_seed,
            signature=signature,
        )
