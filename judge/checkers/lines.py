"""The checker ``lines``: a text line by line, or a list of texts, by the rules of ``tokens`` within each line.

A line ends at a line feed. Where white space does not count, empty lines at the end of a text do not count either;
all other lines do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts
from judge.checkers.structure import DifferenceError
from judge.checkers.text_parts import SPACE, Part, texts_of
from judge.checkers.text_rule import TextRule
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """Accepts a text with the expected lines, each with the expected tokens, numbers within a tolerance."""

    name: ClassVar[str] = "lines"

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
        """The return type; raises ValueError unless it is str or list[str], or bytes, which a program writes."""
        if str(signature.returns) not in ("str", "list[str]", "bytes"):
            raise ValueError(f"expected the return type str, list[str] or bytes, found {signature.returns}")
        return signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when a token of the expected text is no number that can be judged against."""
        TextRule.of(self).check_key(_texts(case.expected)[0])

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, wrong_type, not_finite, wrong_value or accepted, with the margin used."""
        try:
            found, wanted = self._lines(answer, case.expected)
            return TextRule.of(self).judge(found, wanted)
        except DifferenceError as difference:
            return difference.judgement

    def _lines(self, answer: Any, expected: Any) -> tuple[list[Part], list[Part]]:
        """Returns the lines of both. Raises DifferenceError when their numbers differ."""
        mine, theirs = _texts(answer, expected)
        if len(mine) != len(theirs):
            raise DifferenceError(Reason.WRONG_SHAPE, f"answer: the length {len(mine)} is not the right one")
        found: list[Part] = []
        wanted: list[Part] = []
        for text, reference in zip(mine, theirs, strict=True):
            lines, references = self._split(text), self._split(reference)
            if len(lines) != len(references):
                message = f"{text.where}: the number of lines, {len(lines)}, is not the right one"
                raise DifferenceError(Reason.WRONG_SHAPE, message)
            found += lines
            wanted += references
        return found, wanted

    def _split(self, part: Part) -> list[Part]:
        text = part.text if self.space_change_sensitive else part.text.rstrip(SPACE)
        return [Part(text=line, where=f"line {at} of {part.where}") for at, line in enumerate(text.split("\n"), 1)]


def _texts(*values: Any) -> list[list[Part]]:
    if isinstance(values[0], list):
        return [[Part(text=text, where=f"answer[{at}]") for at, text in enumerate(value)] for value in values]
    return [[Part(text=text, where="answer")] for text in texts_of(*values)]
