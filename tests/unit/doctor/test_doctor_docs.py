"""The table in ``docs/doctor.md`` has a row for every check, in the order in which they run, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from judge.doctor.checks import CHECKS

DOCUMENT = Path(__file__).parents[3] / "docs" / "doctor.md"


def test_every_check_has_a_row():
    rows = re.findall(r"^\| (`.*?`) \|", DOCUMENT.read_text(), flags=re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
    assert named == [check.name for check in CHECKS]
