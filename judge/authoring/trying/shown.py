"""What a candidate may see of a report: of secret tests the name, the verdict and what was measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from judge.model.report import CaseReport, Report
from judge.model.run import Captured
from judge.model.verdict import Verdict

# Of a statistical checker, how the evidence grew; of a complexity gate, the times of each size. Neither names a value.
_MEASURED = ("calls", "e_curve", "log10_e_value", "log10_limit")
_GROWTH = ("table", "counted_sizes", "slope", "gate")


def shown_report(report: Report) -> Report:
    """The report without what the secret tests hold."""
    failing = next((case for case in report.cases if case.verdict not in (Verdict.ACCEPTED, Verdict.SKIPPED)), None)
    message = report.message
    if failing is not None and not failing.sample:
        message = f"{failing.name}: {failing.reason or failing.verdict}"
    return replace(report, message=message, cases=tuple(map(_shown, report.cases)))


def _shown(case: CaseReport) -> CaseReport:
    if case.sample:
        return case
    nothing = Captured()
    evidence = _evidence(case.evidence)
    return replace(case, message="", stdout=nothing, stderr=nothing, traceback=(), evidence=evidence)


def _evidence(found: dict[str, Any]) -> dict[str, Any]:
    kept = {key: found[key] for key in _MEASURED if key in found}
    growth = found.get("complexity")
    if isinstance(growth, dict):
        kept["complexity"] = {key: growth[key] for key in _GROWTH if key in growth}
        if "table" in growth:
            kept["complexity"]["table"] = [{"size": row["size"], "cpu_ns": row["cpu_ns"]} for row in growth["table"]]
    return kept
