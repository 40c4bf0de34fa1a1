"""Problem -> TestPlan: makes the tests, computes their expected values, checks them.

For every test, in this order: its arguments are written out or come from the generator, and conform to the signature;
its expected value is written out or comes from the reference, and conforms to the type that the checker asks for;
where both exist they agree; the checker accepts the value as a key to judge by. Then come the values that the package
declares wrong. Then the tests are compared with the lock file. The arguments' bytes are made from typed values, so the
same package gives the same plan whatever the author's code returned them as.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from judge.author.box import AuthorFault
from judge.author.checker import AuthoredCheck
from judge.author.validator import ValidatorCheck
from judge.checkers import build
from judge.checkers.contract import AuthoredChecker, CaseChecker, CaseFacts, Checker, SeriesChecker
from judge.checkers.validator import NO_POINTS, Validator
from judge.errors import SpecError
from judge.harness import wire
from judge.model.conform import Mismatch, brief, conform
from judge.model.plan import CheckerSpec, Environment, TestCase, TestPlan
from judge.model.problem import Problem
from judge.model.program import AuthorFunction, Program
from judge.model.run import Isolation
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.ports import Companions, Sandbox
from judge.spec import complexity
from judge.spec.alternatives import same, with_alternatives
from judge.spec.author import AuthorCode, author_code, author_error, generator_program
from judge.spec.cases import CaseTypes, check_names
from judge.spec.compiled import check_widths
from judge.spec.examined import examined_plan
from judge.spec.keys import JUDGE_FILE
from judge.spec.lock import check_lock
from judge.spec.outputs import input_of, output_of
from judge.spec.rehearsal import check_environment
from judge.spec.timing import timed
from judge.spec.toolchains import toolchain_of

_MISSING = object()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Draft:
    """A test whose expected value is not decided yet."""

    name: str
    sample: bool
    arguments: dict[str, Any]  # typed
    answer: Any  # typed; _MISSING when it is not written out
    file: str  # where it comes from, for messages
    line: int | None

    @property
    def key_file(self) -> str:
        """Where its answer stands: beside its arguments, if it is written out."""
        return self.file if self.answer is _MISSING else f"{self.file.removesuffix('.in')}.ans"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Job:
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


def compile_plan(
    problem: Problem,
    sandbox: Sandbox,
    *,
    companions: Companions | None = None,
    lock: bool = True,
    hash_seed: int = 0,
) -> TestPlan:
    """Returns the plan. Raises SpecError; with ``lock``, also when the tests are not those of the lock file.

    Raises EnvironmentFault when this machine lacks the problem's runtime. ``companions`` are needed where a validator
    takes part in runs whose time limit is to be measured: InfrastructureError without. ``hash_seed`` decides in which
    order the author's programs see a set of texts: no plan may depend on it.
    """
    toolchain_of(problem, sandbox)
    if problem.examiner is not None:
        return examined_plan(problem, sandbox)
    checker = build(problem.checker.name, problem.checker.parameters)
    types = CaseTypes.of(problem.signature, checker, problem.environment)
    judge_file = str(Path(problem.root) / JUDGE_FILE)
    job = _Job(
        problem=problem, sandbox=sandbox, checker=checker, types=types, judge_file=judge_file, hash_seed=hash_seed
    )
    drafts = [*_written(problem), *_generated(job)]
    _check_unique(drafts)
    made = tuple(_cases(job, drafts))
    tests = len(made) - _gate_size(problem)
    plan = TestPlan(
        slug=problem.slug,
        family=problem.family,
        name=problem.name,
        kind=problem.kind,
        entry_point=problem.entry_point,
        signature=problem.signature,
        expected_type=types.expected,
        isolation=problem.isolation,
        limits=problem.limits,
        load_limits=problem.load_limits,
        code_bytes=problem.code_bytes,
        languages=problem.languages,
        runtime=problem.runtime,
        checker=_without_line(problem.checker),
        cases=made[:tests],
        complexity=complexity.gate_of(problem.complexity, made[tests:], judge_file),
        environment=_without_lines(problem.environment),
        groups=problem.groups,
        included=problem.included,
        passes=problem.passes,
    )
    plan = timed(problem, plan, sandbox, companions)
    plan = with_alternatives(plan, problem.alternatives, sandbox, checker, file=judge_file, hash_seed=hash_seed)
    check_environment(problem, plan, sandbox, judge_file)
    if lock:
        check_lock(problem, plan)
    return plan


def _gate_size(problem: Problem) -> int:
    """How many inputs the complexity gate has."""
    gate = problem.complexity
    return 0 if gate is None else len(gate.sizes) * len(gate.families)


def _without_line(checker: CheckerSpec) -> CheckerSpec:
    """Where ``judge.yaml`` names the author's function is for messages: no plan depends on it."""
    return checker if checker.author is None else replace(checker, author=replace(checker.author, line=None))


