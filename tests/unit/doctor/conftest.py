"""A machine whose /proc and /sys are files in a temporary directory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judge.config import Settings
from judge.doctor.check import Host

STATUS = "Name:\tpython\nUid:\t0\t0\t0\t0\nCapEff:\t{capabilities:016x}\n"
LIMITS = """Limit                     Soft Limit           Hard Limit           Units
Max cpu time              unlimited            unlimited            seconds
Max file size             {file_size:<20} {file_size:<20} bytes
Max stack size            8388608              {stack:<20} bytes
Max processes             {processes:<20} {processes:<20} processes
Max open files            1024                 {files:<20} files
"""
ALL_CAPABILITIES = (1 << 41) - 1
MakeHost = Callable[..., Host]


def write(root: Path, path: str, text: str) -> None:
    """Writes a file of the machine."""
    file = root / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n")


@pytest.fixture
def make_host(tmp_path: Path) -> MakeHost:
    """Makes a machine from files, capabilities, limits, and a Host's own fields."""

    def make(
        files: dict[str, str] | None = None,
        *,
        user: int = 0,
        capabilities: int = ALL_CAPABILITIES,
        stack: str = "unlimited",
        open_files: str = "20000",
        processes: str = "90000",
        file_size: str = "unlimited",
        **fields: Any,
    ) -> Host:
        status = STATUS.format(capabilities=capabilities).replace("\t0\t0\t0\t0", f"\t{user}" * 4)
        limits = LIMITS.format(stack=stack, files=open_files, processes=processes, file_size=file_size)
        write(tmp_path, "/proc/self/status", status)
        write(tmp_path, "/proc/self/limits", limits)
        for path, text in (files or {}).items():
            write(tmp_path, path, text)
        settings = Settings(state_dir=tmp_path / "state", run_dir=tmp_path / "run")
        return Host(**{"settings": settings, "root": tmp_path, **fields})

    return make
