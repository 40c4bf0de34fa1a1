"""A submission that is the answers themselves: a file for each test, and no box.

A file belongs to the test whose name it has, with or without the group: ``secret/01.out`` or ``01.out`` is the answer
to ``secret/01``. The endings .out, .ans, .json and .txt are left out of it. With one test alone, a single file may have
any name. What is submitted must belong to a test; a test without a file has no answer.

``SubmittedBox`` stands where a box would: a call gives the file as the outcome of a run that took nothing, so that an
answer is judged as one that a program gave. Where answers have types they are written in JSON, as in tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from judge.errors import SpecError
from judge.grading.classify import Failure
from judge.harness import wire
from judge.model.conform import Mismatch
from judge.model.json_text import parse_json
from judge.model.json_values import unfold
from judge.model.plan import TestCase, TestPlan
from judge.model.program import ANSWER_ENDINGS, Program
from judge.model.report import CaseReport, skipped_case
from judge.model.run import BurstOutcome, Isolation, RunOutcome, Stage
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason, Verdict
from judge.ports import Burst, Call

_SHOWN = 5  # names in a message


class Answers:
    """The files of a submission, by the tests that they answer."""

    def __init__(self, plan: TestPlan, program: Program) -> None:
        self._plan = plan
        self._ending = ".out" if plan.isolation is Isolation.PROCESS else ".json"  # in messages: any of them is taken
        self._found: dict[str, bytes] = {}
        self.failure: Failure | None = None  # why the files cannot be told apart
        names = _names(plan.cases)
        for file in program.files:
            name = names.get(_stem(file.path))
            if name is None and len(plan.cases) == len(program.files) == 1:
                name = plan.cases[0].name
            if name is None or name in self._found:
                self.failure = self.failure or self._misnamed(file.path, name)
                continue
            self._found[name] = file.content

    def box(self, case: TestCase) -> SubmittedBox | None:
        """What stands where the test's box would; None when there is no file for it."""
        content = self._found.get(case.name)
        return None if content is None else SubmittedBox(self._plan, case, content)

    def missing(self, case: TestCase) -> CaseReport:
        """The report on a test without a file."""
        message = f"expected a file {case.name}{self._ending}, found none"
        skipped = skipped_case(case.name, case.sample)
        return replace(skipped, verdict=Verdict.RUNTIME_ERROR, reason=Reason.NO_ANSWER, message=message)

    def _misnamed(self, path: str, name: str | None) -> Failure:
        expected = ", ".join(f"{case.name}{self._ending}" for case in self._plan.cases[:_SHOWN])
        more = ", ..." if len(self._plan.cases) > _SHOWN else ""
        found = f"is a second answer to the test {name}" if name else "belongs to no test"
        message = f"the file {path!r} {found}: expected {expected}{more}"
        return Failure(verdict=Verdict.COMPILE_ERROR, reason=Reason.ENTRY_POINT, message=message)


class SubmittedBox:
    """The port ``Box`` for a test that is answered already."""

    alive = True

    def __init__(self, plan: TestPlan, case: TestCase, content: bytes) -> None:
        self._plan = plan
        self._case = case
        self._content = content

    def load(self) -> RunOutcome:
        """There is nothing to load."""
        return RunOutcome(stage=Stage.LOAD, loaded=True)

    def call(self, call: Call) -> RunOutcome:
        """Gives the file as the answer."""
        if self._plan.isolation is Isolation.PROCESS:
            return RunOutcome(stage=Stage.CALL, answer=wire.encode(self._content))
        try:
            return RunOutcome(stage=Stage.CALL, answer=_encoded(self._content, self._plan.signature.returns))
        except (SpecError, Mismatch, UnicodeDecodeError) as error:
            said = f"line {error.line}: {error.message}" if isinstance(error, SpecError) and error.line else str(error)
            return RunOutcome(stage=Stage.CALL, unencodable=f"the answer to {self._case.name}: {said}")
        except wire.LimitError as error:
            return RunOutcome(stage=Stage.CALL, too_large=str(error))

    def burst(self, burst: Burst) -> BurstOutcome:
        """Gives the file as the answer to the first."""
        return BurstOutcome(last=self.call(burst.first))


def _encoded(content: bytes, returns: TypeExpr) -> bytes:
    """Returns a JSON text as the wire has its value. Raises SpecError, Mismatch, UnicodeDecodeError or WireError."""
    value = parse_json(content.decode("utf-8-sig"), "the answer")  # some editors begin a file with a byte order mark
    return wire.encode(unfold(value, returns, "the answer"))


def _names(cases: Sequence[TestCase]) -> dict[str, str]:
    """Returns the test that each name means: with its group, and without where that is one test's."""
    short: dict[str, str | None] = {}
    for case in cases:
        last = case.name.rpartition("/")[2]
        short[last] = None if last in short else case.name
    found = {name: case for name, case in short.items() if case is not None}
    return found | {case.name: case.name for case in cases}


def _stem(path: str) -> str:
    return next((path.removesuffix(ending) for ending in ANSWER_ENDINGS if path.endswith(ending)), path)
