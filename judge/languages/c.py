"""C with the machine's GCC, for whole programs: what C++ has (``cpp20``), with another driver and another compiler."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from judge.errors import EnvironmentFault
from judge.languages import cpp20
from judge.model.digest import digest_of
from judge.model.toolchain import Bind, Toolchain

LANGUAGE = "c"
SUFFIX = ".c"
_COMMAND = "/usr/bin/gcc"
_STANDARD = ("-std=gnu17", "-O2", "-static")
_FLAGS = (*_STANDARD, "-pipe", "-fmax-errors=20", "-fdiagnostics-color=never", "-fno-diagnostics-show-caret")
_SELF_TEST = '#include <stdio.h>\nint main(void) { puts("42"); return 0; }\n'


def load(state_dir: Path) -> Toolchain:
    """Returns the toolchain. Raises EnvironmentFault when there is no compiler, or it does not work."""
    if not Path(_COMMAND).exists():
        raise EnvironmentFault(f"there is no {_COMMAND}, C is not graded; {cpp20.REMEDY}")
    base = cpp20.load(state_dir)
    assert base.compiler is not None
    driver = Bind(source=str(Path(_COMMAND).resolve()), target=_COMMAND)
    return replace(
        base,
        language=LANGUAGE,
        runtime=LANGUAGE,
        versions=base.versions.replace("g++", "gcc").partition(",")[0] + f", {' '.join(_STANDARD)}",
        digest=digest_of([base.digest, LANGUAGE, list(_FLAGS)]),
        argv=(),
        compiler=replace(
            base.compiler,
            argv=(),
            binds=(*base.compiler.binds, driver),
            driver_path="",
            driver=None,
            program_argv=cpp20.program_argv(_COMMAND, *_FLAGS),
        ),
        self_test=_SELF_TEST,
        suffix=SUFFIX,
        suffixes=(SUFFIX,),
    )
