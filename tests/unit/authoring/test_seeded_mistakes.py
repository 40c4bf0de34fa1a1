"""One mistake in a good package at a time: the rule that is named finds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from judge.authoring.facts import FactStore
from judge.authoring.rules import NAMES
from judge.authoring.rules.rule import Level
from judge.authoring.verify import verify
from judge.model.finding import Severity
from tests.unit.authoring.goods import Good
from tests.unit.authoring.workshop import Workshop

JUDGE, STATEMENT, PROBLEM = "judge.yaml", "statement/problem.en.md", "problem.yaml"
ACCEPTED, WRONG = "submissions/accepted", "submissions/wrong_answer"
SPIN = """\
import time


def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


"""
ALTERNATES = """\
import builtins

builtins.turns = getattr(builtins, "turns", 0) + 1


def mean(values):
    return sum(values) / len(values) + builtins.turns // 9 % 2
"""


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A mistake, and who finds it."""

    rule: str
    package: str
    make: Callable[[Good], Good]
    says: str  # part of the message
    info: bool = False  # it is a note


def mistake(rule: str, package: str, says: str, make: Callable[[Good], Good], *, info: bool = False) -> Mistake:
    return Mistake(rule=rule, package=package, make=make, says=says, info=info)


def _waiver(text: str) -> Callable[[Good], Good]:
    return lambda good: good.write(JUDGE, (good.root / JUDGE).read_text() + f"waivers:\n  - {{{text}}}\n")


