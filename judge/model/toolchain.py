"""How a language is run: everything a jail needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Bind:
    """A host path that a jail sees, read-only."""

    source: str
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Toolchain:
    """One language with one runtime environment."""

    language: str  # "python3"
    versions: str  # for people: "CPython 3.13.0, numpy 2.5.5"
    digest: str  # of the runtime's files and of the harness: enters the digest of every grading
    argv: tuple[str, ...]  # the jail's command line, which speaks judge.harness.protocol
    binds: tuple[Bind, ...]
    zygote_argv: tuple[str, ...] = ()  # of a warm interpreter, followed by the modules to preload; empty: there is none
    preload: tuple[str, ...] = ()  # groups of modules, "heapq math", for programs that import one of them
    environment: dict[str, str] = field(default_factory=dict)
    self_test: str = ""  # a program whose function `self_test` returns 42
