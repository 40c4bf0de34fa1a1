"""What is known of a grading so far, and what it amounts to.

The first failure decides: of compiling or loading, else of a test; with groups, whose tests go on after a failure, it
is what the groups add up to. Facts are only added; ``verdict`` may be asked at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from judge.grading.classify import Failure
from judge.grading.scoring import Scoreboard
from judge.model.plan import TestPlan
from judge.model.report import CaseReport, Measurement, Phase
from judge.model.verdict import Reason, Verdict

ENDING = (Verdict.CANCELLED, Verdict.JUDGE_ERROR)  # no test is run after one of them


@dataclass(slots=True)
class Progress:
    """The state of one grading."""

    plan: TestPlan
    thorough: bool = False  # tests are run after one that decided
    patience: int | None = None  # how many tests a limit of time may then end; None: any number
    timeouts: int = 0  # tests that a limit of time ended
    cases: dict[int, CaseReport] = field(default_factory=dict)  # by position in the plan
    failure: Failure | None = None  # of compiling and loading
    failed_case: int | None = None  # the test that decided
    compiled: bool = False  # a box was opened and the program compiled
    compile_output: str = ""
    load_cpu_ns: int = 0
    gate_cpu_ns: int = 0  # of the complexity gate's calls that are not in its reports
    phases: list[Phase] = field(default_factory=list)
    earlier: dict[int, Measurement] = field(default_factory=dict)  # of tests that were run again, by position
    board: Scoreboard | None = None  # of the groups, when there are any

    def __post_init__(self) -> None:
        """Sets up the board."""
        self.board = Scoreboard(self.plan) if self.plan.groups else None

    @property
    def over(self) -> bool:
        """Whether no further test is to be run."""
        if self.failure is not None or self.failed_case is None:
            return self.failure is not None
        impatient = self.patience is not None and self.timeouts >= self.patience
        return not self.thorough or impatient or self.cases[self.failed_case].verdict in ENDING

    @property
    def accepted_so_far(self) -> bool:
        """Whether nothing has failed."""
        return self.failure is None and self.failed_case is None

    def wants(self, position: int) -> bool:
        """Whether the test is to be run: with groups some need not be."""
        return self.board is None or self.board.wanted(self.plan.cases[position].name)

    def finish(self, position: int, report: CaseReport) -> CaseReport:
        """Takes the report of a test and returns it with what was measured before."""
        if position in self.earlier:
            report = replace(report, earlier=(self.earlier[position],))
        self.cases[position] = report
        self.timeouts += report.verdict is Verdict.TIME_LIMIT_EXCEEDED
        accepted, ending = report.verdict is Verdict.ACCEPTED, report.verdict in ENDING
        if self.board is not None:
            self.board.note(report.name, accepted, report.evidence.get("points"))
        if not accepted and (ending or (self.board is None and self.failed_case is None)):
            self.failed_case = position
        return report

    def close_groups(self) -> None:
        """Says, when all tests are run, which of them decided against the groups."""
        if self.board is not None and self.accepted_so_far and not self.board.accepted():
            blamed = self.board.culprit({case.name: case.verdict for case in self.cases.values()})
            self.failed_case = min(
                at
                for at, case in self.cases.items()
                if case.name == blamed or (blamed is None and case.verdict is not Verdict.ACCEPTED)
            )

    def verdict(self) -> tuple[Verdict, Reason | None, str]:
        """The verdict, its reason and a message."""
        if self.failure is not None:
            return self.failure.verdict, self.failure.reason, self.failure.message
        if self.failed_case is not None:
            case = self.cases[self.failed_case]
            points = "" if self.board is None else f"{self.board.message()}; "
            return case.verdict, case.reason, f"{points}{case.name}: {case.message}"
        if self.board is not None:
            return Verdict.ACCEPTED, None, self.board.message()
        worth = "" if self._least == 1 else f"; the score is {self._least}"
        return Verdict.ACCEPTED, None, f"all {len(self.plan.reported)} tests passed{worth}"

    @property
    def score(self) -> Fraction:
        """That of the test with the least, 1 or 0 unless a checker says otherwise; 0 when not all are accepted.

        With groups it is their share of the points, unless the program did not run or we failed.
        """
        verdict, _, _ = self.verdict()
        if self.board is None or self.failure is not None or verdict in ENDING:
            return self._least if verdict is Verdict.ACCEPTED else Fraction(0)
        return self.board.share()

    @property
    def _least(self) -> Fraction:
        return min((case.score for case in self.cases.values()), default=Fraction(1))
