"""The statement as a candidate sees it: Markdown with tables; formulas between ``$$`` stay as they are written.

HTML within it is shown as text, and pictures are left out: the page loads nothing.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from judge.authoring.page.frame import text

_FORMULA = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_MARK = "\ue000{}\ue001"  # a place for a formula: characters of no meaning that no statement has
_PLACE = re.compile("\ue000([0-9]+)\ue001")


def rendered(markdown: str) -> str:
    """HTML."""
    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        formulas.append(match[1].strip())
        return _MARK.format(len(formulas) - 1)

    renderer = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    made = renderer.render(_FORMULA.sub(keep, markdown))
    return _PLACE.sub(lambda match: f'<span class="math">{text(formulas[int(match[1])])}</span>', made)
