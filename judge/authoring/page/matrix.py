"""The matrix of tests and submissions: a letter and a colour for each verdict."""

from __future__ import annotations

from judge.authoring.package import Package
from judge.authoring.page.axes import seconds
from judge.authoring.page.frame import note, short, text
from judge.authoring.trials import Matrix, Trial
from judge.model.report import CaseReport
from judge.model.verdict import Verdict

LETTERS = {
    Verdict.ACCEPTED: "A",
    Verdict.WRONG_ANSWER: "W",
    Verdict.TIME_LIMIT_EXCEEDED: "T",
    Verdict.MEMORY_LIMIT_EXCEEDED: "M",
    Verdict.OUTPUT_LIMIT_EXCEEDED: "O",
    Verdict.RUNTIME_ERROR: "R",
    Verdict.COMPILE_ERROR: "C",
    Verdict.SECURITY_VIOLATION: "S",
    Verdict.JUDGE_ERROR: "J",
}


def matrix_section(package: Package) -> str:
    """The table; the last row counts the submissions that a test rejects."""
    matrix = package.matrix
    if not matrix.trials:
        return ""
    said = "Each submission on each test; the column before the tests is the verdict. The last row counts the wrong"
    heads = "".join(
        f'<th class="test"><span>{text(test.removeprefix("secret/"))}</span></th>'
        for test in ("verdict", *matrix.tests)
    )
    rows = "".join(_row(trial, matrix.tests) for trial in ordered(matrix))
    counts = "".join(f'<td class="count">{len(matrix.killers[test]) or "·"}</td>' for test in matrix.tests)
    last = f'<tr><th class="name muted">rejected by the test</th><td></td>{counts}</tr>'
    table = (
        f'<div class="scroll"><table class="matrix"><tr><th class="name"></th>{heads}</tr>{rows}{last}</table></div>'
    )
    return f"{_legend(matrix.trials)}{note(f'{said} submissions that the test rejects.')}{table}"


def ordered(matrix: Matrix) -> list[Trial]:
    """The submissions that must be accepted, those that may be, those that must not."""
    return sorted(matrix.trials, key=lambda trial: (trial.must_fail, trial.declared is not Verdict.ACCEPTED))


def _legend(trials: tuple[Trial, ...]) -> str:
    seen = {case.verdict for trial in trials for case in trial.report.cases} | {
        trial.report.verdict for trial in trials
    }
    items = [f'<b class="v-{letter}">{letter}</b>{_name(one)}' for one, letter in LETTERS.items() if one in seen]
    items += ['<b class="v-none">·</b>not run'] if Verdict.SKIPPED in seen else []
    return f'<ul class="legend">{"".join(f"<li>{item}</li>" for item in items)}</ul>'


def _row(trial: Trial, tests: tuple[str, ...]) -> str:
    report = trial.report
    mark = "" if trial.as_declared else f' <span class="bad">{text(_demanded(trial))}</span>'
    whole = f"{short(trial.path)}: {_name(report.verdict)} {report.reason or ''} {report.message}".strip()
    cells = "".join(_cell(trial, test) for test in tests)
    own = f'<td class="{_kind(report.verdict)}" title="{text(whole)}">{LETTERS.get(report.verdict, "·")}</td>'
    return f'<tr><th class="name">{text(short(trial.path))}{mark}</th>{own}{cells}</tr>'


def _demanded(trial: Trial) -> str:
    wanted = [_name(trial.declared)] if trial.declared else []
    return "; ".join(trial.broken) or f"declared {' '.join([*wanted, trial.declared_reason or ''])}"


def _cell(trial: Trial, test: str) -> str:
    case = trial.cases.get(test)
    if case is None or case.verdict is Verdict.SKIPPED:
        return f'<td class="v-none" title="{text(f"{short(trial.path)} on {test}: not run")}">·</td>'
    tip = text(f"{short(trial.path)} on {test}: {tip_of(case)}")
    return f'<td class="{_kind(case.verdict)}" title="{tip}">{LETTERS.get(case.verdict, "·")}</td>'


def tip_of(case: CaseReport) -> str:
    """What happened, in a line."""
    reason = f" ({case.reason})" if case.reason else ""
    margin = f", margin {case.margin:.3g}" if case.margin is not None else ""
    return f"{_name(case.verdict)}{reason}, {seconds(case.cpu_ns)}{margin}. {case.message}".strip()


def _kind(verdict: Verdict) -> str:
    return f"v-{LETTERS.get(verdict, 'none')}"


def _name(verdict: Verdict) -> str:
    return verdict.value.replace("_", " ").lower()
