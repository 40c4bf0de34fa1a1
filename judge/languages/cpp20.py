"""C++20 with the machine's GCC, linked statically: a function in one translation unit, or a whole program.

The driver, written for each signature, includes our header and then the submission; it is compiled in a jail that sees
the compiler's own files, the system's headers and the libraries to link with. The program needs nothing of the machine:
the jail in which it runs holds only our init, which is built here once by the same compiler. A submission's own
``main`` is renamed, so that a file with a test program in it is taken as it is. Of a whole program all source files are
compiled together, as they are. ``judge.languages.c`` stands on the same binds and the same init.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from judge import harness
from judge.errors import EnvironmentFault
from judge.languages.machine import libraries, run, stamp
from judge.model.cpp_types import cpp_type
from judge.model.digest import digest_of
from judge.model.signature import Form, Parameter, Signature
from judge.model.toolchain import Bind, Compiler, Toolchain
from judge.model.type_expr import NOTHING

LANGUAGE = "cpp20"
SUFFIX = ".cpp"
PACKAGE = "g++"  # Debian's
COMMAND = "/usr/bin/g++"
REMEDY = f"apt-get install --no-install-recommends {PACKAGE}"
STANDARD = ("-std=gnu++20", "-O2", "-static")
_FLAGS = (*STANDARD, "-pipe", "-fmax-errors=20", "-fdiagnostics-color=never", "-fno-diagnostics-show-caret")
_DRIVER = "/tmp/driver.cpp"
_HEADERS = ("values.hpp", "wire.hpp", "classes.hpp", "oracles.hpp")
_INIT = ("init.cpp", "zygote.cpp", "hosted.hpp", "program.hpp", "frames.hpp")
SUFFIXES = (".cpp", ".cc", ".cxx", ".c++", ".C")
_PROGRAMS = ("cc1plus", "collect2", "as", "ld")
_OBJECTS = ("crt1.o", "crti.o", "crtn.o", "libc.a", "libm.a", "libpthread.a", "librt.a", "libdl.a")
_PARTS = ("libm-2.*.a", "libmvec.a")  # that libm.a, a linker script, names
_UNDECLARED = (
    "'::{entry}' has not been declared(?:;.*)?",
    "'{entry}' in namespace '::' does not name a type(?:;.*)?",
    r"'(?:class|struct) {entry}' has no member named '(?P<method>\w+)'(?:;.*)?",
)
_ORACLE = 'struct judge_oracle_{at} {{ static constexpr const char* judge_inside_name = "{name}"; }};\n'
_METHOD = """\
struct judge_method_{at} {{
    static constexpr const char* judge_inside_name = "{name}";
    static constexpr bool judge_inside_taken = {taken};
    using judge_inside_Arguments = ::std::tuple<{types}>;
    template <class judge_inside_S, class... judge_inside_A>
    static auto judge_inside_call(judge_inside_S& judge_inside_s, judge_inside_A&&... judge_inside_a)
        -> decltype(judge_inside_s.{name}(static_cast<judge_inside_A&&>(judge_inside_a)...)) {{
        return judge_inside_s.{name}(static_cast<judge_inside_A&&>(judge_inside_a)...);
    }}
    template <class... judge_inside_A>
    static auto judge_inside_told(judge_inside_A&... judge_inside_a) {{
        return static_cast<::{entry}*>(nullptr)->{name}(judge_inside_a...);
    }}
}};
"""
_CONSTRUCTOR = """\
struct judge_method_{at} {{
    static constexpr const char* judge_inside_name = "{name}";
    using judge_inside_Arguments = ::std::tuple<{types}>;
    template <class... judge_inside_A>
    static auto judge_inside_call(judge_inside_A&&... judge_inside_a)
        -> decltype(new ::{entry}(static_cast<judge_inside_A&&>(judge_inside_a)...)) {{
        return new ::{entry}(static_cast<judge_inside_A&&>(judge_inside_a)...);
    }}
    template <class... judge_inside_A>
    static auto judge_inside_told(judge_inside_A&... judge_inside_a) {{
        return new ::{entry}(judge_inside_a...);
    }}
}};
"""
_SELF_TEST = "#include <bits/stdc++.h>\nlong long self_test() { return std::vector<int>(6, 7).size() * 7; }\n"


def load(state_dir: Path) -> Toolchain:
    """Returns the toolchain. Raises EnvironmentFault when there is no compiler, or it does not work."""
    if not Path(COMMAND).exists():
        raise EnvironmentFault(f"there is no {COMMAND}, C++ is not graded; {REMEDY}")
    return _load(state_dir)


@cache
def _load(state_dir: Path) -> Toolchain:
    version = _ask("-dumpfullversion")
    binds = _compiler_binds()
    sources = init_sources() | {name: _source(name).read_bytes() for name in _HEADERS}
    drivers = [driver_text(), driver_text("class.cpp.in"), _METHOD, _CONSTRUCTOR, _ORACLE]
    digest = digest_of([version, list(_FLAGS), sources, [stamp(bind.source) for bind in binds], *drivers])
    init = Bind(source=str(_installed(state_dir, digest)), target="/judge")
    return Toolchain(
        language=LANGUAGE,
        runtime=LANGUAGE,
        versions=f"g++ {version}, {' '.join(STANDARD)}",
        digest=digest,
        argv=("/judge/init", "run"),
        binds=(init,),
        compiler=Compiler(
            argv=("/judge/init", "compile", COMMAND, *_FLAGS, "-iquote", "/box", "-o", "/tmp/program", _DRIVER),
            binds=(*binds, init),
            environment={"PATH": "/usr/bin", "TMPDIR": "/tmp", "LC_ALL": "C"},
            driver_path=_DRIVER,
            driver=driver,
            program_argv=program_argv(COMMAND, *_FLAGS),
            undeclared=_UNDECLARED,
        ),
        program_argv=("/judge/init", "program"),
        zygote_argv=("/judge/zygote",),
        self_test=_SELF_TEST,
        suffix=SUFFIX,
        suffixes=SUFFIXES,
    )


def program_argv(command: str, *flags: str) -> tuple[str, ...]:
    """The command line of the jail that compiles a whole program; libraries come after the sources that need them."""
    return ("/judge/init", "compile", command, *flags, "-iquote", "/box", "-o", "/tmp/program", "SOURCES", "-lm")


def driver(main: str, entry_point: str, signature: Signature) -> str:
    """Returns the source that is compiled: header, submission, and a ``main`` that serves its entry point."""
    if signature.form is Form.CLASS:
        return _class_driver(main, entry_point, signature)
    named = enumerate(signature.parameters)
    types = ", ".join(_passed_type(at, part, signature) for at, part in enumerate(signature.parameters))
    return driver_text().format(
        arrays=_arrays(types, cpp_type(signature.returns, signature)),
        main=main,
        entry=entry_point,
        header="oracles" if signature.oracles else "wire",
        oracles="".join(_ORACLE.format(at=at, name=part.name) for at, part in named if part.is_oracle),
        types=types,
    )


def _arrays(*types: str) -> str:
    """What stands before the headers when a type of ours is among those of the signature."""
    return "#define JUDGE_ARRAYS\n" if any("judge::" in text for text in types) else ""


def _passed_type(at: int, parameter: Parameter, signature: Signature) -> str:
    if not parameter.is_oracle:
        return cpp_type(parameter.type, signature)
    *arguments, returns = (cpp_type(kind, signature) for kind in parameter.type.arguments)
    return f"::judge_inside::Oracle<{', '.join([f'judge_oracle_{at}', returns, *arguments])}>"


def _class_driver(main: str, entry_point: str, signature: Signature) -> str:
    parts, seen = [], []
    for at, method in enumerate(signature.methods):
        types = ", ".join(cpp_type(parameter.type, signature) for parameter in method.parameters)
        seen += [types, "" if method.returns == NOTHING else cpp_type(method.returns, signature)]
        taken = str(method.returns != NOTHING).lower()
        template = _METHOD if at else _CONSTRUCTOR
        parts.append(template.format(at=at, name=method.name, entry=entry_point, types=types, taken=taken))
    names = ", ".join(f"judge_method_{at}" for at in range(len(signature.methods)))
    return driver_text("class.cpp.in").format(
        arrays=_arrays(*seen), main=main, entry=entry_point, methods="".join(parts), names=names
    )


def driver_text(name: str = "driver.cpp.in") -> str:
    """The driver, with the main file, the entry point and the types to be filled in."""
    return _source(name).read_text(encoding="utf-8")


def _source(name: str) -> Path:
    return Path(harness.__file__).parent / "cpp" / name


# --- what the compiler's jail sees ------------------------------------------------------------------------------------


def _compiler_binds() -> tuple[Bind, ...]:
    """The driver, what it calls, their libraries and loader, the headers, and what is linked."""
    programs = {name: _found_program(name) for name in _PROGRAMS}
    libexec = programs["cc1plus"].parent
    needed: dict[str, Path] = {COMMAND: Path(COMMAND)}
    needed |= {f"/usr/bin/{name}": path for name, path in programs.items() if path.parent != libexec}
    needed |= {library: Path(library) for library in libraries((Path(COMMAND), *programs.values()), REMEDY)}
    objects = [Path(_ask(f"-print-file-name={name}")) for name in _OBJECTS]
    parts = [part for pattern in _PARTS for part in objects[0].resolve().parent.glob(pattern)]
    needed |= {os.path.normpath(path): path for path in (*objects, *parts) if path.is_absolute()}
    for directory in (libexec, Path(_ask("-print-libgcc-file-name")).parent, Path("/usr/include")):
        needed[os.path.normpath(directory)] = directory
    return tuple(Bind(source=str(path.resolve()), target=target) for target, path in sorted(needed.items()))


def _found_program(name: str) -> Path:
    found = _ask(f"-print-prog-name={name}")
    path = found if found.startswith("/") else shutil.which(found, path="/usr/bin")
    if path is None:
        raise EnvironmentFault(f"g++ has no {name}, C++ is not graded; {REMEDY}")
    return Path(os.path.normpath(path))


# --- what is built here -----------------------------------------------------------------------------------------------


def _installed(state_dir: Path, digest: str) -> Path:
    """Returns the directory to bind at ``/judge``: init and headers; makes it when it is not there."""
    target = state_dir / "harness" / f"cpp-{digest[:16]}"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=target.parent, prefix=".building-"))
    try:
        for program in ("init", "zygote"):
            run([COMMAND, *STANDARD, str(_source(f"{program}.cpp")), "-o", str(building / program)], REMEDY)
        for name in _HEADERS:
            shutil.copyfile(_source(name), building / name)
        for path in [building, *building.iterdir()]:
            path.chmod(0o644 if path.suffix else 0o755)
        building.chmod(0o755)
        os.rename(building, target)
    except OSError:
        if not target.exists():  # another process was first
            raise
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def init_sources() -> dict[str, bytes]:
    """The sources of the init of every compiled language."""
    return {name: _source(name).read_bytes() for name in _INIT}


def _ask(option: str) -> str:
    return run([COMMAND, option], REMEDY).strip()
