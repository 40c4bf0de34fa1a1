"""A state directory in which nothing is known yet but the toolchains."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from judge.config import Settings
from judge.languages import load_toolchains

RUNTIMES = Settings().runtime_root


@pytest.fixture
def state() -> Iterator[str]:
    """A directory that the users of slots can enter. What is built for toolchains is shared: it takes ten seconds."""
    if os.geteuid() != 0:
        pytest.skip(f"real boxes need root, found user id {os.geteuid()}")
    if not (RUNTIMES / "python3" / "runtime.json").exists():
        pytest.skip(f"the Python runtime is not built in {RUNTIMES} (make runtime)")
    known = Settings().state_dir
    load_toolchains(RUNTIMES, known)
    with tempfile.TemporaryDirectory(prefix="judge-state-") as directory:
        os.chmod(directory, 0o755)
        Path(directory, "harness").symlink_to(known / "harness")
        yield directory
