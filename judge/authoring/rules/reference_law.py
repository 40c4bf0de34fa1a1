"""``reference-law``: an accepted sampler keeps to the law over 100 000 draws, far more than a grading looks at.

Sampler and law are two artefacts of the author's; a small error of the law would otherwise be seen by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.variations import Variation, reports
from judge.checkers import build
from judge.checkers.sizing import Sized
from judge.model.finding import Finding
from judge.model.plan import CheckerSpec
from judge.model.verdict import Verdict

DRAWS = 100_000
MOST_CALLS = 20_000
_CALLS = "calls"  # the parameter of the checkers that says how often they ask


def check(package: Package) -> Iterator[Finding]:
    """Grades one accepted submission with many more calls."""
    plan = package.plan
    if not isinstance(package.checker, Sized) or not isinstance(getattr(package.checker, _CALLS, None), int):
        return
    example = next((one for one in package.problem.examples if one.verdict is Verdict.ACCEPTED), None)
    if example is None:
        return
    calls = _calls(package)
    if calls is None:
        yield RULE.info(f"the checker {plan.checker.name!r} cannot be asked for more calls")
        return
    changed = replace(plan, checker=_with_calls(plan.checker, calls), complexity=None)
    (report,) = reports(package, [Variation(name=example.path, plan=changed, program=example.program)])
    if report.verdict is not Verdict.ACCEPTED:
        message = f"with {calls} calls of each test it is {report.verdict} ({report.reason}): {report.message}"
        remedy = "find out which is wrong, the law (the reference) or the submission"
        yield RULE.error(message, example.path, remedy=remedy)


def _calls(package: Package) -> int | None:
    """How many calls make so many draws over all tests; None when the checker takes no such number."""
    rows = sum(_rows(package.plan.expected_of(case)) for case in package.plan.cases)
    calls = min(MOST_CALLS, max(int(getattr(package.checker, _CALLS)), -(-DRAWS // max(1, rows))))
    try:
        build(package.plan.checker.name, dict(package.plan.checker.parameters) | {_CALLS: calls})
    except ValueError:
        return None
    return calls


def _rows(law: Any) -> int:
    """How many draws a call makes: one for each row of the law."""
    return len(law) if hasattr(law, "__len__") and getattr(law, "ndim", 2) > 1 else 1


def _with_calls(checker: CheckerSpec, calls: int) -> CheckerSpec:
    return replace(checker, parameters=dict(checker.parameters) | {_CALLS: calls})


RULE = Rule(
    name="reference-law",
    level=Level.FULL,
    summary=f"an accepted sampler keeps to the law over {DRAWS} draws",
    check=check,
)
