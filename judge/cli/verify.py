"""``judge problem verify``: whether packages are fit to be used, by rules."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from judge import config
from judge.errors import SubmissionError

if TYPE_CHECKING:
    from judge.authoring.facts import FactStore
    from judge.authoring.verify import Tell, Verification
    from judge.authoring.workers import Workers
    from judge.model.finding import Finding

FORMATS = ("text", "json", "github")
_LOOKS_S = 0.5  # between two looks at the files

ProblemsArgument = Annotated[list[str], typer.Argument(help="Slugs, or paths of packages.", show_default=False)]
LevelOption = Annotated[str, typer.Option(help="How thorough: quick, full or exhaustive.")]
FormatsOption = Annotated[str, typer.Option("--format", help="text, json or github.")]
WatchOption = Annotated[bool, typer.Option("--watch", help="Verify again whenever a file changes, until Ctrl-C.")]
NotesOption = Annotated[bool, typer.Option("--notes", help="Show notes, and waived findings, in text too.")]
OnlyOption = Annotated[list[str] | None, typer.Option("--only", help="Check this rule alone; may be repeated.")]
WorkersOption = Annotated[int, typer.Option(min=1, max=64, help="Sandboxes that are used at a time.")]


def verify_problems(
    problems: ProblemsArgument,
    level: LevelOption = "quick",
    output: FormatsOption = "text",
    watch: WatchOption = False,
    notes: NotesOption = False,
    workers: WorkersOption = 2,
    only: OnlyOption = None,
) -> None:
    """Verifies packages: exit 0 when all pass, 1 when one does not, 2 usage or unknown problem, 70 judge fault."""
    from judge.app.tools import fact_store, open_workers
    from judge.authoring.rules import NAMES
    from judge.authoring.rules.rule import LEVELS
    from judge.authoring.watching import look, wait_for_change
    from judge.spec.catalogue import Catalogue
    from judge.spec.conversion import closest

    if level not in LEVELS:
        raise SubmissionError("level", f"expected {', '.join(LEVELS)}, found {level!r}")
    unknown = [name for name in only or () if name not in NAMES]
    if unknown:
        raise SubmissionError("only", f"expected a rule, found {unknown[0]!r}{closest(unknown[0], NAMES)}")
    if output not in FORMATS:
        raise SubmissionError("format", f"expected {', '.join(FORMATS)}, found {output!r}")
    settings = config.load()
    roots = [Catalogue(settings.problems_dir).locate(problem) for problem in problems]
    missing = [str(root) for root in roots if not root.is_dir()]
    if missing:
        raise SubmissionError("problem", f"expected the directory of a package, found none at {', '.join(missing)}")
    with open_workers(settings, workers) as opened:
        run = _Run(level=level, output=output, notes=notes, only=tuple(only or NAMES), workers=opened)
        facts = fact_store(settings)
        while True:
            before = look(roots)
            passed = run.all(roots, facts)
            if not watch:
                raise typer.Exit(0 if passed else 1)
            try:
                wait_for_change(roots, before, lambda: time.sleep(_LOOKS_S))
            except KeyboardInterrupt:
                raise typer.Exit(0 if passed else 1) from None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    """What was asked for."""

    level: str
    output: str
    notes: bool
    only: tuple[str, ...]
    workers: Workers

    def all(self, roots: list[Path], facts: FactStore) -> bool:
        """Verifies all packages once and prints what is found; returns whether all pass."""
        from judge.authoring.formats import as_json, summary

        found = []
        for root in roots:
            with showing_progress(str(root)) as tell:
                found.append(self._one(root, facts, tell))
            if self.output == "text":
                print(summary(found[-1]), flush=True)
        if self.output == "json":
            print(as_json(found), flush=True)
        return all(verification.passes for verification in found)

    def _one(self, root: Path, facts: FactStore, tell: Tell) -> Verification:
        from judge.authoring.rules.rule import LEVELS
        from judge.authoring.verify import Verification, verify

        findings = []
        for finding in verify(root, LEVELS[self.level], self.workers, facts, tell, self.only):
            findings.append(finding)
            self._print(str(root), finding)
        return Verification(path=str(root), level=self.level, findings=tuple(findings))

    def _print(self, path: str, finding: Finding) -> None:
        from judge.authoring.formats import github_lines, text_lines

        if self.output == "github":
            print("\n".join(github_lines(path, finding)), flush=True)
        elif self.output == "text" and (finding.failing or self.notes):
            print("\n".join(text_lines(path, finding)), flush=True)


@contextmanager
def showing_progress(name: str) -> Iterator[Tell]:
    """Says what is going on, on a terminal."""
    console = Console(stderr=True, highlight=False)
    if not sys.stderr.isatty():
        yield lambda what: None
        return
    with console.status(name) as status:
        yield lambda what: status.update(f"{name}: {what}")