def _without_lines(environment: Environment | None) -> Environment | None:
    return environment and replace(environment, author=replace(environment.author, line=None))


def _author_code(
    job: _Job, author: AuthorFunction, program: Program, signature: Signature | None = None
) -> AbstractContextManager[AuthorCode]:
    return author_code(
        job.sandbox,
        author,
        program,
        file=job.judge_file,
        runtime=job.problem.runtime,
        hash_seed=job.hash_seed,
        signature=signature,
    )


# --- arguments ----------------------------------------------------------------------------------------------------


def _written(problem: Problem) -> Iterator[_Draft]:
    for case in problem.written:
        yield _Draft(
            name=case.name,
            sample=case.sample,
            arguments=case.arguments,
            answer=case.answer if case.has_answer else _MISSING,
            file=str(Path(problem.root) / case.file),
            line=None,
        )


def _generated(job: _Job) -> Iterator[_Draft]:
    generator = job.problem.generator
    if generator is None:
        return
    with _author_code(job, generator, generator_program(generator)) as generate:
        for call in _generator_calls(job.problem):
            yield _generate(job, *call, generate)


def _generator_calls(problem: Problem) -> Iterator[tuple[str, int, dict[str, Any], int]]:
    """Yields name, seed, parameters and line of every generated test, then of the complexity gate's inputs."""
    for group in problem.generated:
        for index in range(group.count):
            yield f"secret/{group.name}-{index + 1:02d}", group.seed + index, group.params, group.line
    if problem.complexity is not None:
        yield from complexity.calls(problem.complexity)


def _generate(job: _Job, name: str, seed: int, params: dict[str, Any], line: int, generate: AuthorCode) -> _Draft:
    file = job.judge_file
    question = wire.encode({"seed": seed, "params": params})
    value = generate.call(question, file=file, line=line, what=f"test {name!r}", audit=True)
    if job.problem.isolation is Isolation.PROCESS:
        value = input_of(value)
    if not isinstance(value, dict):
        message = f"test {name!r}: the generator must return a mapping of arguments, found {brief(value)}"
        raise SpecError(message, file=file, line=line)
    check_names(value, job.types, file=file, line=line)
    arguments = {p.name: _typed(value[p.name], p.type, p.name, name, file, line) for p in job.types.parameters}
    return _Draft(name=name, sample=False, arguments=arguments, answer=_MISSING, file=file, line=line)


def _typed(value: Any, expected: TypeExpr, where: str, name: str, file: str, line: int | None) -> Any:
    try:
        return conform(value, expected, where)
    except Mismatch as error:
        raise SpecError(f"test {name!r}: {error}", file=file, line=line) from None


def _check_unique(drafts: list[_Draft]) -> None:
    seen: set[str] = set()
    for draft in drafts:
        if draft.name in seen:
            raise SpecError(f"two tests have the name {draft.name!r}", file=draft.file, line=draft.line)
        seen.add(draft.name)


