"""The runs of an example submission on one test, in the sandbox: facts for who asks how long they take, no verdict.

A test is one run of the program. Where the package's validator takes part, its box stands in a companion slot, as in a
grading: it speaks with the program, and as long as it asks for another pass the program is run again, in a box of its
own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from judge.author.box import AuthorFault
from judge.author.rulings import AuthorValidator, Pass, Ruling
from judge.checkers import build
from judge.checkers.validator import Validator
from judge.errors import InfrastructureError
from judge.harness import wire
from judge.model.plan import TestCase, TestPlan
from judge.model.program import Program
from judge.model.run import RunOutcome
from judge.ports import Box, BoxSpec, Call, Companions, Sandbox


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One run of the program: the only one of its test, or one pass."""

    outcome: RunOutcome  # of the run; of loading when that failed
    loaded: bool
    rejection: str | None = None  # what the validator has against it; None when it has nothing, or was not asked


class Rounds:
    """Runs programs on the tests of a plan whose submissions are whole programs."""

    def __init__(self, plan: TestPlan, sandbox: Sandbox, companions: Companions | None) -> None:
        self._plan = plan
        self._sandbox = sandbox
        self._validator = _validator(plan, companions) if plan.validator_takes_part else None

    def of(self, program: Program, case: TestCase) -> Iterator[Round]:
        """Yields the runs of a test. Raises AuthorFault of the validator, and InfrastructureError."""
        given, stem = self._plan.arguments_of(case)["stdin"], case.name.rpartition("/")[2]
        told: Pass | None = Pass(stem=stem, given=given, expected=self._plan.expected_of(case), feedback={})
        for _ in range(self._plan.passes):
            if told is not None:
                done, told = self._round(program, case, told)
                yield done
        if told is not None:
            file = self._plan.checker.parameters["file"]
            message = f"{file} asks for more passes than {self._plan.passes}, which are allowed"
            raise AuthorFault(message, message, file)

    def _round(self, program: Program, case: TestCase, told: Pass) -> tuple[Round, Pass | None]:
        """Makes one run; returns it with what the next pass begins with, if the validator asks for one."""
        with self._sandbox.open(self._spec(program, case, told)) as box:
            loading = box.load()
            if not loading.loaded:
                return Round(outcome=loading, loaded=False), None
            call = Call(arguments=self._plan.question_of(case), limits=self._plan.limits)
            outcome, said = self._heard(box, call, told)
        if said is not None and not said.judgement.accepted:
            return Round(outcome=outcome, loaded=True, rejection=said.judgement.message), None
        done = Round(outcome=outcome, loaded=True)
        if said is None or said.next_input is None:
            return done, None
        return done, replace(told, given=said.next_input, feedback=said.feedback)

    def _spec(self, program: Program, case: TestCase, told: Pass) -> BoxSpec:
        plan = self._plan
        return BoxSpec(
            program=program.with_files(plan.included.get(program.language, ())),
            entry_point="",
            isolation=plan.isolation,
            load_limits=plan.load_limits,
            memory_bytes=plan.limits.memory_bytes,
            runtime=plan.runtime,
            stdin=b"" if plan.interactive else told.given,
            live_stdin=plan.interactive,
            files=plan.arguments_of(case)["files"],
        )

    def _heard(self, box: Box, call: Call, told: Pass) -> tuple[RunOutcome, Ruling | None]:
        """The run, and the validator's word on it; it is not asked of a run that failed. Raises AuthorFault."""
        if self._validator is not None and self._plan.interactive:
            outcome, said = self._validator.converse(box, call, told)
            return outcome, _word(outcome, said)
        outcome = box.call(call)
        if self._validator is None or not ended_well(outcome):
            return outcome, None
        output: Any = wire.decode(outcome.answer or b"")
        return outcome, self._validator.rule(told, output)


def ended_well(outcome: RunOutcome) -> bool:
    """Whether the program ended by itself, with status 0."""
    return outcome.killer is None and outcome.answer is not None


def _word(outcome: RunOutcome, said: Ruling | AuthorFault | None) -> Ruling | None:
    """Raises AuthorFault for an interactor that has no word, unless it was left alone by a program that failed."""
    if not isinstance(said, AuthorFault):
        return said
    if ended_well(outcome) or (outcome.dialogue is not None and outcome.dialogue.partner_first):
        raise said
    return None


def _validator(plan: TestPlan, companions: Companions | None) -> AuthorValidator:
    """The plan's validator, in a slot beside the program's. Raises InfrastructureError where there is none."""
    checker, author = build(plan.checker.name, plan.checker.parameters), plan.checker.author
    if companions is None or author is None or not isinstance(checker, Validator):
        message = f"problem {plan.slug!r}: expected a validator and a sandbox beside the program's, to measure a time"
        raise InfrastructureError(f"{message} limit, found none")
    return AuthorValidator(checker, author, lambda: companions.sandbox("validator"), runtime=plan.runtime)
