"""How a language is run: everything a jail needs to know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os.path import normpath
from pathlib import Path

from judge.model.signature import Signature

DEFAULT_RUNTIME = "python3"
HEAP = "HEAP"  # in a command line: where the option stands that bounds a virtual machine's heap
ANSWERS = "answers, taken as they are"  # the toolchain of submissions that are not run


OWN_PLACES = ("/tmp", "/box")  # directories that every jail has of its own: nothing of the machine's is seen below


def own_place_of(path: Path) -> str | None:
    """Returns the directory of a jail's own that hides what the machine has at ``path``; None when nothing does."""
    return next((place for place in OWN_PLACES if Path(normpath(path)).is_relative_to(place)), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bind:
    """A host path that a jail sees, read-only."""

    source: str
    target: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Preload:
    """Modules that a warm interpreter imports before it forks, for programs that name one of them."""

    names: tuple[str, ...]  # words of an import statement: "scipy"
    modules: tuple[str, ...]  # what is imported then: "numpy", "scipy", "scipy.stats"


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiler:
    """How the source of a language becomes a program: in a jail of its own, before the one in which it runs."""

    argv: tuple[str, ...]  # the jail's command line, which speaks BUILD and BUILT of judge.harness.protocol
    binds: tuple[Bind, ...]
    environment: dict[str, str]
    driver_path: str = ""  # in that jail
    driver: Callable[[str, str, Signature], str] | None = None  # of main file, entry point and signature: what is
    # compiled with it; None: functions are not offered
    program_argv: tuple[
        str, ...
    ] = ()  # the command line for a whole program, "SOURCES" where its sources stand; empty:
    # whole programs are not offered
    undeclared: tuple[str, ...] = ()  # patterns of the compiler's message when there is no entry point `entry`, or a
    # class of that name without a `method`


@dataclass(frozen=True, kw_only=True, slots=True)
class Toolchain:
    """One language with one runtime environment."""

    language: str  # "python3"
    runtime: str  # "python3", "python3-science"
    versions: str  # for people: "CPython 3.13.0, numpy 2.5.5"
    digest: str  # of the runtime's files, the harness and how both are started: enters the digest of every grading
    argv: tuple[str, ...]  # the jail's command line, which speaks judge.harness.protocol
    binds: tuple[Bind, ...]
    zygote_argv: tuple[
        str, ...
    ] = ()  # of a warm interpreter, followed by the modules to preload, or of the fork server
    # of whole compiled programs; empty: there is none
    preload: tuple[Preload, ...] = ()  # the first is part of any other
    environment: dict[str, str] = field(default_factory=dict)
    self_test: str = (
        ""  # a program whose function `self_test` returns 42; a whole one that prints it, without functions
    )
    compiler: Compiler | None = None  # of a language that is compiled: it has no runtimes, `runtime` is the language
    program_argv: tuple[str, ...] = ()  # of a compiled language: the jail's command line for whole programs
    suffix: str = ".py"  # of its source files
    heap: Callable[[int], str] | None = None  # of a virtual machine: the option for a memory limit in bytes
    suffixes: tuple[str, ...] = ()  # of all the files of a whole program that the compiler is given


@dataclass(frozen=True, kw_only=True, slots=True)
class Toolchains:
    """What a machine can run, and what it cannot."""

    usable: Mapping[tuple[str, str], Toolchain]  # by language and runtime
    faults: Mapping[str, str] = field(default_factory=dict)  # runtime to why it cannot be used, with the remedy
    missing: Mapping[str, str] = field(default_factory=dict)  # language to why it cannot be used, with the remedy

    @property
    def languages(self) -> list[str]:
        """The languages that there are, sorted."""
        return sorted({language for language, _ in self.usable})

    @property
    def runtimes(self) -> list[str]:
        """The runtimes that can be used, sorted."""
        return sorted(
            {runtime for language, runtime in self.usable if language != runtime or runtime == DEFAULT_RUNTIME}
        )