MISTAKES = (
    # --- the package ---
    mistake("package-loads", "totals", "unknown key 'checkers'", lambda g: g.replace(JUDGE, "checker:", "checkers:")),
    mistake("plan-compiles", "totals", "not accepted", lambda g: g.write("data/sample/01.ans", "[4, 7]\n")),
    mistake("unfinished", "totals", "still to be done: ties", lambda g: g.replace(STATEMENT, "There", "TODO: ties")),
    mistake(
        "plan-compiles",
        "totals",
        "IndexError",
        lambda g: g.replace("author/totals.py", "made = []", "made = [] if values else values[0]"),
    ),
    mistake(
        "plan-compiles",
        "totals",
        "judge.lock",
        lambda g: g.write("judge.lock", '{"cases": {"sample/01": "' + "0" * 64 + '"}, "format": 1}\n'),
    ),
    mistake(
        "known-waivers", "totals", "did you mean 'idle-test'", _waiver("rule: idle-tests, reason: they are all needed")
    ),
    mistake(
        "known-waivers", "totals", "keeps no finding", _waiver("rule: single-killer, reason: an edge case of its own")
    ),
    mistake("file-names", "totals", "does not admit", lambda g: g.write(f"{WRONG}/-late.py", "x\n")),
    mistake("file-names", "totals", "case alone", lambda g: g.write(f"{ACCEPTED}/Loop.py", "def totals(v, s): pass\n")),
    mistake("symbolic-links", "totals", "relative link", lambda g: g.link("notes.md", "/etc/hostname")),
    mistake(
        "text-files",
        "totals",
        "carriage return",
        lambda g: g.write(STATEMENT, (g.root / STATEMENT).read_text().replace("\n", "\r\n")),
    ),
    mistake(
        "answer-size",
        "totals",
        "at most half of the limit",
        lambda g: g.replace(JUDGE, "checker: exact\n", "checker: exact\nlimits: {answer: 1KiB}\n"),
    ),
    mistake("license-source", "totals", "license", lambda g: g.replace(PROBLEM, "license: cc by\n", "")),
    mistake(
        "sample-present",
        "totals",
        "found none",
        lambda g: g.write("data/secret/01.in", '{"values": [1], "start": 0}\n').remove(
            "data/sample/01.in", "data/sample/01.ans", "data/sample/02.in"
        ),
    ),
    # --- the statement ---
    mistake(
        "statement-sections",
        "mean",
        "'values' in backticks",
        lambda g: g.write(STATEMENT, "Write `mean`.\n## Examples\n"),
    ),
    mistake(
        "statement-samples",
        "totals",
        "no test of data/sample",
        lambda g: g.replace(STATEMENT, "`[1, 2]` | `3`", "`[1, 3]` | `3`"),
    ),
    mistake("statement-samples", "totals", "is not accepted", lambda g: g.replace(STATEMENT, "`[4, 6]`", "`[4, 7]`")),
    mistake(
        "statement-limits", "totals", "found 2 seconds", lambda g: g.replace(STATEMENT, "one second", "two seconds")
    ),
    mistake(
        "statement-bounds", "totals", "bound 300", lambda g: g.replace(STATEMENT, "up to 300 values", "many values")
    ),
    # --- the tests ---
    mistake("bounds-kept", "totals", "values[] is -1000", lambda g: g.replace(JUDGE, "[-1000, 1000]", "[-999, 1000]")),
    mistake(
        "bounds-reached", "totals", "is 300: expected the bound 400", lambda g: g.replace(JUDGE, "[0, 300]", "[0, 400]")
    ),
    mistake(
        "generator-deterministic",
        "totals",
        "is not deterministic",
        lambda g: g.replace("author/numbers_of.py", "rng.randint(1, 9)", "__import__('time').time_ns()"),
    ),
    mistake(
        "generator-seed",
        "mean",
        "with another seed, and there are 6",
        lambda g: g.replace("author/values_of.py", "rng.uniform(1, 5)", "1.5"),
    ),
    mistake(
        "duplicate-tests",
        "totals",
        "asks the same as",
        lambda g: g.write("data/secret/again.in", '{"values": [1, 2], "start": 3}\n'),
    ),
    mistake(
        "varied-answers",
        "totals",
        "have the same answer",
        lambda g: g.replace("author/numbers_of.py", '"values": values', '"values": []'),
    ),
    mistake(
        "input-validators",
        "plain",
        "rejects an empty file",
        lambda g: g.write("input_validators/check.py", "import sys\nsys.exit(42)\n"),
    ),
    mistake("input-validators", "plain", "exit status 43", lambda g: g.write("data/secret/03.in", "-7 05\n")),
    mistake(
        "input-validators",
        "plain",
        "exit status 6",
        lambda g: g.write("data/secret/02.yaml", "input_validator_args: [a, b c]\nargs: [d]\n").replace(
            "input_validators/check.py", "sys.exit(", "sys.exit(2 * len(sys.argv[2]) if sys.argv[1:] else "
        ),
    ),
    # --- the checker ---
    mistake(
        "output-validator",
        "larger",
        "found none",
        lambda g: g.write("author/check.py", "def check(arguments, expected, answer):\n    return True\n"),
    ),
    mistake(
        "output-validator",
        "larger",
        "it fails on",
        lambda g: g.replace("author/check.py", "return ", "assert answer < 2**40\n    return "),
    ),
    mistake(
        "trivial-answer", "mean", "whoever answers zeros is accepted", lambda g: g.replace(JUDGE, "atol: 0", "atol: 10")
    ),
    mistake(
        "trivial-answer",
        "mean",
        "the mean of all answers",
        lambda g: g.replace(JUDGE, "rtol: 1.0e-9, atol: 0", "rtol: 0, atol: 2.5"),
    ),
    mistake(
        "checker-mutations", "mean", "number-plus-1-percent", lambda g: g.replace(JUDGE, "rtol: 1.0e-9", "rtol: 0.05")
    ),
    mistake(
        "checker-order",
        "totals",
        "two-swapped",
        lambda g: g.replace(JUDGE, "checker: exact", "checker: {name: unordered}"),
    ),
    mistake(
        "tolerance-margin",
        "mean",
        "of the tolerance",
        lambda g: g.replace(f"{ACCEPTED}/sum.py", "return ", "return (1 + 4e-10) * "),
    ),
    mistake(
        "tolerance-gap",
        "mean",
        "times the tolerance",
        lambda g: g.replace(
            f"{WRONG}/median.py",
            "return sorted(values)[len(values) // 2]",
            "return (1 + 3e-9) * sum(values) / len(values)",
        ),
    ),
    # --- the submissions ---
    mistake("submission-variety", "mean", "found 1", lambda g: g.remove(f"{ACCEPTED}/sum.py")),
    mistake(
        "submission-verdict",
        "totals",
        "expected ACCEPTED, found WRONG_ANSWER",
        lambda g: g.replace(f"{ACCEPTED}/loop.py", "start + value", "start + value + (value == 1000)"),
    ),
    mistake(
        "submission-verdict",
        "mean",
        "expected WRONG_ANSWER, found ACCEPTED",
        lambda g: g.write(
            f"{WRONG}/median.py", "def mean(values):\n    return sum(values) / len(values) if values[0] < 9 else 0.0\n"
        ),
    ),
    mistake(
        "submission-verdict",
        "totals",
        "found WRONG_ANSWER (wrong_shape)",
        lambda g: g.replace(JUDGE, "reason: wrong_shape", "reason: wrong_value"),
    ),
    mistake(
        "submission-verdict",
        "draw",
        "found WRONG_ANSWER",
        lambda g: g.replace(
            "author/law.py", "w / total for w in weights", "w / total for w in weights[1:] + weights[:1]"
        ),
    ),
    mistake(
        "single-killer",
        "mean",
        "sample/01",
        lambda g: g.write(
            f"{WRONG}/median.py", "def mean(values):\n    return sum(values) / len(values) + (len(values) == 2)\n"
        ),
    ),
    mistake(
        "idle-test",
        "totals",
        "no wrong submission",
        lambda g: (
            g.write("data/secret/empty.in", '{"values": [], "start": 2}\n')
            .replace(f"{WRONG}/sum_alone.py", "+ start]", "+ start][: len(values)]")
            .write(
                "submissions/run_time_error/no_values.py", "def totals(values, start):\n    return values[9:][0:0]\n"
            )
            .replace(f"{JUDGE}", "  run_time_error/no_values.py: {verdict: RUNTIME_ERROR, reason: exception}\n", "")
        ),
        info=True,
    ),
    mistake(
        "accepted-time",
        "mean",
        "expected at most half of the limit",
        lambda g: g.write(
            f"{ACCEPTED}/sum.py",
            SPIN + "def mean(values):\n    spin(0.6 * (len(values) == 2))\n    return sum(values) / len(values)\n",
        ),
    ),
    mistake(
        "slow-time",
        "mean",
        "with 1.5 times the limit it is ACCEPTED",
        lambda g: g.write(
            "submissions/time_limit_exceeded/slow.py",
            SPIN + "def mean(values):\n    spin(1.1 * (len(values) == 2))\n    return sum(values) / len(values)\n",
        ),
    ),
    mistake(
        "slow-time",
        "plain",
        "with 2 times the limit it is ACCEPTED",
        lambda g: g.replace(
            "problem.yaml", "time_limit: 1", "time_multipliers: {time_limit_to_tle: 2}, time_limit: 1"
        ).write(
            "submissions/time_limit_exceeded/slow.py",
            SPIN + "words = input().split()\nspin(1.4 * ('20' in words))\nprint(sum(map(int, words)))\n",
        ),
    ),
    mistake("flaky-verdict", "mean", "expected one verdict", lambda g: g.write(f"{ACCEPTED}/sum.py", ALTERNATES)),
    mistake(
        "differential-fuzz",
        "totals",
        "it is wrong for",
        lambda g: g.replace(f"{ACCEPTED}/loop.py", "start + value", "start + value + (len(values) == 3)"),
    ),
    # --- statistics and growth ---
    mistake(
        "declared-alternatives",
        "draw",
        "found none",
        lambda g: g.replace(JUDGE, "alternatives:\n  uniform: {file: author/law.py}\n", ""),
    ),
    mistake(
        "power",
        "draw",
        "'uniform' is rejected",
        lambda g: g.replace("author/law.py", "1 / len(weights))", "1 / len(weights)) * 0.01 + law(weights) * 0.99"),
    ),
    # --- what a newcomer got wrong ---
    mistake("unfinished", "totals", "still to be done: ties", lambda g: g.replace(STATEMENT, "There", "FIXME: ties")),
    mistake(
        "submission-variety",
        "totals",
        "differ by more than names, found 1",
        lambda g: g.write(
            f"{ACCEPTED}/accumulate.py",
            '"""Another."""\n\n\ndef totals(numbers, first: int):  # renamed\n    answer = []\n'
            "    for number in numbers:\n"
            "        first = first + number\n        answer.append(first)\n    return answer\n",
        ),
    ),
    mistake(
        "statement-bounds",
        "totals",
        "bound -1000 of values[]",
        lambda g: g.replace(STATEMENT, "from -1000 to 1000", "from -100 to 1000"),
    ),
    mistake(
        "optional-used",
        "totals",
        "values[] may be None, and is None in no test",
        lambda g: g.replace(JUDGE, "values: list[int]", 'values: "list[Optional[int]]"'),
    ),
    mistake(
        "optional-used",
        "totals",
        "start may be None, and is None in no test",
        lambda g: g.replace(JUDGE, "start: int", 'start: "Optional[int]"'),
    ),
    mistake("false-rejections", "draw", "one right submission of 20", lambda g: g.replace(JUDGE, "1.0e-6", "0.05")),
    mistake(
        "checker-steady",
        "larger",
        "asked 12 times about",
        lambda g: g.write(
            "author/check.py",
            "import time\n\n\ndef check(arguments, expected, answer):\n"
            '    larger = answer > sum(arguments["numbers"])\n'
            "    return larger or (answer == 0 and time.perf_counter_ns() // 1000 % 2 == 0)\n",
        ),
    ),
    mistake(
        "output-validator",
        "larger",
        "it fails on 3 of 30 strange answers",
        lambda g: g.write(
            "author/check.py",
            "def check(arguments, expected, answer):\n"
            '    return 1 / (answer - 5) < 2 and answer > sum(arguments["numbers"])\n',
        ),
    ),
    # --- relations ---
    mistake(
        "relation-holds",
        "offsets",
        "relation 3 (scale values) does not hold for the reference on sample/01: the answer to transformed arguments",
        lambda g: g.replace("author/offsets.py", "value - min(values)", "(value - min(values)) ** 2"),
    ),
    mistake(
        "relation-holds",
        "offsets",
        "relation 1 (permute values) changes no argument of any test",
        lambda g: g.replace(JUDGE, "size: 9", "size: 1").write("data/sample/01.in", '{"values": [1.0]}\n'),
    ),
    mistake(
        "relation-holds",
        "offsets",
        "relation 2 (shift values) changes no argument of any test",
        lambda g: g.replace(JUDGE, "by: 8", "by: 0"),
    ),
    mistake(
        "relation-finds",
        "offsets",
        "relation 2 (shift values) alone rejects none of the 2 wrong submissions",
        lambda g: g.remove(f"{WRONG}/themselves.py"),
    ),
    mistake(
        "reference-law",
        "draw",
        "calls of each test it is",
        lambda g: g.replace(
            "author/law.py",
            "w / total for w in weights",
            "(w + total / 50) / (total + total / 50 * len(weights)) for w in weights",
        ),
    ),
)


