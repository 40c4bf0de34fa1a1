"""The page's frame: styles, sections, and text that is safe in HTML."""

from __future__ import annotations

import html
from pathlib import Path

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def document(title: str, body: str) -> str:
    """A whole page."""
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    head += '<meta name="viewport" content="width=device-width, initial-scale=1">'
    head += f"\n<title>{text(title)}</title>\n<style>\n{STYLE}</style>"
    return f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body>{body}</body>\n</html>\n'


def section(title: str, content: str, kind: str = "") -> str:
    """A section with its heading."""
    anchor = title.lower().replace(" ", "-")
    head = f'<section id="{text(anchor)}" class="{kind}">\n<h2>{text(title)}</h2>'
    return f'{head}\n<div class="body">{content}</div>\n</section>\n'


def note(words: str) -> str:
    """A paragraph that says how to read what follows."""
    return f'<p class="note">{text(words)}</p>'


def text(value: object) -> str:
    """Text as HTML, also within an attribute."""
    return html.escape(str(value), quote=True)


def short(path: str) -> str:
    """A submission's name, with the directory that says what it is: "wrong_answer/largest_l.py"."""
    return path.removeprefix("submissions/")
