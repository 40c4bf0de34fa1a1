"""The checker ``output``: what a program wrote, by the default output validator of the Kattis package format.

A test's expected value is the answer file and the validator's arguments, for each test may have its own:
``case_sensitive``, ``space_change_sensitive``, ``float_relative_tolerance E``, ``float_absolute_tolerance E``,
``float_tolerance E``. Both texts are bytes: they are compared as UTF-8 when both are, and byte by byte otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts
from judge.checkers.number_text import read_number
from judge.checkers.structure import DifferenceError
from judge.checkers.text_parts import Part, texts_of
from judge.checkers.text_rule import TextRule
from judge.checkers.tokens import Tokens
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr, parse_type

_SWITCHES = ("case_sensitive", "space_change_sensitive")
_TOLERANCES = ("float_relative_tolerance", "float_absolute_tolerance", "float_tolerance")


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """Accepts an output with the tokens of the answer file, by the arguments of each test."""

    name: ClassVar[str] = "output"

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The answer file and the arguments; raises ValueError unless the return type is bytes."""
        if str(signature.returns) != "bytes":
            raise ValueError(f"expected the return type bytes, found {signature.returns}")
        return parse_type("tuple[bytes, list[str]]")

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError for arguments that the validator does not have, and unless it accepts the answer file."""
        answer, arguments = case.expected
        options_of(arguments)
        judgement = self.check(case, answer)
        if not judgement.accepted:
            raise ValueError(f"the validator refuses the answer file as an output: {judgement.message}")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, wrong_type, not_finite, wrong_value or accepted, with the margin used."""
        expected, arguments = case.expected
        found, wanted = texts_of(answer, expected)
        try:
            rule = TextRule.of(options_of(arguments))
            return rule.judge([Part(text=found, where="output")], [Part(text=wanted, where="output")])
        except DifferenceError as difference:
            return difference.judgement


def options_of(arguments: Sequence[str]) -> Tokens:
    """Returns what the validator's command line says. Raises ValueError."""
    given: dict[str, Any] = {}
    waiting = list(arguments)
    while waiting:
        name = waiting.pop(0)
        if name not in (*_SWITCHES, *_TOLERANCES):
            known = ", ".join((*_SWITCHES, *_TOLERANCES))
            raise ValueError(f"unknown argument {name!r} of the default output validator: expected one of {known}")
        if name in given:
            raise ValueError(f"the argument {name!r} of the default output validator stands twice")
        given[name] = True if name in _SWITCHES else _tolerance(name, waiting)
    return Tokens(**given)


def _tolerance(name: str, waiting: list[str]) -> float:
    text = waiting.pop(0) if waiting else ""
    number = read_number(text)
    if number is None:
        raise ValueError(f"{name}: expected a number after it, found {text!r}")
    return float(number)
