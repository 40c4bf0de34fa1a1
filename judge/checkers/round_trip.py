"""The checker ``round_trip``: what one function of the program writes, another one reads, in another process.

A case's expected value is what must come back: as a rule the argument itself. The entry point is called in one process
and the second function, with what the first returned, in another, so that nothing but the encoded value can carry it.
Any encoding is right from which the value comes back.
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts, Series, SeriesAnswer, SeriesCall
from judge.checkers.exact import Exact
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Form, Parameter, Signature
from judge.model.type_expr import TypeExpr

ENCODED = "encoded"  # the second function's parameter


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundTrip:
    """Accepts when the second function makes of the first one's answer exactly the expected value."""

    name: ClassVar[str] = "round_trip"

    inverse: str  # the name of the second function

    def __post_init__(self) -> None:
        """Raises ValueError unless ``inverse`` can be the name of a function."""
        _check_function(self.inverse)

    def second(self, signature: Signature) -> tuple[str, Signature]:
        """As of a PairedChecker: it takes what the entry point returns, and returns what that takes."""
        parameters = (Parameter(name=ENCODED, type=signature.returns),)
        return self.inverse, replace(signature, parameters=parameters, returns=signature.parameters[0].type)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The type of the only parameter; raises ValueError when there is another one, an oracle, or no function."""
        if signature.form is not Form.FUNCTION:
            raise ValueError(f"expected the signature of a function, found that of a {signature.form}")
        if len(signature.parameters) != 1 or signature.oracles:
            found = ", ".join(f"{p.name}: {p.type}" for p in signature.parameters) or "none"
            raise ValueError(f"expected one parameter, the value that comes back, found {found}")
        return Exact().expected_type(self.second(signature)[1])

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected value does not equal itself: it holds a NaN."""
        Exact().check_key(case)

    def absent_parameters(self) -> frozenset[str]:
        """None."""
        return frozenset()

    def for_cases(self, count: int) -> RoundTrip:
        """The same checker: it never errs by chance."""
        return self

    def open(self, case: CaseFacts, secret: bytes) -> Series:
        """Begins a series of two calls."""
        return _Trip(case)


class _Trip:
    """There and back."""

    def __init__(self, case: CaseFacts) -> None:
        self._case = case
        self._next: SeriesCall | None = SeriesCall(changes={})
        self._back: Any = None

    def next_call(self) -> SeriesCall | None:
        """As of a Series."""
        return self._next

    def observe(self, call: SeriesCall, answer: SeriesAnswer) -> None:
        """As of a Series."""
        self._next = SeriesCall(changes={ENCODED: answer.value}, box=1) if call.box == 0 else None
        self._back = answer.value

    def judgement(self) -> Judgement:
        """As of a Series."""
        found = Exact().check(self._case, self._back)
        return found if found.accepted else replace(found, message=f"there and back: {found.message}")


def _check_function(name: Any) -> None:
    if not isinstance(name, str) or not name.isascii() or not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"inverse: expected the name of a function, found {brief(name)}")
