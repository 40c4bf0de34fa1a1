"""From an outcome with an answer to a value that a checker may see, or to a failure."""

from __future__ import annotations

from typing import Any

from judge.grading.classify import Failure, classify
from judge.harness import wire
from judge.model.conform import Mismatch, conform
from judge.model.run import Limits, RunOutcome
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason, Verdict


def read_answer(outcome: RunOutcome, limits: Limits, returns: TypeExpr) -> tuple[Any, Failure | None]:
    """Returns the typed answer and no failure, or None and the failure."""
    failure = classify(outcome, limits)
    if failure is not None:
        return None, failure
    try:
        return conform(wire.decode(outcome.answer or b""), returns), None
    except wire.LimitError as error:
        return None, Failure(
            verdict=Verdict.OUTPUT_LIMIT_EXCEEDED, reason=Reason.ANSWER_SIZE, message=f"the answer: {error}"
        )
    except wire.WireError as error:
        return None, Failure(verdict=Verdict.RUNTIME_ERROR, reason=Reason.PROTOCOL, message=f"the answer: {error}")
    except Mismatch as mismatch:
        if mismatch.kind == "size":
            return None, Failure(
                verdict=Verdict.OUTPUT_LIMIT_EXCEEDED, reason=Reason.ANSWER_SIZE, message=str(mismatch)
            )
        reason = Reason.WRONG_SHAPE if mismatch.kind == "shape" else Reason.WRONG_TYPE
        return None, Failure(verdict=Verdict.WRONG_ANSWER, reason=reason, message=str(mismatch))