@pytest.mark.parametrize("seed", MISTAKES, ids=[f"{at}-{one.rule}" for at, one in enumerate(MISTAKES)])
def test_the_named_rule_finds_the_mistake(tmp_path: Path, seed: Mistake) -> None:
    good = Good(tmp_path / "family" / "spoiled", seed.package)
    before = _found(good, seed, tmp_path)
    seed.make(good)
    assert not before, "the rule finds something in the good package"
    found = _found(good, seed, tmp_path)
    assert any(seed.says in message for message in found), found


def _found(good: Good, seed: Mistake, tmp_path: Path) -> list[str]:
    """What the rule says, place and message, at the most thorough level."""
    findings = verify(
        good.root, Level.EXHAUSTIVE, Workshop(), FactStore(tmp_path / "facts"), only=_only(seed.rule), inputs=80
    )
    wanted = (Severity.INFO,) if seed.info else (Severity.ERROR, Severity.WARNING)
    mine = [one for one in findings if one.rule == seed.rule and one.severity in wanted and one.waived is None]
    return [f"{one.place}: {one.about}: {one.message}" for one in mine]


def _only(rule: str) -> list[str]:
    return [rule, "single-killer"] if rule == "known-waivers" else [rule]


def test_there_are_thirty_and_a_rule_without_one_is_named() -> None:
    tried = {one.rule for one in MISTAKES}
    assert len(MISTAKES) >= 30
    elsewhere = {  # rules whose mistakes need a real box or another bench
        "complexity-certificate",
        "adversary-accepted",
    }
    assert tried | elsewhere >= set(NAMES)
