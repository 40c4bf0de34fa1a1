"""``submission-verdict``: every example submission gets exactly the verdict and the reason that it must get."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.trials import Trial
from judge.model.finding import Finding


def check(package: Package) -> Iterator[Finding]:
    """Compares what was declared with what the grader said."""
    for trial in package.matrix.trials:
        if not trial.as_declared:
            message = "; ".join(trial.broken) or _other_reason(trial)
            yield RULE.error(message, trial.path, remedy=_remedy(trial), replay=package.replay(trial.path))


def _other_reason(trial: Trial) -> str:
    report, expected = trial.report, _reason(trial.declared_reason)
    return f"expected {report.verdict} {expected}, found {report.verdict} {_reason(report.reason)}: {report.message}"


def _reason(reason: object) -> str:
    return "" if reason is None else f"({reason})"


def _remedy(trial: Trial) -> str:
    if trial.report.verdict is trial.declared:
        return "correct the reason under 'submissions' in judge.yaml, or the submission"
    if not trial.failed and not trial.report.compile_output:
        return "add a test that it fails, or move it to submissions/accepted"
    return "correct the submission, the checker or the tests, or move it to the directory of its verdict"


RULE = Rule(
    name="submission-verdict",
    level=Level.QUICK,
    summary="every example submission gets the verdict and the reason that it must get",
    check=check,
)
