"""Which function of a submission is called in which box."""

from __future__ import annotations

from judge.checkers import build
from judge.checkers.contract import PairedChecker
from judge.model.plan import TestPlan
from judge.model.program import Program
from judge.model.signature import Signature


def function_of(plan: TestPlan, program: Program, box: int) -> tuple[str, Signature]:
    """Returns its name and signature: the entry point's in box 0, and in all others unless the checker knows another.

    A program may have an entry point of its own.
    """
    if box > 0:
        checker = build(plan.checker.name, plan.checker.parameters)
        if isinstance(checker, PairedChecker):
            return checker.second(plan.signature)
    return program.entry_point or plan.entry_point, plan.signature
