"""Finding packages: by slug, by family and slug, by path; one that is wrong does not hide the others."""

from __future__ import annotations

import os

import pytest

from judge.errors import SpecError, UnknownProblem
from judge.spec.catalogue import Catalogue


@pytest.fixture
def catalogue(tmp_path, new_package):
    for name in ("sums/one", "sums/two", "orders/three"):
        new_package(name)
    (tmp_path / "sums" / "notes").mkdir()
    (tmp_path / "README.md").write_text("not a family")
    new_package(".hidden/four")
    return Catalogue(tmp_path)


def test_slugs(catalogue):
    assert catalogue.slugs() == ["one", "three", "two"]


def test_no_directory(tmp_path):
    assert Catalogue(tmp_path / "nothing").slugs() == []


@pytest.mark.parametrize("name", ["three", "orders/three"])
def test_a_problem_by_name(catalogue, name):
    problem = catalogue.get(name)
    assert (problem.family, problem.slug) == ("orders", "three")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("tree", "did you mean 'three'?"),
        ("sums/three", "did you mean 'three'?"),
        ("quicksort", "expected one of "),
        ("", "expected one of "),
        ("notes", "did you mean"),
        ("../sums/one", "did you mean 'one'?"),
        ("sums/../sums/one", "did you mean 'one'?"),
    ],
)
def test_an_unknown_name(catalogue, name, hint):
    with pytest.raises(UnknownProblem) as caught:
        catalogue.get(name)
    assert caught.value.field == "problem"
    assert hint in caught.value.message or name == "notes"


def test_a_package_that_is_wrong(catalogue, tmp_path):
    (tmp_path / "sums" / "one" / "judge.yaml").write_text("judge: 1\n")

    assert catalogue.slugs() == ["one", "three", "two"]
    assert catalogue.get("two").slug == "two"
    for _ in range(2):
        with pytest.raises(SpecError, match="missing key 'kind'"):
            catalogue.get("one")
    assert list(catalogue.errors()) == ["one"]
    assert catalogue.errors()["one"].line == 1


def test_a_slug_in_two_families(catalogue, new_package):
    new_package("orders/one")
    with pytest.raises(SpecError, match="two packages have the slug 'one', in orders and sums"):
        catalogue.get("one")
    assert catalogue.get("orders/one").family == "orders"
    assert list(catalogue.errors()) == ["one"]


def test_a_problem_is_loaded_again_when_a_file_changed(catalogue, tmp_path):
    before = catalogue.get("one")
    assert catalogue.get("one") is before
    (tmp_path / "sums" / "one" / "statement" / "problem.en.md").write_text("Something else.\n")
    assert catalogue.get("one").statement == "Something else.\n"


def age(root):
    """Makes everything in a package look as if it had been written long ago."""
    for path in [root, *root.rglob("*")]:
        os.utime(path, ns=(10**18, 10**18))


@pytest.mark.parametrize("aged", [False, True], ids=["just written", "written long ago"])
@pytest.mark.parametrize(
    ("change", "reloads"),
    [
        (lambda root: (root / "notes.txt").write_text("x"), True),
        (lambda root: (root / "statement" / "pictures").mkdir(), True),
        (lambda root: (root / "statement" / "problem.en.md").write_text("Another statement.\n"), True),
        (lambda root: (root / "statement" / "problem.en.md").read_text(), False),
    ],
    ids=["a new file", "a new directory", "a changed file", "nothing"],
)
def test_what_is_a_change(catalogue, tmp_path, change, reloads, aged):
    root = tmp_path / "sums" / "one"
    if aged:
        age(root)
    before = catalogue.get("one")
    change(root)
    assert (catalogue.get("one") is not before) == reloads


def test_a_file_that_is_removed_is_a_change(catalogue, tmp_path):
    root = tmp_path / "sums" / "one"
    (root / "notes.txt").write_text("x")
    age(root)
    before = catalogue.get("one")
    (root / "notes.txt").unlink()
    assert catalogue.get("one") is not before


def test_by_path(catalogue, tmp_path, monkeypatch, new_package):
    elsewhere = new_package("elsewhere/apart/five")
    assert catalogue.find(str(elsewhere.root)).slug == "five"
    assert catalogue.find("two").slug == "two"
    monkeypatch.chdir(elsewhere.root)
    assert catalogue.find(".").slug == "five"
    assert catalogue.find("../five").slug == "five"
    with pytest.raises(SpecError, match="found none"):
        catalogue.find("./nothing")
    with pytest.raises(UnknownProblem):
        catalogue.find("five")


@pytest.mark.parametrize("text", ["sums/notes", "sums/notes/", "./sums/notes"])
def test_a_directory_that_is_no_package_is_told_by_its_path(catalogue, tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecError, match=r"sums/notes: there is no problem\.yaml in it"):
        catalogue.find(text)


def test_a_name_in_a_catalogue_without_problems(tmp_path):
    with pytest.raises(UnknownProblem, match="there is no problem 'one': the catalogue is empty"):
        Catalogue(tmp_path).get("one")
