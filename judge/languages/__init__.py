"""The toolchains, by language: an explicit list, one file each."""

from __future__ import annotations

from pathlib import Path

from judge.languages import python3
from judge.model.toolchain import Toolchain

LANGUAGES = ("python3",)


def load_toolchains(runtime_root: Path, state_dir: Path) -> dict[str, Toolchain]:
    """Returns every toolchain of this machine, by language. Raises EnvironmentFault naming what is missing."""
    return {"python3": python3.load(runtime_root, state_dir)}
