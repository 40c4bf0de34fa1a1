"""The checker ``tokens``: a text, token by token, as the default output validator of the Kattis package format does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts
from judge.checkers.structure import DifferenceError
from judge.checkers.text_parts import Part, texts_of
from judge.checkers.text_rule import TextRule
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """Accepts a text with the expected tokens, numbers within a tolerance, whatever white space is between them."""

    name: ClassVar[str] = "tokens"

    case_sensitive: bool = False  # whether the case of ASCII letters counts
    space_change_sensitive: bool = False  # whether type and amount of white space count
    float_absolute_tolerance: float | None = None  # of expected tokens that are numbers
    float_relative_tolerance: float | None = None  # the same, relative to the expected number
    float_tolerance: float | None = None  # both at once
    exact_integers: bool = False  # with a tolerance: expected tokens without point and exponent are compared exactly
    nan: str = "refuse"  # or match; with a tolerance
    inf: str = "refuse"  # or match; with a tolerance

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter out of range and for parameters that contradict each other."""
        TextRule.of(self)

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError unless it is str, or bytes, which a program writes."""
        if str(signature.returns) not in ("str", "bytes"):
            raise ValueError(f"expected the return type str or bytes, found {signature.returns}")
        return signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when a token of the expected text is no number that can be judged against."""
        TextRule.of(self).check_key(_parts(case.expected))

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, wrong_type, not_finite, wrong_value or accepted, with the margin used."""
        try:
            found, wanted = _parts(answer, case.expected)
            return TextRule.of(self).judge([found], [wanted])
        except DifferenceError as difference:
            return difference.judgement


def _parts(*contents: str | bytes) -> list[Part]:
    return [Part(text=text, where="answer") for text in texts_of(*contents)]
