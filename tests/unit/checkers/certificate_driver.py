"""What the tests of certificate checkers share: a judge for one package's checker, and mutants of right answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import settings

from judge.checkers import build
from judge.checkers.contract import CaseFacts
from judge.model.conform import conform
from judge.model.report import Judgement
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.model.verdict import Reason

STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=80)
HUGE = 10**40


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A checker with the signature that it judges."""

    name: str
    parameters: Mapping[str, Any]  # of the checker
    types: Mapping[str, str]  # of the entry point's parameters
    returns: str

    @property
    def signature(self) -> Signature:
        declared = tuple(Parameter(name=name, type=parse_type(text)) for name, text in self.types.items())
        return Signature(parameters=declared, returns=parse_type(self.returns))

    @property
    def checker(self) -> Any:
        return build(self.name, self.parameters)

    def case(self, expected: Any, **arguments: Any) -> CaseFacts:
        """The case, typed as by a compiler, and with its key verified."""
        signature, checker = self.signature, self.checker
        case = CaseFacts(
            name="case",
            arguments={p.name: conform(arguments[p.name], p.type, p.name) for p in signature.parameters},
            expected=conform(expected, checker.expected_type(signature), "expected"),
        )
        checker.check_key(case)
        return case

    def judge(self, case: CaseFacts, answer: Any) -> Judgement:
        """The judgement on an answer; what holds for every judgement is asserted."""
        judgement: Judgement = self.checker.check(case, conform(answer, self.signature.returns))
        json.dumps(judgement.evidence, allow_nan=False)
        assert judgement.accepted == (judgement.reason is None) == (judgement.message == "")
        assert judgement.reason is not Reason.CHECKER
        assert judgement.margin is None or 0 <= judgement.margin <= (1 if judgement.accepted else np.inf)
        assert len(judgement.message) < 600
        return judgement

    def agrees(self, case: CaseFacts, answers: Iterable[Any], right: Callable[[Any], bool]) -> None:
        """Asserts that exactly the answers that are ``right`` are accepted."""
        for answer in answers:
            judgement = self.judge(case, answer)
            assert judgement.accepted == right(answer), (answer, judgement)


def mutants(answer: list[Any]) -> Iterator[list[Any]]:
    """Yields the answer, and it with one element dropped, repeated, moved, changed by one, or far out of range."""
    yield answer
    yield answer[::-1]
    yield []
    for at, element in enumerate(answer):
        before, after = answer[:at], answer[at + 1 :]
        yield before + after
        yield [*before, element, element, *after]
        yield [*after, *before, element]
        for other in range(at):
            yield [*answer[:other], element, *answer[other + 1 : at], answer[other], *after]
            yield [*before, answer[other], *after]
        for changed in _changed(element):
            yield [*before, changed, *after]
    for extra in (0, 1, -1, HUGE) if answer and isinstance(answer[0], int) else ():
        yield [*answer, extra]


def _changed(element: Any) -> Iterator[Any]:
    if isinstance(element, (tuple, list)):
        for at, member in enumerate(element):
            for changed in _changed(member):
                yield (*element[:at], changed, *element[at + 1 :])
        yield tuple(element[::-1])
    elif isinstance(element, str):
        yield from ("", element + "x")
    else:
        yield from (element + 1, element - 1, -1 - element, HUGE, -HUGE)
