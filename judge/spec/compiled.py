"""What a problem must be to be offered in a compiled language: it has types that have a width, and names of its own.

An ``int`` of the signature is of any size in Python; a compiled language has it with ``integer_bits`` bits, 64 unless
the package says 128. A test beyond that is an error of the package, found when the plan is compiled: no program is ever
given a number that was cut off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judge.errors import SpecError
from judge.model import cpp_types, java_types
from judge.model.conform import brief
from judge.model.problem import ExampleSubmission
from judge.model.signature import Signature
from judge.model.widths import COMPILED, integer_beyond
from judge.spec.locations import Document
from judge.spec.schema import JudgeKeys

INTEGER_BITS = (64, 128)
_TAKEN_CLASSES = {"cpp20": cpp_types.KEYWORDS, "java17": java_types.KEYWORDS | java_types.TAKEN_BY_CLASSES}
_TAKEN = {"cpp20": cpp_types.KEYWORDS, "java17": java_types.KEYWORDS | java_types.TAKEN}


def check_compiled(document: Document, keys: JudgeKeys, signature: Signature) -> None:
    """Raises SpecError when a compiled language cannot express the problem."""
    if keys.integer_bits not in INTEGER_BITS:
        raise document.error(f"integer_bits: expected 64 or 128, found {keys.integer_bits}", "integer_bits")
    for at, language in enumerate(keys.languages):
        if language not in COMPILED:
            continue
        if keys.entry_point in _TAKEN[language]:
            message = f"entry_point: expected a name that {language} allows, found its keyword {keys.entry_point!r}"
            raise document.error(message, "entry_point")
        _check_names(document, language, signature)
        if language == "java17":
            _check_java(document, at, signature)


def _check_names(document: Document, language: str, signature: Signature) -> None:
    """Raises SpecError for names of a class and its methods that the language does not allow."""
    for at, method in enumerate(signature.methods):
        taken = _TAKEN_CLASSES[language] if at == 0 else _TAKEN[language]
        if method.name in taken or (at and method.name == signature.methods[0].name):
            message = f"methods: expected names that {language} allows, found {method.name!r}, which is taken there"
            raise document.error(message, "methods", method.name)


def _check_java(document: Document, at: int, signature: Signature) -> None:
    for kind in (*(parameter.type for parameter in signature.parameters), signature.returns):
        found = java_types.inexpressible(kind)
        if found is not None:
            raise document.error(f"languages: java17 has no type for {found}", "languages", at)


def check_examples(document: Document, languages: tuple[str, ...], examples: tuple[ExampleSubmission, ...]) -> None:
    """Raises SpecError for an example submission in a language that the problem does not take."""
    for example in examples:
        if example.program.language not in languages:
            message = f"{example.path}: expected a submission in {', '.join(languages)}"
            raise document.error(f"{message}, found one in {example.program.language}", "languages")


def check_widths(
    languages: tuple[str, ...],
    signature: Signature,
    values: Mapping[str, Any],
    *,
    test: str,
    file: str,
    line: int | None,
) -> None:
    """Raises SpecError when an integer of these typed values does not fit a compiled language's."""
    offered = [language for language in languages if language in COMPILED]
    if not offered:
        return
    for name, value in values.items():
        beyond = integer_beyond(value, signature.integer_bits)
        if beyond is not None:
            message = f"test {test!r}: {name}: expected integers of {signature.integer_bits} bits, since the problem is"
            message += f" offered in {', '.join(offered)}, found {brief(beyond)}"
            remedy = "declare integer_bits: 128, or take the language from the list"
            raise SpecError(f"{message}: {remedy}", file=file, line=line)