# --- expected values ----------------------------------------------------------------------------------------------


def _cases(job: _Job, drafts: list[_Draft]) -> Iterator[TestCase]:
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
def _case_checker(job: _Job) -> Iterator[CaseChecker | None]:
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


def _authored(job: _Job, checker: AuthoredChecker, author: AuthorFunction) -> AuthoredCheck | ValidatorCheck:
    runtime = job.problem.runtime
    if isinstance(checker, Validator):
        return ValidatorCheck(checker, author, lambda: job.sandbox, runtime=runtime, candid=True)
    oracles = job.problem.environment is not None
    return AuthoredCheck(checker, author, lambda: job.sandbox, oracles=oracles, runtime=runtime, candid=True)


def _encode(draft: _Draft, value: Any, what: str, file: str = "") -> bytes:
    try:
        return wire.encode(value)
    except wire.LimitError as error:
        message = f"test {draft.name!r}: {what} cannot be sent: {error}"
        raise SpecError(message, file=file or draft.file, line=draft.line) from None


def _ask_reference(job: _Job, drafts: list[_Draft], arguments: list[bytes]) -> Generator[Any, None, None]:
    """Yields what the reference gives for each test, typed; _MISSING when there is none. Raises SpecError."""
    author = job.problem.reference
    if author is None:
        yield from [_MISSING] * len(drafts)
        return
    if job.problem.isolation is Isolation.PROCESS:
        yield from (_output(job, draft, author) for draft in drafts)
        return
    with _author_code(job, author, author.program, job.problem.signature) as reference:
        for draft, encoded in zip(drafts, arguments, strict=True):
            raw = reference.call(encoded, file=draft.file, line=draft.line, what=f"test {draft.name!r}")
            expected = job.types.expected
            yield _typed(raw, expected, "the reference's answer", draft.name, draft.file, draft.line)


def _output(job: _Job, draft: _Draft, author: AuthorFunction) -> Any:
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


def _check_widths(job: _Job, draft: _Draft, expected: Any) -> None:
    """Raises SpecError when a compiled language has no room for an integer of the test."""
    problem = job.problem
    answers = {"the answer": expected} if job.types.expected == problem.signature.returns else {}
    seen = {
        part.name: draft.arguments[part.name] for part in problem.signature.parameters if part.name in draft.arguments
    }
    for values, file in ((seen, draft.file), (answers, draft.key_file)):
        check_widths(problem.languages, problem.signature, values, test=draft.name, file=file, line=draft.line)


def _expected(job: _Job, checker: CaseChecker | None, draft: _Draft, value: Any) -> Any:
    """Returns the answer that is written out, or the reference's ``value``. Raises SpecError unless they agree."""
    if draft.answer is _MISSING:
        return value
    if value is not _MISSING:
        _check_agreement(job, checker, draft, value)
    return draft.answer


def _check_agreement(job: _Job, checker: CaseChecker | None, draft: _Draft, value: Any) -> None:
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


def _check_key(job: _Job, checker: CaseChecker | None, draft: _Draft, expected: Any) -> None:
    """Raises SpecError when the checker cannot judge by ``expected``, or would refuse it as an answer."""
    facts = _facts(draft, expected)
    file = draft.key_file
    try:
        job.checker.check_key(facts)
    except ValueError as error:
        raise SpecError(f"test {draft.name!r}: answer key: {error}", file=file, line=draft.line) from None
    if job.validates and draft.answer is not _MISSING:
        return  # the answer file of a validator may be anything
    judgement = checker.check(facts, job.answer_of(expected)) if checker else None
    if judgement is not None and not judgement.accepted:
        message = f"test {draft.name!r}: answer key: the checker refuses it as an answer: {judgement.message}"
        raise SpecError(message, file=file, line=draft.line)


def _facts(draft: _Draft, expected: Any) -> CaseFacts:
    return CaseFacts(name=draft.name, arguments=draft.arguments, expected=expected)
