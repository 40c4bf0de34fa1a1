"""The list of rules, their files, their doc sections and their tests agree."""

from __future__ import annotations

import re
from pathlib import Path

import judge.authoring.rules
from judge.authoring.adversaries import adversaries
from judge.authoring.rules import NAMES, RULES, UNWAIVABLE
from judge.authoring.rules.rule import LEVELS, Level
from judge.authoring.verify import WAIVABLE
from tests.unit.grading.scripted import plan

FOLDER = Path(judge.authoring.rules.__file__).parent
PAGE = (Path(__file__).parents[3] / "docs" / "verify.md").read_text()
SECTIONS = dict(re.findall(r"^### (\S+)\n\n(.+?)(?=\n### |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def test_every_file_is_a_rule_in_the_list_and_has_a_section_in_its_place() -> None:
    files = {path.stem.replace("_", "-") for path in FOLDER.glob("*.py")} - {"--init--", "rule"}
    assert files == set(NAMES)
    assert list(SECTIONS) == list(NAMES)
    assert len(set(NAMES)) == len(NAMES)


def test_every_rule_says_what_it_asks_and_its_file_begins_with_its_name() -> None:
    for rule in RULES:
        text = (FOLDER / f"{rule.name.replace('-', '_')}.py").read_text()
        assert text.startswith(f'"""``{rule.name}``: '), rule.name
        assert rule.summary


def test_the_page_names_the_level_of_every_rule_above_quick_and_how_to_waive_it() -> None:
    for rule in RULES:
        words = " ".join(SECTIONS[rule.name].split())
        level = next((name for name in LEVELS if words.startswith(f"*{name.capitalize()}.*")), "quick")
        assert LEVELS[level] is rule.level, rule.name
        assert rule.level is not Level.QUICK or level == "quick"
        if rule.name in UNWAIVABLE:
            assert "cannot be waived" in words, rule.name
        else:
            assert "aive it" in words or rule.name == "idle-test", rule.name
    assert set(WAIVABLE) == set(NAMES) - set(UNWAIVABLE)


def test_the_programs_that_solve_nothing_are_programs() -> None:
    sources = adversaries(plan())
    assert len(sources) == 17
    for what, text in sources.items():
        compile(text, what, "exec")
