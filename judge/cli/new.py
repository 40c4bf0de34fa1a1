"""``judge problem new``: a package to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from judge import config
from judge.errors import SubmissionError

KindArgument = Annotated[
    str, typer.Argument(help="function, class, stdio, tests, sql, interactive or answer.", show_default=False)
]
SlugArgument = Annotated[str, typer.Argument(help="Its name: a-z and 0-9, joined by hyphens.", show_default=False)]
FamilyOption = Annotated[str, typer.Option(help="The directory around it: a-z and 0-9, joined by underscores.")]
IntoOption = Annotated[Path | None, typer.Option(help="Where families are; by default the problems directory.")]
SignatureOption = Annotated[str | None, typer.Option(help='Of a function: "f(values: list[int]) -> int".')]


def new_problem(
    kind: KindArgument,
    slug: SlugArgument,
    family: FamilyOption = "unfiled",
    into: IntoOption = None,
    signature: SignatureOption = None,
) -> None:
    """Writes a package that compiles and verifies, but for the TODOs in it; what there is already is left alone."""
    from judge.authoring.scaffolds import scaffold
    from judge.spec.loader import FAMILY

    if not FAMILY.match(family):
        raise SubmissionError("family", f"expected a-z and 0-9, joined by underscores, found {family!r}")
    files = scaffold(kind, slug, signature)
    root = (into or config.load().problems_dir) / family / slug
    if root.exists():
        raise SubmissionError("slug", f"expected a new one, found {root}")
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{root}: {len(files)} files; what is left to do: judge problem verify {root}")
