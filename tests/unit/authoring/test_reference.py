"""docs/judge-yaml.md is what the schema says now, and every key says what it means."""

from __future__ import annotations

import re
from pathlib import Path

from judge.authoring.reference import key_reference
from judge.spec.schema import JudgeKeys

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_is_current() -> None:
    assert (DOCS / "judge-yaml.md").read_text() == key_reference(), "judge problem keys > docs/judge-yaml.md"


def test_every_key_has_a_row_with_a_meaning_and_every_link_leads_somewhere() -> None:
    text = key_reference()
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.*?) \|$", text, re.MULTILINE)
    assert set(JudgeKeys.__struct_fields__) <= {name for name, *_ in rows}
    assert [name for name, *cells in rows if not all(cells)] == []
    heads = {head.lower().replace(" ", "-") for head in re.findall("^## (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\(#(.+?)\)", text)) == heads - {
        "the-file",
        "the-file-of-an-interactive-problem",
        "the-file-of-a-problem-of-programs",
    }
    for page in re.findall(r"\]\(([a-z-]+\.md)\)", text):
        assert (DOCS / page).is_file(), page


def test_links_of_the_authors_pages_lead_somewhere() -> None:
    for name in ("tutorial.md", "authoring.md"):
        for target in re.findall(r"\]\(([^)#]+)", (DOCS / name).read_text()):
            assert (DOCS / target).exists(), f"{name}: {target}"
