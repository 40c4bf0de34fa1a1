"""The toolchains, by language: an explicit list, one file each."""

from __future__ import annotations

from pathlib import Path

from judge.languages import python3
from judge.model.toolchain import Toolchain

LANGUAGES = ("python3",)


def load_toolchains(runtime_root: Path, state_dir: Path) -> dict[str, Toolchain]:
    """Returns every toolchain of this machine, by language. Raises EnvironmentFault naming what is missing."""
    return {"python3": python3.load(runtime_root, state_dir)}


LANGUAGE_OF_SUFFIX = {".py": "python3"}
_ALIASES = {"python": "python3", "py": "python3"}


def canonical_language(name: str) -> str:
    """Returns the language that ``name`` means: ``python`` is ``python3``. An unknown name is returned as it is."""
    return _ALIASES.get(name, name)
