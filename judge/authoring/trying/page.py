"""The page: the statement and the samples on one side, an editor and what became of the program on the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from judge.authoring.page.frame import STYLE, text
from judge.authoring.page.statement import rendered
from judge.errors import SpecError
from judge.model.problem import Problem, WrittenCase
from judge.model.program import ANSWER
from judge.model.text import visible

SCRIPT = Path(__file__).with_name("desk.js").read_text(encoding="utf-8")
_OWN_STYLE = Path(__file__).with_name("desk.css").read_text(encoding="utf-8")
_VALUE_CHARACTERS = 2000  # of an argument that is shown


def page(problem: Problem, version: str) -> str:
    """The page of a package that loads."""
    facts = f"{problem.family}/{problem.slug} · {problem.kind}"
    left = f"{rendered(problem.statement)}{_samples(problem)}"
    head = f'<header><h1>{text(problem.name)}</h1><p class="muted">{text(facts)}</p></header>'
    body = f'{head}<main><section class="statement"><div class="body">{left}</div></section>{_editor(problem)}</main>'
    return _document(problem.name, version, body)


def broken_page(name: str, version: str, error: SpecError) -> str:
    """The page of a package that does not load."""
    body = f'<header><h1>{text(name)}</h1></header><p class="bad">{text(visible(str(error)))}</p>'
    return _document(name, version, f'{body}<p class="muted">The page looks again whenever a file is saved.</p>')


def _document(title: str, version: str, body: str) -> str:
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    head += f'<title>{text(title)}</title><style>\n{STYLE}\n{_OWN_STYLE}</style><script defer src="desk.js"></script>'
    whole = f'<head>{head}</head>\n<body data-version="{text(version)}">{body}</body>'
    return f'<!doctype html>\n<html lang="en">\n{whole}\n</html>\n'


def _editor(problem: Problem) -> str:
    languages = [name for name in problem.languages if name != ANSWER]
    if not languages:
        told = "Answers to this problem are handed in as files, one for each test: judge grade PROBLEM DIRECTORY."
        return f'<section class="desk"><p class="muted">{told}</p></section>'
    options = "".join(f"<option>{text(name)}</option>" for name in languages)
    starters = json.dumps({name: problem.starters.get(name, "") for name in languages})
    samples = any(case.sample for case in problem.written)
    disabled = "" if samples else ' disabled title="the package has no samples"'
    buttons = f'<button id="samples"{disabled}>Run on samples</button><button id="all" class="first">Submit</button>'
    return f"""<section class="desk" data-starters="{text(starters)}" data-slug="{text(problem.slug)}">
<div class="bar"><label>Language <select id="language">{options}</select></label>
<button id="again">Start over</button><span class="space"></span>{buttons}</div>
<textarea id="source" rows="24" spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off"
 aria-label="Your program"></textarea>
<p class="muted keys">Tab indents, Shift+Tab takes back, Escape and then Tab leaves the editor.
 Ctrl+Enter runs the samples, Ctrl+Shift+Enter submits.</p>
<div id="results" aria-live="polite"></div></section>"""


def _samples(problem: Problem) -> str:
    shown = [case for case in problem.written if case.sample]
    return f"<h2>Samples</h2>{''.join(map(_sample, shown))}" if shown else ""


def _sample(case: WrittenCase) -> str:
    rows = "".join(f"<tr><th>{text(name)}</th><td>{_value(value)}</td></tr>" for name, value in case.arguments.items())
    answer = f'<tr><th class="good">answer</th><td>{_value(case.answer)}</td></tr>' if case.has_answer else ""
    return f'<h3>{text(case.name)}</h3><div class="scroll"><table>{rows}{answer}</table></div>'


def _value(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "backslashreplace")
    said = value if isinstance(value, str) and "\n" in value else repr(value)
    said = visible(said)
    cut = f"{said[:_VALUE_CHARACTERS]} … {len(said)} characters" if len(said) > _VALUE_CHARACTERS else said
    return f'<pre class="value">{text(cut)}</pre>'
