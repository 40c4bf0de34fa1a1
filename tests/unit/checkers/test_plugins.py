"""Checkers that an operator has installed: found by dotted name, and loud when anything is wrong with them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from judge.checkers import build
from judge.checkers.plugins import provider

GOOD = """
from dataclasses import dataclass
from typing import ClassVar

@dataclass(frozen=True, kw_only=True)
class Near:
    name: ClassVar[str] = "acme.near"
    slack: int = 0
    def __post_init__(self):
        if self.slack < 0:
            raise ValueError(f"slack: expected at least 0, found {self.slack}")
    def expected_type(self, signature): return signature.returns
    def check_key(self, case): pass
    def check(self, case, answer): pass
"""
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a distribution: ``install("acme", "1.2", {"acme.near": "module:Class"}, module="source")``."""

    def make(name: str, version: str, entries: dict[str, str], **modules: str) -> None:
        place = tmp_path / name
        info = place / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        rows = "\n".join(f"{entry} = {target}" for entry, target in entries.items())
        (info / "entry_points.txt").write_text(f"[judge.checkers]\n{rows}\n")
        for module, source in modules.items():
            (place / f"{module}.py").write_text(source)
            monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.syspath_prepend(place)

    return make


def test_one_is_built_by_its_dotted_name(install: Install) -> None:
    install("acme", "1.2", {"acme.near": "acme_near:Near"}, acme_near=GOOD)
    checker = build("acme.near", {"slack": 3})
    assert (checker.name, checker.slack) == ("acme.near", 3)  # type: ignore[attr-defined]
    assert provider("acme.near") == "acme 1.2"
    assert provider("exact") == ""


def test_it_is_not_imported_before_it_is_asked_for(install: Install) -> None:
    install("acme", "1.2", {"acme.near": "acme_near:Near", "acme.far": "acme_far:Far"}, acme_near=GOOD)
    build("exact", {})
    assert "acme_near" not in sys.modules
    build("acme.near", {})
    assert "acme_near" in sys.modules


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"slak": 1}, "checker 'acme.near' has no parameter 'slak': expected slack"),
        ({"slack": -1}, "checker 'acme.near': slack: expected at least 0, found -1"),
    ],
)
def test_its_parameters_are_checked(install: Install, parameters: dict[str, int], message: str) -> None:
    install("acme", "1.2", {"acme.near": "acme_near:Near"}, acme_near=GOOD)
    with pytest.raises(ValueError, match=re.escape(message)):
        build("acme.near", parameters)


def test_none_of_that_name(install: Install) -> None:
    install("acme", "1.2", {"acme.near": "acme_near:Near"}, acme_near=GOOD)
    message = "unknown checker 'acme.nera': expected an entry point of the group 'judge.checkers', found acme.near"
    with pytest.raises(ValueError, match=re.escape(message)):
        build("acme.nera", {})


def test_two_of_that_name(install: Install) -> None:
    install("acme", "1.2", {"acme.near": "acme_near:Near"}, acme_near=GOOD)
    install("other", "1", {"acme.near": "other_near:Near"}, other_near=GOOD)
    message = "expected one entry point of that name, found 'acme_near:Near' of acme and 'other_near:Near' of other"
    with pytest.raises(ValueError, match=re.escape(message)):
        build("acme.near", {})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import no_such_module\n", "cannot import 'acme_near:Near': ModuleNotFoundError"),
        ("raise RuntimeError('no licence')\n", "cannot import 'acme_near:Near': RuntimeError: no licence"),
        ("class Far: pass\n", "cannot import 'acme_near:Near': AttributeError"),
        ("Near = 3\n", "expected 'acme_near:Near' to be a frozen dataclass, found 3"),
        (GOOD.replace("frozen=True, ", ""), "to be a frozen dataclass"),
        (GOOD.replace('"acme.near"', '"near"'), "expected 'acme_near:Near' to have that name, found 'near'"),
        (GOOD.replace("def check(", "def judge("), "to have one of the methods check and open"),
        (GOOD + "    def open(self, case, secret): pass\n", "to have one of the methods check and open"),
        (GOOD.replace("check_key", "key"), "to have expected_type and check_key"),
    ],
)
def test_one_that_is_no_checker(install: Install, source: str, message: str) -> None:
    install("acme", "1.2", {"acme.near": "acme_near:Near"}, acme_near=source)
    with pytest.raises(ValueError, match=f"checker 'acme.near': .*{re.escape(message)}"):
        build("acme.near", {})
