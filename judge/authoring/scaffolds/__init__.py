"""New packages: for each kind a small problem that compiles and verifies as it is, but for the TODOs in it.

What an author must decide is marked TODO, which the rule ``unfinished`` finds; everything else holds already: the
samples are in the statement, the generator draws from its seed, the wrong solutions are rejected.
"""

from __future__ import annotations

from collections.abc import Callable

from judge.authoring.scaffolds import answers, classes, conversations, functions, programs, queries, suites
from judge.authoring.scaffolds.names import Names
from judge.errors import SubmissionError
from judge.spec.conversion import closest

Build = Callable[[Names], dict[str, str]]
KINDS: dict[str, Build] = {
    "function": functions.build,
    "class": classes.build,
    "stdio": programs.build,
    "tests": suites.build,
    "sql": queries.build,
    "interactive": conversations.build,
    "answer": answers.build,
}


def scaffold(kind: str, slug: str, signature: str | None = None) -> dict[str, str]:
    """The files of a new package, by path. Raises SubmissionError for what cannot be made."""
    if kind not in KINDS:
        raise SubmissionError("kind", f"expected {', '.join(KINDS)}, found {kind!r}{closest(kind, KINDS)}")
    if kind == "function":
        return functions.build(Names.of(slug), signature)
    if signature is not None:
        message = f"a problem of kind {kind!r} takes none: expected that judge.yaml is edited, found {signature!r}"
        raise SubmissionError("signature", message)
    return KINDS[kind](Names.of(slug))
