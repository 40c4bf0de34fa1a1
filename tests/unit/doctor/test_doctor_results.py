"""The list of checks, the running of them, and both formats."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from judge.cli.doctor import as_row, print_results
from judge.doctor.check import Check, Finding, Result, Status, examine, failed, passed, warned
from judge.doctor.checks import CHECKS
from judge.errors import EnvironmentFault
from judge.languages import LANGUAGES


def results(*findings: Finding) -> list[Result]:
    return [Result(name=f"check {number}", finding=finding) for number, finding in enumerate(findings)]


def test_names_are_unique_and_short():
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 24 for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["cold", "warm"])
def test_every_language_is_tested_on_every_path(language, path):
    assert f"{language}, {path}" in {check.name for check in CHECKS}


def test_a_check_that_crashes_is_a_failure_and_the_others_go_on(make_host):
    def crash(_host):
        raise ZeroDivisionError("of the check itself")

    def refuse(_host):
        raise EnvironmentFault("no runtime: build it with `make runtime`")

    checks = [
        Check(name="crashes", examine=crash),
        Check(name="refuses", examine=refuse),
        Check(name="passes", examine=lambda host: passed("fine")),
    ]
    crashed, refused, fine = examine(checks, make_host())
    assert crashed.finding.status is Status.FAIL
    assert "ZeroDivisionError: of the check itself" in crashed.finding.found
    assert refused.finding.found == "no runtime: build it with `make runtime`"
    assert fine.finding.status is Status.PASS


def test_results_come_one_by_one(make_host):
    seen = []
    checks = [Check(name=name, examine=lambda host, name=name: seen.append(name) or passed("")) for name in "ab"]
    running = examine(checks, make_host())
    next(running)
    assert seen == ["a"]


def test_json_has_four_texts():
    (row,) = map(as_row, results(warned("slow", "buy a faster one")))
    assert json.loads(json.dumps(row)) == {
        "name": "check 0",
        "status": "WARN",
        "found": "slow",
        "remedy": "buy a faster one",
    }


def test_text_has_a_row_for_each_its_remedy_and_the_counts():
    output = io.StringIO()
    shown = results(passed("fine"), warned("[always]", "echo [x] > /sys"), failed("no /box", "make [it]"))
    print_results(shown, Console(file=output, width=100, highlight=False))
    lines = [line.rstrip() for line in output.getvalue().splitlines()]
    assert lines[1:-1] == [
        "PASS    check 0  fine",
        "WARN    check 1  [always]",
        "                 → echo [x] > /sys",
        "FAIL    check 2  no /box",
        "                 → make [it]",
    ]
    assert lines[-1] == "3 checks: 1 PASS, 1 WARN, 1 FAIL"
