"""The toolchains, by language and runtime: an explicit list of languages, one file each; see docs/languages.md.

The runtimes of Python are the folders of ``runtime_root`` that hold a manifest. The default one must be there; any
other that cannot be used stops nothing but the problems that ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from judge.errors import EnvironmentFault
from judge.languages import c, cpp20, java17, pypy3, python3
from judge.model.toolchain import DEFAULT_RUNTIME, Toolchain, Toolchains


class CompiledLanguage(Protocol):
    """A module of this package that has one toolchain."""

    LANGUAGE: str

    def load(self, state_dir: Path) -> Toolchain:
        """Returns the toolchain. Raises EnvironmentFault with the remedy when it cannot be used."""
        ...


LANGUAGES = ("python3", "cpp20", "c", "java17", "pypy3")
SPECS = Path(__file__).parents[2] / "deploy" / "runtimes"  # of a checkout; a service can be installed without them


def load_toolchains(
    runtime_root: Path, state_dir: Path, compiled: Iterable[CompiledLanguage] = (cpp20, c, java17, pypy3)
) -> Toolchains:
    """Returns every toolchain of this machine. Raises EnvironmentFault when the default runtime cannot be used."""
    default = python3.load(runtime_root, state_dir, DEFAULT_RUNTIME)
    usable: dict[tuple[str, str], Toolchain] = {(default.language, default.runtime): default}
    faults: dict[str, str] = {}
    for name in sorted(built_runtimes(runtime_root) - {DEFAULT_RUNTIME}):
        try:
            toolchain = python3.load(runtime_root, state_dir, name)
        except EnvironmentFault as error:
            faults[name] = str(error)
        else:
            usable[toolchain.language, name] = toolchain
    missing: dict[str, str] = {}
    for module in compiled:
        try:
            usable[module.LANGUAGE, module.LANGUAGE] = module.load(state_dir)
        except EnvironmentFault as error:
            missing[module.LANGUAGE] = str(error)
    return Toolchains(usable=usable, faults=faults, missing=missing)


def built_runtimes(runtime_root: Path) -> set[str]:
    """Returns the names of the runtimes that have a manifest."""
    return {path.parent.name for path in runtime_root.glob("[a-z]*/runtime.json")}


def known_runtimes(runtime_root: Path, specs: Path = SPECS) -> list[str]:
    """Returns the runtimes that there are and those that could be built, the default one first."""
    described = {path.parent.name for path in specs.glob("*/runtime.toml")}
    others = (built_runtimes(runtime_root) | described) - {DEFAULT_RUNTIME}
    return [DEFAULT_RUNTIME, *sorted(others)]


LANGUAGE_OF_SUFFIX = {".py": "python3", ".py3": "python3", ".c": "c", ".java": "java17", ".sql": "sqlite"}
LANGUAGE_OF_SUFFIX |= dict.fromkeys(cpp20.SUFFIXES, "cpp20")
_ALIASES = {"python": "python3", "py": "python3", "c++": "cpp20", "cpp": "cpp20", "cc": "cpp20"}
_ALIASES |= {"java": "java17", "sql": "sqlite", "pypy": "pypy3"}


def canonical_language(name: str) -> str:
    """Returns the language that ``name`` means: ``python`` is ``python3``. An unknown name is returned as it is."""
    return _ALIASES.get(name, name)
