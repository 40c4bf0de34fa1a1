"""Whether a report is what a package demands of one of its example submissions.

A rule on tests (``permitted``, ``required``, a message) is about every test that was run; it can be judged as a whole
only by a thorough grading, which runs them all. Verdicts are compared as the package format has them: memory, output
and forbidden calls count as RTE. A test that did not run says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from judge.grading.scoring import Scoreboard
from judge.model.plan import TestPlan
from judge.model.problem import ExampleSubmission, Expectation
from judge.model.report import CaseReport, Report
from judge.model.verdict import Verdict
from judge.spec.submissions import CODES, matches

_SLACK = 1e-6  # of points that are written in decimals: a third has infinitely many


def broken_expectations(example: ExampleSubmission, report: Report, plan: TestPlan) -> list[str]:
    """Returns what is not as the package demands, in words; nothing when everything is."""
    return [*_whole(example, report, plan), *_tests(example, report), *_points(example, report, plan)]


def _whole(example: ExampleSubmission, report: Report, plan: TestPlan) -> Iterator[str]:
    """The verdict and the score of the whole submission."""
    allowed = example.verdicts or (() if example.verdict is None else (example.verdict,))
    if allowed and report.verdict not in allowed:
        yield f"expected {' or '.join(allowed)}, found {report.verdict}: {report.message}"
    if plan.groups and Fraction(plan.groups[0].zero_score) == Fraction(plan.groups[0].full_score):
        return  # no number of points is all of them
    if example.full_score is True and report.score < 1:
        yield f"expected all points, found {report.message}"
    if example.full_score is False and report.score >= 1:
        yield f"expected fewer than all points, found {report.message}"


def _tests(example: ExampleSubmission, report: Report) -> Iterator[str]:
    """The rules on tests, one by one."""
    for rule in example.expectations:
        cases = [case for case in report.cases if _is_meant(rule, case)]
        codes = {case.name: CODES.get(case.verdict, case.verdict.value) for case in cases}
        where = f" of {rule.tests}" if rule.tests else ""
        for name, code in codes.items():
            if code not in rule.permitted:
                yield f"{name}: expected {' or '.join(rule.permitted) or 'nothing'}, found {code}"
        if codes and not set(codes.values()) & set(rule.required):
            found = ", ".join(sorted(set(codes.values())))
            yield f"expected a test{where} with {' or '.join(rule.required)}, found {found}"
        if rule.message and not any(rule.message in case.evidence.get("judgemessage", "") for case in cases):
            yield f"expected a test{where} with {rule.message!r} in judgemessage.txt, found none"


def _is_meant(rule: Expectation, case: CaseReport) -> bool:
    return case.verdict is not Verdict.SKIPPED and (not rule.tests or matches(rule.tests, case.name))


def _points(example: ExampleSubmission, report: Report, plan: TestPlan) -> Iterator[str]:
    """The points of the submission, or of a group."""
    if not plan.groups:
        return
    board = Scoreboard(plan)
    for case in report.cases:
        if case.verdict is not Verdict.SKIPPED:
            board.note(case.name, case.verdict is Verdict.ACCEPTED, case.evidence.get("points"))
    for rule in example.expectations:
        if rule.score is None:
            continue
        found = board.score(rule.tests)
        slack = _SLACK * max(1, *map(abs, rule.score))
        if found is not None and not rule.score[0] - slack <= found <= rule.score[1] + slack:
            wanted = " to ".join(dict.fromkeys(f"{bound:g}" for bound in rule.score))
            yield f"expected {wanted} points{f' of {rule.tests}' if rule.tests else ''}, found {float(found):g}"
