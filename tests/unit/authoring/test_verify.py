"""Waivers, formats, watching and what is not repeated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judge.authoring.facts import FactStore
from judge.authoring.formats import as_json, github_lines, summary, text_lines
from judge.authoring.rules.rule import Level
from judge.authoring.verify import Verification, verify
from judge.authoring.watching import look, wait_for_change
from judge.model.finding import Finding, Severity
from tests.unit.authoring.goods import Good
from tests.unit.authoring.workshop import Workshop

ONE_KILLER = "def mean(values):\n    return sum(values) / len(values) + (len(values) == 2)\n"
WAIVER = 'waivers:\n  - {rule: single-killer, file: "*/median.py", reason: only two values show it}\n'


@pytest.fixture
def good(tmp_path: Path) -> Good:
    good = Good(tmp_path / "family" / "mean", "mean")
    return good.write("submissions/wrong_answer/median.py", ONE_KILLER)


def found(good: Good, tmp_path: Path, workshop: Workshop | None = None) -> list[Finding]:
    return list(verify(good.root, Level.QUICK, workshop or Workshop(), FactStore(tmp_path / "facts")))


def test_a_waiver_keeps_a_finding_with_its_reason(good: Good, tmp_path: Path) -> None:
    (before,) = [one for one in found(good, tmp_path) if one.failing]
    assert (before.rule, before.waived) == ("single-killer", None)
    good.write("judge.yaml", (good.root / "judge.yaml").read_text() + WAIVER)
    after = found(good, tmp_path)
    assert not [one for one in after if one.failing]
    (kept,) = [one for one in after if one.rule == "single-killer"]
    assert kept.waived == "only two values show it"


@pytest.mark.parametrize(("reason", "line"), [('""', 17), ("n/a", 17)])
def test_a_waiver_without_a_reason_is_refused(good: Good, tmp_path: Path, reason: str, line: int) -> None:
    text = (good.root / "judge.yaml").read_text() + WAIVER.replace("only two values show it", reason)
    good.write("judge.yaml", text)
    (refused,) = found(good, tmp_path)
    assert (refused.rule, refused.file) == ("package-loads", "judge.yaml")
    assert refused.message.startswith("waivers.0.reason: expected why the finding is kept")
    assert refused.line == text[: text.index("- {rule")].count("\n") + 1


def test_nothing_is_run_again_when_nothing_has_changed(good: Good, tmp_path: Path) -> None:
    workshop = Workshop()
    first = found(good, tmp_path, workshop)
    jobs = workshop.jobs
    assert jobs > 5
    assert found(good, tmp_path, workshop) == first
    assert workshop.jobs == jobs
    good.replace("statement/problem.en.md", "their mean", "the mean of them")
    found(good, tmp_path, workshop)
    assert workshop.jobs == jobs
    good.replace("submissions/wrong_answer/one_less.py", "- 1", "- 1.0")
    found(good, tmp_path, workshop)
    assert workshop.jobs == jobs + 1


FINDING = Finding(
    rule="idle-test",
    severity=Severity.ERROR,
    file="judge.yaml",
    line=7,
    message="100% wrong\nexpected 1, found 2",
    about="secret/a",
    remedy="do it: right",
    replay="judge grade x",
)


def test_findings_as_text_json_and_annotations() -> None:
    assert list(text_lines("p/x", FINDING)) == [
        "p/x/judge.yaml:7: error: secret/a: 100% wrong\nexpected 1, found 2 [idle-test]",
        "    remedy: do it: right",
        "    replay: judge grade x",
    ]
    assert list(github_lines("p/x", FINDING)) == [
        "::error file=p/x/judge.yaml,line=7,title=idle-test::100%25 wrong%0Aexpected 1, found 2. do it: right"
    ]
    one = Verification(path="p/x", level="quick", findings=(FINDING,))
    told = json.loads(as_json([one]))
    assert (told["passes"], told["problems"][0]["findings"][0]["rule"]) == (False, "idle-test")
    assert summary(one) == "p/x: FAILS at level quick: 1 errors, 0 warnings, 0 notes, 0 waived"


def test_a_change_is_seen_when_the_files_have_settled(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    before, pauses = look([tmp_path]), 0

    def pause() -> None:
        nonlocal pauses
        pauses += 1
        if pauses in (2, 3):
            (tmp_path / "b").write_text("x" * pauses)

    wait_for_change([tmp_path], before, pause)
    assert pauses == 4
