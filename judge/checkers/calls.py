"""The checker ``calls``: the results of an object's methods, each judged by another checker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from judge.checkers.any_of import INNER
from judge.checkers.construct import construct
from judge.checkers.contract import CaseChecker, CaseFacts
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Method, Signature
from judge.model.type_expr import NOTHING, TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Calls:
    """Accepts the results of a sequence of calls when another checker accepts each of them."""

    name: ClassVar[str] = "calls"

    checker: str = "exact"  # by which each result is judged, a key of INNER
    parameters: Mapping[str, Any] = field(default_factory=dict)  # of that checker

    def __post_init__(self) -> None:
        """Raises ValueError when the other checker cannot be built."""
        if not isinstance(self.parameters, Mapping):
            raise ValueError(f"parameters: expected a mapping, found {brief(self.parameters)}")
        self._inner()

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The results; raises ValueError for a signature without methods, or with a result that cannot be judged."""
        if not signature.methods:
            raise ValueError("expected a class, with methods, found a function")
        for method in signature.methods:
            self._check_method(method)
        return signature.returns

    def _check_method(self, method: Method) -> None:
        if method.returns == NOTHING:
            return
        try:
            expected = self._inner().expected_type(Signature(parameters=method.parameters, returns=method.returns))
        except ValueError as error:
            raise ValueError(f"method {method.name!r}: {error}") from None
        if expected != method.returns:
            raise ValueError(f"method {method.name!r}: expected a result of the type {expected}")

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected results are not those of the calls, or cannot be judged by."""
        if [name for name, _ in case.expected] != [call[0] for call in case.arguments["calls"]]:
            raise ValueError(f"expected a result for each of the {len(case.arguments['calls'])} calls, in their order")
        inner = self._inner()
        for number, each, _ in _pairs(case, case.expected):
            try:
                inner.check_key(each)
            except ValueError as error:
                raise ValueError(f"{_said(case, number)}: {error}") from None

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: as the other checker says of the first result that it rejects."""
        if [name for name, _ in answer] != [name for name, _ in case.expected]:
            message = f"expected the results of {len(case.expected)} calls, found others"
            return Judgement(accepted=False, reason=Reason.WRONG_SHAPE, message=message)
        if self.checker == "exact" and _same_scalars(case.expected, answer):
            return Judgement(accepted=True)
        inner, margins = self._inner(), []
        for number, each, result in _pairs(case, answer):
            judgement = inner.check(each, result)
            if not judgement.accepted:
                message = f"{_said(case, number)}: {judgement.message}"
                return replace(judgement, message=message, evidence={**judgement.evidence, "call": number})
            if judgement.margin is not None:
                margins.append(judgement.margin)
        return Judgement(accepted=True, margin=max(margins, default=None))

    def _inner(self) -> CaseChecker:
        inner: CaseChecker = construct(INNER, self.checker, self.parameters)
        return inner


def _same_scalars(expected: Any, answer: Any) -> bool:
    """Whether all results are equal ints, texts or nothing: most answers are right, and long ones take long."""
    kinds = {type(result) for pairs in (expected, answer) for _, result in pairs}
    return kinds <= {int, str, type(None)} and bool(expected == answer)


def _pairs(case: CaseFacts, answer: Any) -> Iterator[tuple[int, CaseFacts, Any]]:
    """Yields, for each call whose result counts, its number from 0, its facts, and its result."""
    calls = case.arguments["calls"]
    for number, (call, (_, expected), (_, result)) in enumerate(zip(calls, case.expected, answer, strict=True)):
        if number > 0 and not (expected is None and result is None):
            arguments = {str(at): value for at, value in enumerate(call[1:])}
            yield number, replace(case, arguments=arguments, expected=expected), result


def _said(case: CaseFacts, number: int) -> str:
    """A call in words: "call 3, get(7)"."""
    name, *arguments = case.arguments["calls"][number]
    return f"call {number}, {name}({', '.join(brief(value, 30) for value in arguments)})"
