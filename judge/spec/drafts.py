"""The tests before their expected values: a name and typed arguments, written out or from the generator.

Arguments conform to the signature here, whatever the author's code returned them as.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judge.errors import SpecError
from judge.harness import wire
from judge.model.conform import Mismatch, brief, conform
from judge.model.problem import Problem
from judge.model.run import Isolation
from judge.model.type_expr import TypeExpr
from judge.spec import complexity
from judge.spec.author import AuthorCode, generator_program
from judge.spec.cases import check_names
from judge.spec.job import Job
from judge.spec.outputs import input_of

MISSING = object()  # in the place of an answer: it is not written out


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A test whose expected value is not decided yet."""

    name: str
    sample: bool
    arguments: dict[str, Any]  # typed
    answer: Any  # typed; MISSING when it is not written out
    file: str  # where it comes from, for messages
    line: int | None

    @property
    def key_file(self) -> str:
        """Where its answer stands: beside its arguments, if it is written out."""
        return self.file if self.answer is MISSING else f"{self.file.removesuffix('.in')}.ans"


def written(problem: Problem) -> Iterator[Draft]:
    """Yields the tests that are written out, in order."""
    for case in problem.written:
        yield Draft(
            name=case.name,
            sample=case.sample,
            arguments=case.arguments,
            answer=case.answer if case.has_answer else MISSING,
            file=str(Path(problem.root) / case.file),
            line=None,
        )


def generated(job: Job) -> Iterator[Draft]:
    """Yields the tests that the generator makes, then the inputs of the complexity gate. Raises SpecError."""
    generator = job.problem.generator
    if generator is None:
        return
    with job.author_code(generator, generator_program(generator)) as generate:
        for call in _generator_calls(job.problem):
            yield _generate(job, *call, generate)


def _generator_calls(problem: Problem) -> Iterator[tuple[str, int, dict[str, Any], int]]:
    """Yields name, seed, parameters and line of every generated test, then of the complexity gate's inputs."""
    for group in problem.generated:
        for index in range(group.count):
            yield f"secret/{group.name}-{index + 1:02d}", group.seed + index, group.params, group.line
    if problem.complexity is not None:
        yield from complexity.calls(problem.complexity)


def _generate(job: Job, name: str, seed: int, params: dict[str, Any], line: int, generate: AuthorCode) -> Draft:
    file = job.judge_file
    question = wire.encode({"seed": seed, "params": params})
    value = generate.call(question, file=file, line=line, what=f"test {name!r}", audit=True)
    if job.problem.isolation is Isolation.PROCESS:
        value = input_of(value)
    if not isinstance(value, dict):
        message = f"test {name!r}: the generator must return a mapping of arguments, found {brief(value)}"
        raise SpecError(message, file=file, line=line)
    check_names(value, job.types, file=file, line=line)
    arguments = {p.name: typed(value[p.name], p.type, p.name, name, file, line) for p in job.types.parameters}
    return Draft(name=name, sample=False, arguments=arguments, answer=MISSING, file=file, line=line)


def typed(value: Any, expected: TypeExpr, where: str, name: str, file: str, line: int | None) -> Any:
    """Returns ``value`` as the type has it. Raises SpecError when it does not conform."""
    try:
        return conform(value, expected, where)
    except Mismatch as error:
        raise SpecError(f"test {name!r}: {error}", file=file, line=line) from None


def check_unique(drafts: list[Draft]) -> None:
    """Raises SpecError for a second test of one name."""
    seen: set[str] = set()
    for draft in drafts:
        if draft.name in seen:
            raise SpecError(f"two tests have the name {draft.name!r}", file=draft.file, line=draft.line)
        seen.add(draft.name)
