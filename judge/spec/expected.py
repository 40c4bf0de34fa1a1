"""The tests with their expected values: written out, or what the reference gives; where both exist they agree.

The checker must accept every value as a key to judge by, and as an answer where a key could be one.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any

from judge.author.box import AuthorFault
from judge.author.checker import AuthoredCheck
from judge.author.validator import ValidatorCheck
from judge.checkers.contract import AuthoredChecker, CaseChecker, CaseFacts, SeriesChecker
from judge.checkers.validator import NO_POINTS, Validator
from judge.errors import SpecError
from judge.harness import wire
from judge.model.conform import brief
from judge.model.plan import TestCase
from judge.model.program import AuthorFunction
from judge.model.run import Isolation
from judge.spec.alternatives import same
from judge.spec.author import author_error
from judge.spec.compiled import check_widths
from judge.spec.drafts import MISSING, Draft, typed
from judge.spec.job import Job
from judge.spec.outputs import output_of


def cases(job: Job, drafts: list[Draft]) -> Iterator[TestCase]:
    """Makes the tests; one box is open at a time, so a custom checker's waits until the reference has been asked."""
    arguments = [_encode(draft, draft.arguments, "the arguments") for draft in drafts]
    with closing(_ask_reference(job, drafts, arguments)) as asked:
        found = list(asked) if isinstance(job.checker, AuthoredChecker) else asked
        with _case_checker(job) as checker:
            for draft, encoded, value in zip(drafts, arguments, found, strict=True):
                expected = _expected(job, checker, draft, value)
                _check_widths(job, draft, expected)
                _check_key(job, checker, draft, expected)
                yield TestCase(
                    name=draft.name,
                    sample=draft.sample,
                    arguments=encoded,
                    expected=_encode(draft, expected, "the answer key", draft.key_file),
                )


@contextmanager
def _case_checker(job: Job) -> Iterator[CaseChecker | None]:
    """The checker, if it can judge an expected value as an answer; a custom one is loaded. Raises SpecError."""
    if not isinstance(job.checker, AuthoredChecker):
        yield job.checker if job.keys_are_answers and not isinstance(job.checker, SeriesChecker) else None
        return
    author = job.problem.checker.author
    if author is None:
        raise SpecError(f"checker {job.checker.name!r}: expected a file, found none", file=job.judge_file)
    with _authored(job, job.checker, author) as check:
        try:
            check.load()
        except AuthorFault as fault:
            raise author_error(fault, author, job.judge_file) from None
        yield check if job.keys_are_answers else None


def _authored(job: Job, checker: AuthoredChecker, author: AuthorFunction) -> AuthoredCheck | ValidatorCheck:
    runtime = job.problem.runtime
    if isinstance(checker, Validator):
        return ValidatorCheck(checker, author, lambda: job.sandbox, runtime=runtime, candid=True)
    oracles = job.problem.environment is not None
    return AuthoredCheck(checker, author, lambda: job.sandbox, oracles=oracles, runtime=runtime, candid=True)


def _encode(draft: Draft, value: Any, what: str, file: str = "") -> bytes:
    try:
        return wire.encode(value)
    except wire.LimitError as error:
        message = f"test {draft.name!r}: {what} cannot be sent: {error}"
        raise SpecError(message, file=file or draft.file, line=draft.line) from None


def _ask_reference(job: Job, drafts: list[Draft], arguments: list[bytes]) -> Generator[Any, None, None]:
    """Yields what the reference gives for each test, typed; MISSING when there is none. Raises SpecError."""
    author = job.problem.reference
    if author is None:
        yield from [MISSING] * len(drafts)
        return
    if job.problem.isolation is Isolation.PROCESS:
        yield from (_output(job, draft, author) for draft in drafts)
        return
    with job.author_code(author, author.program, job.problem.signature) as reference:
        for draft, encoded in zip(drafts, arguments, strict=True):
            raw = reference.call(encoded, file=draft.file, line=draft.line, what=f"test {draft.name!r}")
            expected = job.types.expected
            yield typed(raw, expected, "the reference's answer", draft.name, draft.file, draft.line)


def _output(job: Job, draft: Draft, author: AuthorFunction) -> Any:
    """Returns the key that the reference's output makes; of a validator, with its arguments. Raises SpecError."""
    what = f"test {draft.name!r}"
    output = output_of(
        job.sandbox,
        author,
        draft.arguments,
        runtime=job.problem.runtime,
        hash_seed=job.hash_seed,
        file=job.judge_file,
        what=what,
    )
    return (output, [*job.problem.validator_arguments], NO_POINTS) if job.validates else output


def _check_widths(job: Job, draft: Draft, expected: Any) -> None:
    """Raises SpecError when a compiled language has no room for an integer of the test."""
    problem = job.problem
    answers = {"the answer": expected} if job.types.expected == problem.signature.returns else {}
    seen = {
        part.name: draft.arguments[part.name] for part in problem.signature.parameters if part.name in draft.arguments
    }
    for values, file in ((seen, draft.file), (answers, draft.key_file)):
        check_widths(problem.languages, problem.signature, values, test=draft.name, file=file, line=draft.line)


def _expected(job: Job, checker: CaseChecker | None, draft: Draft, value: Any) -> Any:
    """Returns the answer that is written out, or the reference's ``value``. Raises SpecError unless they agree."""
    if draft.answer is MISSING:
        return value
    if value is not MISSING:
        _check_agreement(job, checker, draft, value)
    return draft.answer


def _check_agreement(job: Job, checker: CaseChecker | None, draft: Draft, value: Any) -> None:
    """Raises SpecError unless the reference's ``value`` is as good as the answer that is written out."""
    file = draft.key_file
    if checker is None:
        if not same(draft.answer, value, relative=1e-9, absolute=1e-12):
            message = f"test {draft.name!r}: expected {brief(draft.answer)}, found {brief(value)} from the reference"
            raise SpecError(message, file=file)
        return
    judgement = checker.check(_facts(draft, draft.answer), job.answer_of(value))
    if not judgement.accepted:
        message = f"test {draft.name!r}: the reference's answer {brief(value)} is not accepted: {judgement.message}"
        raise SpecError(message, file=file)


def _check_key(job: Job, checker: CaseChecker | None, draft: Draft, expected: Any) -> None:
    """Raises SpecError when the checker cannot judge by ``expected``, or would refuse it as an answer."""
    facts = _facts(draft, expected)
    file = draft.key_file
    try:
        job.checker.check_key(facts)
    except ValueError as error:
        raise SpecError(f"test {draft.name!r}: answer key: {error}", file=file, line=draft.line) from None
    if job.validates and draft.answer is not MISSING:
        return  # the answer file of a validator may be anything
    judgement = checker.check(facts, job.answer_of(expected)) if checker else None
    if judgement is not None and not judgement.accepted:
        message = f"test {draft.name!r}: answer key: the checker refuses it as an answer: {judgement.message}"
        raise SpecError(message, file=file, line=draft.line)


def _facts(draft: Draft, expected: Any) -> CaseFacts:
    return CaseFacts(name=draft.name, arguments=draft.arguments, expected=expected)
