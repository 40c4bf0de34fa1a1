"""The JDK of this machine: where it is, its version, and what of it a jail must see."""

from __future__ import annotations

import os
from pathlib import Path

from judge.languages.cpp20 import PACKAGE
from judge.languages.machine import libraries, stamp
from judge.model.toolchain import Bind

PACKAGES = ("openjdk-17-jdk-headless", PACKAGE)  # Debian's; the second one builds our init
VERSION = 17
ROOT = Path("/usr/lib/jvm")
REMEDY = f"apt-get install --no-install-recommends {' '.join(PACKAGES)} (or a later openjdk-*-jdk-headless)"
_SCREEN = "awt jawt fontmanager jsound splashscreen atk-wrapper lcms javajpeg mlib_image"
_UNUSED = tuple(f"lib{name}" for name in _SCREEN.split())  # a headless JDK lacks what these need


def home_of_jdk() -> Path | None:
    """The JDK to take: of the lowest version that is not too low; a link to one is not looked at."""
    found = []
    for file in sorted(ROOT.glob("*/release")):
        home = file.parent
        major = release_of(home).partition(".")[0]
        if not home.is_symlink() and (home / "bin" / "javac").exists() and major.isdigit() and int(major) >= VERSION:
            found.append((int(major), home))
    return min(found, default=(0, None))[1]


def release_of(home: Path) -> str:
    """The version of a JDK, 17.0.15 say; nothing when it does not tell."""
    lines = (home / "release").read_text(encoding="utf-8", errors="replace").splitlines()
    said = dict(line.split("=", 1) for line in lines if "=" in line)
    return said.get("JAVA_VERSION", "").strip('"')


def options_of(home: Path) -> tuple[str, ...]:
    """What its compiler must be told to compile for the version that is graded."""
    return () if release_of(home).startswith(f"{VERSION}.") else ("--release", str(VERSION))


def binds_of(home: Path) -> tuple[Bind, ...]:
    """The virtual machine, its libraries and settings, and what their links lead to."""
    parts = [home / "bin" / "java", home / "lib", home / "conf"]
    needed: dict[str, Path] = {str(part): part for part in parts}
    for link in (path for part in parts[1:] for path in part.rglob("*") if path.is_symlink()):
        target = link.resolve()
        if target.is_file() and not target.is_relative_to(home) and link.suffix != ".zip":
            needed[os.path.normpath(link.parent / os.readlink(link))] = target
    used = [path for path in (home / "lib").rglob("*.so") if path.exists() and not path.name.startswith(_UNUSED)]
    found = libraries((home / "bin" / "java", *used), REMEDY)
    needed |= {name: Path(name) for name in found if not Path(name).is_relative_to(home)}
    return tuple(Bind(source=str(path.resolve()), target=target) for target, path in sorted(needed.items()))


def stamps_of(home: Path, binds: tuple[Bind, ...]) -> list[list[str | int]]:
    """What tells it from another one at the same place."""
    inside = [home / "release", home / "lib" / "modules", home / "lib" / "server" / "libjvm.so"]
    return [stamp(path) for path in (*map(str, inside), *(bind.source for bind in binds))]
