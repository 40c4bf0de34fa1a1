"""Java 17 with the machine's OpenJDK: compiled in memory by a small program of ours, run by a virtual machine.

What a submission's classes become is one file of our own making (``judge.inside.Program``); there is no jar, no class
path and no option of the candidate's. Our classes, in ``judge/harness/java``, are compiled here once, by the same JDK,
and two archives of loaded classes (AppCDS) are made of them, one for the compiler and one for running: they halve the
time that a virtual machine takes to start. A jail sees the JDK at its own path, which those archives check.

A JDK of a later version is taken when there is no 17, and compiles for 17.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from judge import harness
from judge.errors import EnvironmentFault
from judge.harness import protocol, wire
from judge.languages import cpp20
from judge.languages.jdk import REMEDY, ROOT, VERSION, binds_of, home_of_jdk, options_of, release_of, stamps_of
from judge.languages.machine import run
from judge.model.digest import digest_of
from judge.model.java_types import codec, java_imports, java_type
from judge.model.signature import Form, Method, Parameter, Signature
from judge.model.toolchain import HEAP, OWN_PLACES, Bind, Compiler, Toolchain, own_place_of
from judge.model.type_expr import NOTHING, parse_type

LANGUAGE = "java17"
SUFFIX = ".java"
_DRIVER = "/tmp/driver.java"
_PROGRAM = "/tmp/program"
_BOX = "/box"
_JVM = (
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:+DisableAttachMechanism",
    "-XX:-UseContainerSupport",
    "-Xshare:auto",
    "-Dfile.encoding=UTF-8",
    "-Dsun.stdout.encoding=UTF-8",
    "-Dsun.stderr.encoding=UTF-8",
    "-Djava.awt.headless=true",
)
_COMPILING = ("-XX:TieredStopAtLevel=1", "-Xmx16g", "-Xss16m")  # the cgroup bounds the heap
_OPTIONS = ("-proc:none", "-implicit:none", "-nowarn", "-g:source,lines", "-XDstringConcat=inline")
_RESERVE = (24 << 20, 8)  # what a heap leaves of the memory limit: so many bytes, or this part of it when that is more
_CLASSES = "judge.jar"
_ARCHIVES = ("compile", "run")
_REHEARSAL = """import java.util.*;
import java.util.stream.*;

public class Solution {
    public long rehearse(long[] x) {
        Map<Long, List<Long>> groups = new HashMap<>();
        for (long value : x) {
            groups.computeIfAbsent(value % 3, key -> new ArrayList<>()).add(value);
        }
        PriorityQueue<long[]> queue = new PriorityQueue<>(Comparator.comparingLong(pair -> pair[0]));
        groups.forEach((key, values) -> queue.add(new long[] {key, values.size()}));
        Deque<Long> deque = new ArrayDeque<>(Arrays.stream(x).boxed().collect(Collectors.toList()));
        Set<String> names = new TreeSet<>(List.of("one", "two"));
        names.add(new StringBuilder().append(queue.poll()[0]).append("a").toString());
        return deque.stream().mapToLong(Long::longValue).sum() + names.size() + new Random(1).nextInt(7);
    }
}
"""
_SELF_TEST = """import java.util.*;

