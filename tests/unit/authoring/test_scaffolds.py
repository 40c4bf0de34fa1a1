"""New packages: nothing is found in them but what is left to do, and nothing when that is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from judge.authoring.facts import FactStore
from judge.authoring.rules.rule import Level
from judge.authoring.scaffolds import KINDS, scaffold
from judge.authoring.verify import verify
from judge.cli.main import app
from judge.errors import SubmissionError
from judge.model.finding import Finding
from tests.unit.authoring.workshop import Workshop

SIGNATURES = (
    None,
    "mean(values: list[float], words: dict[str, int]) -> list[float]",
    "scaled(points: array[float64, (n, 2)], start: Optional[int], flags: tuple[bool, str]) -> array[float64, (n, 2)]",
    "pack(blob: bytes, pairs: list[tuple[int, int]]) -> dict[str, tuple[int, str]]",
)


def found(root: Path) -> list[Finding]:
    return [one for one in verify(root, Level.QUICK, Workshop(), FactStore(None)) if one.failing]


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


CASES = [("function", text) for text in SIGNATURES] + [
    (kind, None) for kind in KINDS if kind not in ("function", "interactive")
]


@pytest.mark.parametrize(("kind", "signature"), CASES)
def test_a_new_package_has_nothing_wrong_but_what_is_left_to_do(
    tmp_path: Path, kind: str, signature: str | None
) -> None:
    files = scaffold(kind, "moving-average", signature)
    root = write(tmp_path / "family" / "moving-average", files)
    before = found(root)
    assert {one.rule for one in before} == {"unfinished"}, before
    lines = ((name, line) for name, text in files.items() for line in enumerate(text.splitlines(), 1))
    assert {(one.file, one.line) for one in before} == {(name, at) for name, (at, line) in lines if "TODO" in line}


def test_nothing_is_found_when_all_is_done(tmp_path: Path) -> None:
    root = write(tmp_path / "family" / "moving-average", scaffold("function", "moving-average"))
    for path in root.rglob("*.*"):
        if path.is_file():
            path.write_text(path.read_text().replace("TODO", "done"))
    assert found(root) == []


def test_the_command_writes_into_a_family_and_leaves_alone_what_is_there(tmp_path: Path) -> None:
    arguments = ["problem", "new", "class", "rate-limiter", "--family", "classics", "--into", str(tmp_path)]
    done = CliRunner().invoke(app, arguments)
    root = tmp_path / "classics" / "rate-limiter"
    assert done.exit_code == 0, done.output
    assert "entry_point: RateLimiter" in (root / "judge.yaml").read_text()
    (root / "problem.yaml").write_text("mine\n")
    again = CliRunner().invoke(app, arguments)
    assert isinstance(again.exception, SubmissionError)
    assert "expected a new one" in str(again.exception)
    assert (root / "problem.yaml").read_text() == "mine\n"


@pytest.mark.parametrize(
    ("kind", "slug", "signature", "says"),
    [
        ("stdio", "a", "f(x: int) -> int", "takes none"),
        ("clas", "a", None, "did you mean 'class'"),
        ("function", "A_b", None, "slug: expected a-z and 0-9"),
        ("function", "a", "f(x) -> int", "each parameter with its type"),
        ("function", "a", "f(x: int = 3) -> int", "no default"),
        ("function", "a", "f(x: int)", "signature: expected one such as"),
        ("function", "a", "f(x: integer) -> int", "integer"),
        ("class", "a", "f(x: int) -> int", "takes none"),
    ],
)
def test_what_cannot_be_made_is_said(kind: str, slug: str, signature: str | None, says: str) -> None:
    with pytest.raises(SubmissionError, match=says.replace("(", r"\(")):
        scaffold(kind, slug, signature)


def test_two_new_packages_differ_in_their_identifiers() -> None:
    assert scaffold("sql", "a")["problem.yaml"] != scaffold("sql", "a")["problem.yaml"]
