"""``flaky-verdict``: graded again, every submission gets the same verdict and reason."""

from __future__ import annotations

from collections.abc import Iterator

from judge.authoring.package import Package
from judge.authoring.rules.rule import Level, Rule
from judge.authoring.variations import Variation, reports
from judge.model.finding import Finding

REPETITIONS = 3


def check(package: Package) -> Iterator[Finding]:
    """Grades everything again."""
    variations = [
        Variation(name=example.path, plan=package.plan, program=example.program, repetition=number)
        for example in package.problem.examples
        for number in range(1, REPETITIONS + 1)
    ]
    found: dict[str, set[str]] = {}
    for variation, report in zip(variations, reports(package, variations), strict=True):
        found.setdefault(variation.name, set()).add(f"{report.verdict} ({report.reason})")
    for trial in package.matrix.trials:
        said = found[trial.path] | {f"{trial.report.verdict} ({trial.report.reason})"}
        if len(said) > 1:
            message = f"graded {REPETITIONS + 1} times, it got {' and '.join(sorted(said))}: expected one verdict"
            yield RULE.error(message, trial.path, replay=package.replay(trial.path))


RULE = Rule(
    name="flaky-verdict",
    level=Level.FULL,
    summary="graded again, every submission gets the same verdict and reason",
    check=check,
)
