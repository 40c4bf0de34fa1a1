"""Python 3 with the machine's PyPy, Debian's, for whole programs: a jail compiles the main file, another one runs it.

The program is one file of PyPy's own marshalled code, made and started by two short scripts of ours that are part of
the command lines: a syntax error is told before any run, and parsing takes nothing of a run's time. Other files lie
beside it and are imported as they are. A jail sees the interpreter, its library and what both load, at their own paths,
and the init of all compiled languages; nothing that was installed for PyPy besides.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from judge import harness
from judge.errors import EnvironmentFault
from judge.languages import cpp20
from judge.languages.machine import libraries, run, stamp
from judge.model.digest import digest_of
from judge.model.toolchain import Bind, Compiler, Toolchain

LANGUAGE = "pypy3"
SUFFIX = ".py"
PACKAGES = ("pypy3", cpp20.PACKAGE)  # Debian's; the second one builds our init
COMMAND = "/usr/bin/pypy3"
REMEDY = f"apt-get install --no-install-recommends {' '.join(PACKAGES)}"
_OPTIONS = ("-s", "-S", "-B", "-c")  # not -I, which ignores PYTHONIOENCODING
_ENVIRONMENT = {
    "PATH": "/usr/bin",
    "LC_ALL": "C.UTF-8",
    "HOME": "/box",
    "TMPDIR": "/tmp",
    "PYTHONIOENCODING": "utf-8:surrogateescape",
    "PYPY_GC_NURSERY": "4MB",  # otherwise made of the size of the processor's cache: another one on each machine
}
_SELF_TEST = "import collections, heapq, math\n\nprint(sum(collections.Counter(range(7)).values()) * 6)\n"


def load(state_dir: Path) -> Toolchain:
    """Returns the toolchain. Raises EnvironmentFault when there is no PyPy, or it does not work."""
    for command, purpose in ((COMMAND, ""), (cpp20.COMMAND, " for our init")):
        if not Path(command).exists():
            raise EnvironmentFault(f"there is no {command}{purpose}, Python is not graded with PyPy; {REMEDY}")
    return _load(Path(COMMAND).resolve(), state_dir)


@cache
def _load(interpreter: Path, state_dir: Path) -> Toolchain:
    said = run([str(interpreter), "--version"], REMEDY)
    binds = _binds(interpreter)
    init = next(bind for bind in cpp20.load(state_dir).binds if bind.target == "/judge")
    scripts = {name: script(name) for name in ("compile", "run")}
    depends = [said, scripts, [*_OPTIONS], _ENVIRONMENT, cpp20.init_sources(), [stamp(bind.source) for bind in binds]]
    command = (str(interpreter), *_OPTIONS)
    return Toolchain(
        language=LANGUAGE,
        runtime=LANGUAGE,
        versions=versions_of(said),
        digest=digest_of(depends),
        argv=(),
        program_argv=("/judge/init", "program", *command, scripts["run"]),
        binds=(*binds, init),
        environment=_ENVIRONMENT,
        compiler=Compiler(
            argv=(),
            binds=(*binds, init),
            environment=_ENVIRONMENT,
            program_argv=("/judge/init", "compile", *command, scripts["compile"], "SOURCES"),
        ),
        self_test=_SELF_TEST,
        suffix=SUFFIX,
        suffixes=(SUFFIX, ".py3"),
    )


def script(name: str) -> str:
    """One of our two scripts: what compiles, what runs."""
    return (Path(harness.__file__).parent / "pypy" / f"{name}.py").read_text(encoding="utf-8")


def versions_of(said: str) -> str:
    """Returns the versions in what ``pypy3 --version`` says. Raises EnvironmentFault when it is no PyPy."""
    python = re.search(r"Python (\S+) \(([^,)]+)", said)
    pypy = re.search(r"\[PyPy (\S+)", said)
    if python is None or pypy is None:
        raise EnvironmentFault(f"{COMMAND} --version: expected PyPy's, found {said.strip()[:200]!r}; {REMEDY}")
    return f"PyPy {pypy[1]} ({python[2]}), Python {python[1]}"


def _binds(interpreter: Path) -> tuple[Bind, ...]:
    """The interpreter, its library, and the shared libraries that both load."""
    home = Path("/usr/lib") / interpreter.name
    if not home.is_dir():
        raise EnvironmentFault(f"{interpreter}: expected its library in {home}, found none; {REMEDY}")
    modules = sorted(home.rglob("*.so"))
    needed = {str(interpreter): interpreter, str(home): home}
    needed |= {name: Path(name) for name in libraries((interpreter, *modules), REMEDY)}
    return tuple(Bind(source=str(path.resolve()), target=target) for target, path in sorted(needed.items()))
