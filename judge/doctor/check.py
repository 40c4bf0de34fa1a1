"""The nouns: a check, what it finds, and the machine that it looks at."""

from __future__ import annotations

import enum
import importlib.metadata
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from judge.config import Settings
from judge.errors import JudgeError


class Status(enum.StrEnum):
    """How a check ended."""

    PASS = "PASS"
    WARN = "WARN"  # works; times are less stable, or the machine less closed, than it could be
    FAIL = "FAIL"  # gradings would be wrong, unsafe or impossible


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a check found."""

    status: Status
    found: str
    remedy: str = ""  # what to do; empty when there is nothing to do


@dataclass(frozen=True, kw_only=True, slots=True)
class Host:
    """The machine, as far as checks look at it without trying something."""

    settings: Settings
    root: Path = Path("/")  # under which /proc, /sys and the settings' directories are
    python: tuple[int, ...] = field(default_factory=lambda: tuple(sys.version_info[:3]))
    packages: Mapping[str, str] = field(default_factory=lambda: installed_packages())  # name to version

    def read(self, path: str) -> str | None:
        """The text of a file of the machine, stripped; None when it is not there."""
        try:
            return (self.root / path.lstrip("/")).read_text().strip()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def number(self, path: str) -> int | None:
        """The whole number in a file of the machine; None when it is not there."""
        text = self.read(path)
        return None if text is None else int(text)

    def status(self, key: str) -> str:
        """A field of this process's ``/proc/self/status``."""
        for line in (self.read("/proc/self/status") or "").splitlines():
            name, _, value = line.partition(":")
            if name == key:
                return value.strip()
        raise LookupError(f"/proc/self/status has no field {key!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One question to the machine."""

    name: str
    examine: Callable[[Host], Finding]


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """The answer to one check."""

    name: str
    finding: Finding


def passed(found: str) -> Finding:
    """Nothing to do."""
    return Finding(status=Status.PASS, found=found)


def warned(found: str, remedy: str) -> Finding:
    """It works, but could be better."""
    return Finding(status=Status.WARN, found=found, remedy=remedy)


def failed(found: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding(status=Status.FAIL, found=found, remedy=remedy)


def examine(checks: Sequence[Check], host: Host) -> Iterator[Result]:
    """Yields the result of each check as it is known; a check that crashes is a FAIL with the exception's text."""
    for check in checks:
        try:
            finding = check.examine(host)
        except JudgeError as error:
            finding = failed(str(error), "as the message says")
        except Exception as error:
            finding = failed(
                f"the check crashed: {type(error).__name__}: {error}", "report it with the text shown here"
            )
        yield Result(name=check.name, finding=finding)


def installed_packages() -> dict[str, str]:
    """Returns the installed distributions, name in lower case to version."""
    found = importlib.metadata.distributions()
    return {distribution.metadata["Name"].lower(): distribution.version for distribution in found}


def writable(directory: Path) -> str | None:
    """Returns why no file can be made in ``directory``, which is made when it is not there; None when one can."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f".doctor-{os.getpid()}"
        path.write_bytes(b"")
        path.unlink()
    except OSError as error:
        return f"{error.strerror}"
    return None