class Solution {
    long self_test() {
        List<Integer> parts = new ArrayList<>(Collections.nCopies(6, 7));
        return parts.stream().mapToInt(part -> part).sum();
    }
}
"""


def load(state_dir: Path) -> Toolchain:
    """Returns the toolchain. Raises EnvironmentFault when there is no JDK, or it does not work."""
    home = home_of_jdk()
    if home is None:
        raise EnvironmentFault(f"there is no JDK of version {VERSION} in {ROOT}, Java is not graded; {REMEDY}")
    if not Path(cpp20.COMMAND).exists():
        raise EnvironmentFault(f"there is no {cpp20.COMMAND} for our init, Java is not graded; {REMEDY}")
    _check_visible(state_dir)
    return _load(home, state_dir)


def _check_visible(state_dir: Path) -> None:
    """Raises EnvironmentFault when no jail can see what is installed there.

    A jail sees our classes where the machine has them, for their archives hold that path.
    """
    place = own_place_of(state_dir.absolute())
    if place is not None:
        found = f"found state_dir {state_dir}: every jail has a {place} of its own, which hides our classes there"
        remedy = f"name a directory outside of {' and '.join(OWN_PLACES)} in state_dir"
        raise EnvironmentFault(f"Java is not graded: expected a state_dir that jails can see, {found}; {remedy}")


@cache
def _load(home: Path, state_dir: Path) -> Toolchain:
    version = release_of(home)
    binds = binds_of(home)
    sources = {name: path.read_bytes() for name, path in _sources().items()}
    started = [[*_JVM], [*_COMPILING], [*_OPTIONS], [*options_of(home)], _RESERVE]
    init = next(bind for bind in cpp20.load(state_dir).binds if bind.target == "/judge")
    drivers = [driver_text(), driver_text("class.java.in")]
    digest = digest_of([version, started, drivers, sources, cpp20.init_sources(), stamps_of(home, binds)])
    place = _installed(home, state_dir, digest)
    visible = (*binds, init, Bind(source=str(place), target=str(place)))
    environment = {"LD_LIBRARY_PATH": f"{home}/lib", "LC_ALL": "C.UTF-8", "TMPDIR": "/tmp", "HOME": _BOX}
    compiling = ("/judge/init", "compile", *_java(home, place, "compile"), *_COMPILING, *_compile(home, place))
    running = _java(home, place, "run")
    return Toolchain(
        language=LANGUAGE,
        runtime=LANGUAGE,
        versions=" ".join([f"OpenJDK {version}", *options_of(home)]),
        digest=digest,
        argv=("/judge/init", "host", *running, HEAP, "judge.inside.Main", _PROGRAM),
        program_argv=("/judge/init", "program", *running, "-Xss64m", HEAP, "judge.inside.Run", _PROGRAM),
        binds=visible,
        environment=environment,
        heap=heap_option,
        compiler=Compiler(
            argv=(*compiling, "--"),
            binds=visible,
            environment=environment,
            driver_path=_DRIVER,
            driver=driver,
            program_argv=(*compiling, "--", "SOURCES"),
            undeclared=(
                r"there is no method Solution\.{entry}",
                "there is no class {entry}",
                r"there is no method {entry}\.(?P<method>\w+)",
            ),
        ),
        self_test=_SELF_TEST,
        suffix=SUFFIX,
        suffixes=(SUFFIX,),
    )


def heap_option(memory_bytes: int) -> str:
    """Returns the option that bounds the heap, for a memory limit: an overfull heap is noticed before the limit is."""
    left = memory_bytes - max(_RESERVE[0], memory_bytes // _RESERVE[1])
    return f"-Xmx{max(left, 8 << 20) >> 10}k"


def driver(main: str, entry_point: str, signature: Signature) -> str:
    """Returns the source that is compiled with a submission: it names the types and calls the entry point."""
    imports = "".join(f"import {name};\n" for name in java_imports(signature))
    if signature.form is Form.CLASS:
        return driver_text("class.java.in").format(
            main=main,
            entry=entry_point,
            imports=imports,
            names=", ".join(f'"{method.name}"' for method in signature.methods),
            codecs=", ".join(f"{{{_codecs(method.parameters, signature)}}}" for method in signature.methods),
            cases="".join(_case(at, method, entry_point, signature) for at, method in enumerate(signature.methods)),
        )
    return driver_text().format(
        main=main,
        entry=entry_point,
        imports=imports,
        codecs=_codecs(signature.parameters, signature),
        arguments=_arguments(signature.parameters, signature),
    )


def _codecs(parameters: Sequence[Parameter], signature: Signature) -> str:
    return ", ".join(
        f'Type.oracle("{part.name}", {codec(part.type.arguments[-1], signature)})'
        if part.is_oracle
        else codec(part.type, signature)
        for part in parameters
    )


def _arguments(parameters: Sequence[Parameter], signature: Signature) -> str:
    return ", ".join(f"({java_type(part.type, signature)}) a[{at}]" for at, part in enumerate(parameters))


def _case(at: int, method: Method, entry_point: str, signature: Signature) -> str:
    """Returns what is done for the calls of one method, of which the first is the constructor."""
    arguments = _arguments(method.parameters, signature)
    if at == 0:
        done = f"subject = new {entry_point}({arguments}); calls.done(null);"
    elif method.returns == NOTHING:
        done = f"subject.{method.name}({arguments}); calls.done(null);"
    else:
        done = f"calls.done(subject.{method.name}({arguments}));"
    return f"                case {at} -> {{ {done} }}\n"


def driver_text(name: str = "driver.java.in") -> str:
    """The driver, with what depends on the signature to be filled in."""
    return (_harness() / name).read_text(encoding="utf-8")


def _harness() -> Path:
    return Path(harness.__file__).parent / "java"


def _sources() -> dict[str, Path]:
    return {str(path.relative_to(_harness())): path for path in sorted(_harness().rglob("*.java"))}


def _java(home: Path, place: Path, archive: str) -> tuple[str, ...]:
    shared = (f"-XX:SharedArchiveFile={place / archive}.jsa", "-cp", str(place / _CLASSES))
    return (f"{home}/bin/java", *_JVM, *shared)


def _compile(home: Path, place: Path, files: Sequence[str] = (_BOX, _DRIVER, _PROGRAM)) -> tuple[str, ...]:
    """The compiling program with its arguments, up to the sources of a whole program."""
    return ("judge.inside.Compile", *files, *_OPTIONS, *options_of(home), "-cp", str(place / _CLASSES))


# --- what is built here -----------------------------------------------------------------------------------------------


def _installed(home: Path, state_dir: Path, digest: str) -> Path:
    """Returns the directory with our classes and their archives; makes what is not there."""
    target = (state_dir / "harness" / f"java-{digest[:16]}").absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=target.parent, prefix=".building-"))
    try:
        if not target.exists():
            _build(home, building)
            building.chmod(0o755)
            os.rename(building, target)
        if not all((target / f"{name}.jsa").exists() for name in _ARCHIVES):
            building.mkdir(exist_ok=True)
            _archive(home, target, building)
    except OSError:
        if not target.exists():  # another process was first
            raise
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def _build(home: Path, building: Path) -> None:
    classes = building / "classes"
    javac = [f"{home}/bin/javac", "-J-XX:TieredStopAtLevel=1", "-XDstringConcat=inline", *options_of(home)]
    run([*javac, "-d", str(classes), *map(str, _sources().values())], REMEDY)
    run([f"{home}/bin/jar", "-c", "-0", "-f", str(building / _CLASSES), "-C", str(classes), "."], REMEDY)
    shutil.rmtree(classes)
    (building / _CLASSES).chmod(0o644)


def _archive(home: Path, place: Path, building: Path) -> None:
    """Makes the archives of loaded classes, of those that a rehearsal loads: each checks the path of our classes."""
    (building / "box").mkdir()
    (building / "box" / "solution.java").write_text(_REHEARSAL, encoding="utf-8")
    signature = Signature(parameters=(Parameter(name="x", type=parse_type("list[int]")),), returns=parse_type("int"))
    (building / "driver.java").write_text(driver("solution.java", "rehearse", signature), encoding="utf-8")
    files = [str(building / name) for name in ("box", "driver.java", "program")]
    commands = {
        "compile": [*_COMPILING, *_compile(home, place, files), "--"],
        "run": ["judge.inside.Main", files[2], "submission", "first"],
    }
    for name in _ARCHIVES:
        java = [f"{home}/bin/java", *_JVM]
        listed = f"-XX:DumpLoadedClassList={building / name}.list"
        _rehearse([*java, listed, "-cp", str(place / _CLASSES), *commands[name]])
        made = building / f"{name}.jsa"
        dump = ["-Xshare:dump", f"-XX:SharedClassListFile={building / name}.list", f"-XX:SharedArchiveFile={made}"]
        run([*java, *dump, "-cp", str(place / _CLASSES)], REMEDY)
        made.chmod(0o644)
        os.replace(made, place / made.name)


def _rehearse(command: list[str]) -> None:
    """Runs a program of ours as a jail does, with a call of the entry point; the compiler asks for none of it."""
    ours, theirs = socket.socketpair()
    asked = wire.encode({"x": list(range(20))})
    with ours, theirs:
        protocol.send(ours.fileno(), {"kind": protocol.LOAD})
        protocol.send(ours.fileno(), {"kind": protocol.CALL, "id": 1, "arguments": asked, "audit": None})
        ours.shutdown(socket.SHUT_WR)
        done = subprocess.run(command, env={"LC_ALL": "C"}, stdin=theirs.fileno(), capture_output=True, check=False)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace")[-500:]
        raise EnvironmentFault(f"{command[0]} ended with status {done.returncode}: {said}; {REMEDY}")
