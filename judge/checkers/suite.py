"""The checker ``suite``: a candidate's tests pass on right implementations and fail on wrong ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts
from judge.model.report import Judgement
from judge.model.signature import Form, Signature
from judge.model.text import visible
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Suite:
    """Accepts tests of which none fails when the implementation is right, and at least one when it is not."""

    name: ClassVar[str] = "suite"

    def expected_type(self, signature: Signature) -> TypeExpr:
        """A bool: whether the implementation is right. Raises ValueError for anything but tests."""
        if signature.form is not Form.TESTS:
            raise ValueError("expected a problem of kind 'tests'")
        return TypeExpr(name="bool")

    def check_key(self, case: CaseFacts) -> None:
        """Either will do."""

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``, pairs of a test's name and how it failed: right_rejected, mutant_survives or accepted."""
        failed = [(name, failure) for name, failure in answer if failure is not None]
        evidence = {"tests": len(answer), "failed": [visible(name) for name, _ in failed]}
        if case.expected and failed:
            name, failure = failed[0]
            message = f"{visible(name)} fails on a right implementation: {visible(failure)}"
            return Judgement(accepted=False, reason=Reason.RIGHT_REJECTED, message=message, evidence=evidence)
        if not case.expected and not failed:
            message = f"none of the {len(answer)} tests fails on this wrong implementation"
            return Judgement(accepted=False, reason=Reason.MUTANT_SURVIVES, message=message, evidence=evidence)
        return Judgement(accepted=True, evidence=evidence)
