"""A package whose submissions are the answers themselves: ``kind: answer``, with types, tests and checkers as of calls.

Nothing of a submission is run, so keys that say how it is run are refused.
"""

from __future__ import annotations

from judge.checkers import build
from judge.checkers.contract import SeriesChecker
from judge.model.plan import CheckerSpec
from judge.model.program import ANSWER
from judge.spec.locations import Document
from judge.spec.schema import AnswerKeys

_OF_PROGRAMS = ("isolation", "integer_bits", "oracles", "environment", "complexity", "starters")


def check_answer_keys(document: Document, keys: AnswerKeys) -> None:
    """Raises SpecError for a key that only programs have."""
    for key in _OF_PROGRAMS:
        if isinstance(document.value, dict) and key in document.value:
            raise document.error(f"{key}: a submission of kind 'answer' is not run: expected no such key", key)
    if keys.languages != (ANSWER,):
        found = ", ".join(keys.languages) or "none"
        raise document.error(f"languages: expected {ANSWER!r} for the kind 'answer', found {found}", "languages")


def check_answer_checker(document: Document, checker: CheckerSpec) -> None:
    """Raises SpecError for a checker that asks more than once."""
    if isinstance(build(checker.name, checker.parameters), SeriesChecker):
        message = f"checker: {checker.name!r} judges many calls, and a submission of kind 'answer' has none"
        raise document.error(message, "checker")
