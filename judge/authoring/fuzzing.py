"""Differential fuzzing: made-up inputs, answered by the reference and by every accepted submission.

An input that the reference fails on, or whose key the checker refuses, is none that the statement admits, and is left.
An input on which an accepted submission's answer is not accepted is a witness; it is made smaller while that stays so,
and kept with the facts, to be tried first the next time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched, islice
from typing import Any

from judge.authoring.strategies import pool_of, smaller, variant
from judge.authoring.workers import Tools
from judge.checkers import build
from judge.checkers.contract import CaseChecker, CaseFacts, SeriesChecker
from judge.grading.answers import read_answer
from judge.grading.authors import AuthorCode
from judge.grading.interrupts import Uninterrupted
from judge.harness import wire
from judge.model.conform import Mismatch, conform
from judge.model.plan import TestPlan
from judge.model.problem import ExampleSubmission, Problem
from judge.model.program import Program
from judge.model.run import Isolation, Limits
from judge.model.verdict import Verdict
from judge.ports import BoxSpec, Call
from judge.spec.author import AUTHOR_LIMITS

BASES = 24  # tests whose arguments are changed: those with the smallest
SHRINKS = 40  # rounds at most
_MOST_SIMPLER = 60  # simpler inputs that are tried in a round
_AT_A_TIME = 6  # of them, in one box

Inputs = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class FuzzJob:
    """What a worker is asked for."""

    problem: Problem
    seed: int
    inputs: int
    first: tuple[bytes, ...] = ()  # encoded arguments of earlier witnesses


@dataclass(frozen=True, kw_only=True, slots=True)
class Witness:
    """An input on which an accepted submission is wrong."""

    path: str  # of the submission
    arguments: bytes  # encoded
    shown: str  # the same, to be read
    message: str  # what the checker, or the classifier, said
    seed: int  # of the round that found it


@dataclass(frozen=True, kw_only=True, slots=True)
class FuzzResult:
    """What one round came to."""

    tried: int
    admitted: int  # of them, inputs that the reference answered
    witnesses: tuple[Witness, ...]  # one for each submission that has any


def fuzz(tools: Tools, job: FuzzJob) -> FuzzResult:
    """A worker's job: one round."""
    plan = tools.plan_of(job.problem)
    with AuthorCode(plan, tools.companions, Uninterrupted()) as authors:
        built = build(plan.checker.name, plan.checker.parameters)
        checker = authors.behind(built)
        assert not isinstance(checker, SeriesChecker)
        bench = _Bench(tools, job.problem, plan, checker)
        known = [plan.arguments_of(replace(plan.cases[0], arguments=each)) for each in job.first]
        inputs = [*known, *_made(plan, job)]
        keys = bench.keys(inputs)
        admitted = [at for at, key in enumerate(keys) if key is not None]
        witnesses: list[Witness] = []
        for example in job.problem.examples:
            if example.verdict is Verdict.ACCEPTED:
                witnesses += bench.witness(example, [inputs[at] for at in admitted], [keys[at] for at in admitted], job)
        return FuzzResult(tried=len(inputs), admitted=len(admitted), witnesses=tuple(witnesses))


def _made(plan: TestPlan, job: FuzzJob) -> Iterator[dict[str, Any]]:
    rng = random.Random(job.seed)
    order = sorted(plan.cases, key=lambda case: len(case.arguments))
    tests = [plan.arguments_of(case) for case in order[:BASES]]
    parameters = tuple(one for one in plan.signature.parameters if one.name in tests[0])
    pool = {parameter.name: pool_of(parameter.name, list(tests)) for parameter in parameters}
    for _ in range(job.inputs):
        yield variant(parameters, rng.choice(tests), pool, rng)


class _Bench:
    """Asks programs and the checker."""

    def __init__(self, tools: Tools, problem: Problem, plan: TestPlan, checker: CaseChecker) -> None:
        self._tools = tools
        self._problem = problem
        self._plan = plan
        self._checker = checker

    def keys(self, inputs: Inputs) -> list[Any]:
        """What the reference expects for each input; None for one that is not admitted."""
        author = self._problem.reference
        assert author is not None
        found: list[Any] = []
        for at, outcome in enumerate(self._run(author.program, author.function, inputs, AUTHOR_LIMITS)):
            found.append(self._key(inputs[at], outcome))
        return found

    def _key(self, arguments: Mapping[str, Any], outcome: Any) -> Any:
        if outcome.answer is None:
            return None
        try:
            key = conform(wire.decode(outcome.answer), self._plan.expected_type)
            self._checker.check_key(CaseFacts(name="fuzz", arguments=arguments, expected=key))
        except (Mismatch, wire.WireError, ValueError):
            return None
        return (key,)

    def witness(
        self, example: ExampleSubmission, inputs: Inputs, keys: Sequence[Any], job: FuzzJob
    ) -> Iterator[Witness]:
        """Yields the first input on which the submission is wrong, made small."""
        found = next(self._wrong(example, inputs, keys), None)
        if found is None:
            return
        at, message = found
        arguments = dict(inputs[at])
        for _ in range(SHRINKS):
            simpler = self._simpler(example, arguments)
            if simpler is None:
                break
            arguments, message = simpler
        encoded = wire.encode(arguments)
        yield Witness(path=example.path, arguments=encoded, shown=repr(arguments), message=message, seed=job.seed)

    def _simpler(self, example: ExampleSubmission, arguments: dict[str, Any]) -> tuple[dict[str, Any], str] | None:
        parameters = tuple(one for one in self._plan.signature.parameters if one.name in arguments)
        for tried in batched(islice(smaller(parameters, arguments), _MOST_SIMPLER), _AT_A_TIME):
            keys = self.keys(tried)
            usable = [at for at, key in enumerate(keys) if key is not None]
            wrong = self._wrong(example, [tried[at] for at in usable], [keys[at] for at in usable])
            found = next(wrong, None)
            if found is not None:
                return tried[usable[found[0]]], found[1]
        return None

    def _wrong(self, example: ExampleSubmission, inputs: Inputs, keys: Sequence[Any]) -> Iterator[tuple[int, str]]:
        limits, returns = self._plan.limits, self._plan.signature.returns
        entry = example.program.entry_point or self._plan.entry_point
        for at, outcome in enumerate(self._run(example.program, entry, inputs, limits)):
            answer, failure = read_answer(outcome, limits, returns)
            if failure is not None:
                yield at, failure.message
                continue
            facts = CaseFacts(name="fuzz", arguments=inputs[at], expected=keys[at][0])
            judgement = self._checker.check(facts, answer)
            if not judgement.accepted:
                yield at, judgement.message

    def _run(self, program: Program, entry_point: str, inputs: Inputs, limits: Limits) -> Iterator[Any]:
        """Yields the outcome of each call; a box that died is opened again."""
        waiting = [wire.encode(dict(arguments)) for arguments in inputs]
        while waiting:
            spec = BoxSpec(
                program=program,
                entry_point=entry_point,
                isolation=Isolation.TEST,
                load_limits=AUTHOR_LIMITS,
                runtime=self._plan.runtime,
                signature=self._plan.signature,
            )
            with self._tools.sandbox.open(spec) as box:
                if not box.load().loaded:
                    return
                outcomes = []
                while waiting and box.alive:
                    outcomes.append(box.call(Call(arguments=waiting.pop(0), limits=limits)))
            yield from outcomes
