#!/usr/bin/env python3
"""Builds a candidate runtime: the interpreter, its libraries and its packages, in one tree that a jail can bind.

Submissions must not run on the service's own interpreter: it may lie where a slot's uid cannot reach (a home of mode
700), it drags the host's /usr into the jail, and its packages are the service's. So the interpreter is copied, with
everything it links to, into a tree that needs nothing of the host. In the jail the tree is bound read-only at /runtime,
and the tree's own dynamic loader at the path that the interpreter names (`loader` in the manifest). Nothing else.

    ROOT/python3                         a symbolic link, replaced atomically, to
    ROOT/.trees/python3-<digest>/
        bin/python3                      the interpreter itself, not a script or a link
        lib/*.so*                        the `ldd` closure of the interpreter, the standard library and the packages,
                                         and the dynamic loader; found through LD_LIBRARY_PATH=/runtime/lib
        lib/python3.X/                   the standard library without tests, tkinter, idlelib, ensurepip, site-packages
        packages/                        the locked third-party packages
        runtime.json                     the manifest
    ROOT/.python3.sources.json           where the libraries came from: outside the tree, which candidates can read

The steps: query the interpreter, copy it, install the packages, copy the library closure, compile, self-test, write the
manifest, publish. Published trees are not changed, and the last but one is kept for the jails that hold it.

Manifest (runtime.json):

    name, description              as in the spec's runtime.toml
    preload                        groups of modules, each a module or {"names": [...], "modules": [...]}: a zygote
                                   imports the modules for a program that has one of the names in an import statement
    environment                    {variable: value} beside what every runtime's interpreters are started with
    python_version, abi            "3.13.0", "cpython-313-x86_64-linux-gnu"
    interpreter                    path in the tree: "bin/python3"
    stdlib                         path in the tree: "lib/python3.13"
    loader                         where the ELF expects its loader: "/lib64/ld-linux-x86-64.so.2"
    loader_file                    the loader's path in the tree: "lib/ld-linux-x86-64.so.2"
    library_path                   directories in the tree for LD_LIBRARY_PATH: ["lib"]
    packages_path                  directories in the tree to append to sys.path: ["packages"]
    packages                       {distribution: version}
    digest                         SHA-256 over the sorted lines "<path>\\0<SHA-256 of the content>\\0<exec>\\n" of
                                   every file but runtime.json, where exec is 1 if the owner can execute it, or 0
    inputs                         SHA-256 of what was asked for: the spec, the interpreter and this script

Bytecode is compiled ahead, because the jail cannot write it: unchecked (nothing is compared with the source at import),
and with file names under /runtime, where the jail sees them. The same inputs give the same digest.

A build is skipped when `inputs` is unchanged and the host's libraries are the files that were copied, so that a
security update of, say, libssl reaches the runtime at the next bootstrap.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MOUNT_POINT = "/runtime"
DEFAULT_ROOT = "/var/lib/judge/runtimes"
SUPPORTED = ((3, 12), (3, 14))

# Top-level names of the standard library that no submission needs.
STDLIB_UNUSED = {
    *("test", "idlelib", "tkinter", "turtledemo", "turtle.py", "ensurepip", "lib2to3"),
    *("site-packages", "dist-packages", "sitecustomize.py", "usercustomize.py", "EXTERNALLY-MANAGED", "__pycache__"),
}
STDLIB_UNUSED_PATTERNS = (
    *("config-3*", "_tkinter.*", "nis.*"),
    *("_test*", "_ctypes_test.*", "_xxtestfuzz.*", "xxlimited*", "xxsubtype.*"),
)

# Opened by name while running, so `ldd` does not list it: glibc's pthread_exit and pthread_cancel abort without it.
OPENED_BY_NAME = ("libgcc_s.so.1",)

# What interpreters in jails are started with, as far as it decides how many threads a library starts.
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

# The service's own variables (judge/languages/python3.py), which a spec cannot change, and those of the loader.
RESERVED = ("PATH", "LANG", "HOME", "TMPDIR", "MALLOC_ARENA_MAX", *THREADS)
RESERVED_PREFIXES = ("LD_", "PYTHON", "GLIBC_")

# What an installer adds to a wheel's .dist-info: it differs from one installer to the next.
INSTALLER_NOTES = ("INSTALLER", "RECORD", "REQUESTED")

# Imported by the self-test beside every extension module of the tree.
SELF_TEST_IMPORTS = ("asyncio", "bz2", "ctypes", "decimal", "hashlib", "json", "lzma", "sqlite3", "ssl", "zoneinfo")


class BuildError(Exception):
    """The runtime cannot be built; the message says what was expected and what was found."""


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """What a Python executable says about itself."""

    executable: Path  # the ELF file, links resolved
    version: str  # "3.13.0"
    build: str  # sys.version: the version, the build date and the compiler
    soabi: str  # "cpython-313-x86_64-linux-gnu"
    libdir: str  # sys.platlibdir: "lib", or "lib64" on Fedora
    stdlib: Path  # the directory of os.py
    dynload: Path  # the directory of the extension modules of the standard library

    @property
    def short(self) -> str:
        """The X.Y of the version."""
        return ".".join(self.version.split(".")[:2])


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What a runtime should be: the folder deploy/runtimes/NAME."""

    name: str
    description: str
    preload: tuple[str | dict[str, list[str]], ...]  # groups of modules that a zygote imports before it forks
    environment: dict[str, str]  # of the interpreters
    requirements: Path  # locked, with hashes


# --- What is asked for ------------------------------------------------------------------------------------------------

QUERY = """
import json, os, platform, sys, sysconfig
dynload = [p for p in sys.path if os.path.basename(p) == 'lib-dynload' and os.path.isdir(p)]
print(json.dumps({
    'executable': os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable),
    'version': platform.python_version(),
    'numbers': sys.version_info[:2],
    'build': sys.version,
    'implementation': sys.implementation.name,
    'free_threaded': bool(sysconfig.get_config_var('Py_GIL_DISABLED')),
    'soabi': sysconfig.get_config_var('SOABI'),
    'libdir': sys.platlibdir,
    'stdlib': os.path.dirname(os.path.realpath(os.__file__)),
    'dynload': dynload[0] if dynload else '',
}))
"""


def query_interpreter(executable: str) -> Interpreter:
    """Asks a Python executable what it is; a virtual environment answers for the interpreter that it was made from."""
    facts = json.loads(run([executable, "-I", "-c", QUERY]))
    low, high = SUPPORTED
    if facts["implementation"] != "cpython" or facts["free_threaded"] or not low <= tuple(facts["numbers"]) <= high:
        raise BuildError(
            f"python {executable}: expected CPython {low[0]}.{low[1]} to {high[0]}.{high[1]} with its lock (GIL), "
            f"found {facts['implementation']} {facts['version']}{' free-threaded' if facts['free_threaded'] else ''}"
        )
    stdlib = Path(facts["stdlib"])
    return Interpreter(
        executable=Path(facts["executable"]),
        version=facts["version"],
        build=facts["build"],
        soabi=facts["soabi"],
        libdir=facts["libdir"],
        stdlib=stdlib,
        dynload=Path(facts["dynload"] or stdlib / "lib-dynload"),
    )


def load_spec(name: str, folder: Path) -> Spec:
    """Reads runtime.toml and checks that the lock is there."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        raise BuildError(f"runtime name {name!r}: expected lower-case letters, digits, '-', '_', a letter first")
    requirements = folder / "requirements.txt"
    for path in (folder / "runtime.toml", requirements):
        if not path.is_file():
            raise BuildError(f"runtime {name!r}: expected the file {path}, found none")
    file = folder / "runtime.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BuildError(f"{file}: {error}") from error
    if unknown := table.keys() - {"description", "preload", "environment"}:
        known = "description, preload, environment"
        raise BuildError(f"{file}: unknown keys {sorted(unknown)}; known: {known}")
    return Spec(
        name=name,
        description=table.get("description", ""),
        preload=tuple(read_group(file, group) for group in table.get("preload", ())),
        environment=read_environment(file, table.get("environment", {})),
        requirements=requirements,
    )


def read_group(file: Path, group: object) -> str | dict[str, list[str]]:
    """One entry of `preload`: a module that is its own name, or a table of names and modules."""
    if isinstance(group, str) and re.fullmatch(r"\w+", group):
        return group
    if not isinstance(group, dict) or group.keys() != {"names", "modules"}:
        raise BuildError(f"{file}: preload: expected a module, or names and modules, found {group!r}")
    for key, pattern in (("names", r"\w+"), ("modules", r"\w+(\.\w+)*")):
        words = group[key]
        if not isinstance(words, list) or not words or not all(re.fullmatch(pattern, str(word)) for word in words):
            expected = "words of import statements" if key == "names" else "names of modules"
            raise BuildError(f"{file}: preload.{key}: expected a list of {expected}, found {words!r}")
    return group


def read_environment(file: Path, table: object) -> dict[str, str]:
    """The table `environment`: it cannot have what the service sets itself, nor what the loader obeys."""
    if not isinstance(table, dict):
        raise BuildError(f"{file}: environment: expected a table, found {table!r}")
    for name, value in table.items():
        if name in RESERVED or name.startswith(RESERVED_PREFIXES) or not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
            raise BuildError(f"{file}: environment: expected a variable of a library, found {name!r}")
        if not isinstance(value, str) or not value.isprintable():
            raise BuildError(f"{file}: environment.{name}: expected a text, found {value!r}")
    return table


def inputs_digest(spec: Spec, python: Interpreter) -> str:
    """Names what was asked for: the spec, the interpreter and the rules of this script."""
    parts = [
        file_sha256(spec.requirements),
        file_sha256(spec.requirements.with_name("runtime.toml")),
        file_sha256(Path(__file__)),
        file_sha256(python.executable),
        *(str(value) for value in (spec.name, python.executable, python.build, python.stdlib)),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


# --- ELF files --------------------------------------------------------------------------------------------------------


def is_elf(path: Path) -> bool:
    """Whether the file begins as an ELF file does."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def elf_interpreter(path: Path) -> str:
    """The dynamic loader that an executable names (PT_INTERP). Source: the ELF-64 specification, little-endian."""
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        raise BuildError(f"interpreter {path}: expected a 64-bit little-endian ELF file, found {data[:6]!r}")
    (table,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    for index in range(count):
        kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", data, table + index * size)
        if kind == 3:  # PT_INTERP
            return data[offset : offset + length].rstrip(b"\0").decode()
    raise BuildError(f"interpreter {path}: expected a dynamically linked executable, found no PT_INTERP")


def linked_libraries(paths: Iterable[Path]) -> Iterator[tuple[Path, str, Path]]:
    """For each file, the libraries that the loader gives it: (file, soname, library)."""
    files = [str(path) for path in paths]
    # With a second file `ldd` prints the name of each file before its libraries.
    output = run(["ldd", *files, files[0]], accept=(0, 1), environment=os.environ | {"LC_ALL": "C"})
    current = Path(files[0])
    for line in output.splitlines():
        if not line.startswith(("\t", " ")):
            current = Path(line.rstrip(":"))
        elif " => not found" in line:
            raise BuildError(f"{current}: expected its library {line.split()[0]} on this machine, found none")
        elif match := re.match(r"\s+(\S+) => (/.*) \(0x", line):
            yield current, match[1], Path(match[2])


# --- The steps of a build ---------------------------------------------------------------------------------------------


def copy_interpreter(python: Interpreter, tree: Path) -> list[Path]:
    """Copies the executable and the standard library; returns the ELF files as they are on the host."""
    place_file(python.executable, tree / "bin/python3", executable=True)
    target = tree / python.libdir / f"python{python.short}"
    copy_folder(python.stdlib, target, unused=STDLIB_UNUSED)
    if not python.dynload.is_relative_to(python.stdlib):
        copy_folder(python.dynload, target / "lib-dynload")
    copied = (path for path in (target / "lib-dynload").glob("*.so"))
    return [python.executable, *(python.dynload / path.name for path in copied)]


def copy_folder(source: Path, target: Path, *, unused: Iterable[str] = ()) -> None:
    """Copies a folder of Python code; links become files, bytecode and what is of no use stay behind."""
    for path in sorted(source.iterdir()):
        if path.name in unused or any(path.match(pattern) for pattern in STDLIB_UNUSED_PATTERNS):
            continue
        if path.is_dir():
            copy_folder(path, target / path.name, unused={"__pycache__"})
        elif path.is_file() and path.suffix not in {".pyc", ".a"}:
            place_file(path, target / path.name)


def place_file(source: Path, target: Path, *, executable: bool | None = None) -> None:
    """Copies one file's content, with mode 755 if it is executable and 644 if not."""
    if executable is None:
        executable = bool(source.stat().st_mode & 0o100)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o755 if executable else 0o644)


def install_packages(spec: Spec, python: Interpreter, tree: Path, uv: str | None) -> None:
    """Installs the locked packages, wheels only, without scripts, installers' notes and the packages' tests."""
    target = tree / "packages"
    target.mkdir()
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--target", str(target)]
    options += ["-r", str(spec.requirements)]
    if uv:
        run([uv, "pip", "install", "--quiet", "--python", str(python.executable), "--link-mode", "copy", *options])
    else:
        run([str(python.executable), "-m", "pip", "install", "--quiet", "--no-compile", *options])
    notes = [path for name in INSTALLER_NOTES for path in target.glob(f"*.dist-info/{name}")]
    unused = [target / "bin", target / ".lock", *notes, *target.glob("*/**/tests"), *target.glob("**/__pycache__")]
    for path in sorted(unused, reverse=True):
        remove(path)
    for path in target.glob("**/*"):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def copy_libraries(originals: list[Path], tree: Path) -> dict[Path, str]:
    """Copies every library that the interpreter, its modules and the packages link to; returns them by soname."""
    packages = [path for path in (tree / "packages").glob("**/*.so*") if is_elf(path)]
    found: dict[str, Path] = {}
    for user, soname, library in [*linked_libraries([*originals, *packages]), *opened_by_name()]:
        if library.is_relative_to(tree):
            continue  # a package's own library, which it finds relative to itself
        first = found.setdefault(soname, library.resolve())
        if first != library.resolve():
            raise BuildError(f"{user}: library {soname} is {library.resolve()}, but another file links to {first}")
    for soname, library in found.items():
        place_file(library, tree / "lib" / soname, executable=False)
    return {library: soname for soname, library in found.items()}


def opened_by_name() -> Iterator[tuple[Path, str, Path]]:
    """The libraries of OPENED_BY_NAME, where the loader of this machine would find them."""
    search = f"{os.environ.get('PATH', os.defpath)}:/sbin:/usr/sbin"
    cache = run([shutil.which("ldconfig", path=search) or "ldconfig", "-p"])
    for soname in OPENED_BY_NAME:
        line = re.search(rf"^\s+{re.escape(soname)} \(.*{machine_tag()}.*\) => (.*)$", cache, re.MULTILINE)
        if line is None:
            raise BuildError(f"library {soname}: expected it in `ldconfig -p`, found none (Debian: libgcc-s1)")
        yield Path("libc.so.6"), soname, Path(line[1])


def machine_tag() -> str:
    """How `ldconfig -p` marks the libraries of this machine."""
    return {"x86_64": "x86-64", "aarch64": "AArch64"}.get(os.uname().machine, "")


def copy_loader(python: Interpreter, tree: Path) -> tuple[str, str]:
    """Copies the dynamic loader; returns where the ELF expects it and where it is in the tree."""
    loader = elf_interpreter(python.executable)
    inside = f"lib/{Path(loader).name}"
    place_file(Path(loader).resolve(), tree / inside, executable=True)  # the kernel wants the executable bit
    return loader, inside


def compile_bytecode(python: Interpreter, tree: Path) -> None:
    """Writes the .pyc files: one process and a fixed hash seed, because marshal's output depends on both."""
    # -s -P, not -I: isolated mode would ignore PYTHONHASHSEED.
    command = [str(python.executable), "-s", "-P", "-m", "compileall", "-q", "-j", "1"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(tree), "-p", MOUNT_POINT]
    places = [str(tree / python.libdir / f"python{python.short}"), str(tree / "packages")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    run([*command, *places], environment=kept | {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"})


SELF_TEST = """
import importlib, json, os, pathlib, sys
tree, preload, imports, suffix = json.loads(sys.argv[1])
sys.path.append(tree + '/packages')
threads = {}
for name in preload:
    importlib.import_module(name)
    threads.setdefault(len(os.listdir('/proc/self/task')), name)
for name in imports:
    importlib.import_module(name)
dynload = pathlib.Path(os.__file__).parent / 'lib-dynload'
for path in sorted(dynload.glob('*' + suffix)):
    importlib.import_module(path.name.split('.')[0])
if 'numpy' in sys.modules:
    import numpy, numpy.linalg, numpy.random, numpy.testing
    assert numpy.arange(3).sum() == 3
    assert abs(numpy.linalg.inv(numpy.eye(3)) @ numpy.ones(3) - 1).max() == 0
    numpy.random.default_rng(0).normal(size=3)
lines = [line.split(None, 5) for line in open('/proc/self/maps') if '/' in line]
mapped = {fields[5].strip() for fields in lines if 'x' in fields[1]}
foreign = sorted(path for path in mapped if not path.startswith(tree + '/'))
sources = {getattr(m, '__file__', None) or tree + '/' for m in list(sys.modules.values())}
# A module that a package makes up, such as torch.classes, names no path.
foreign += sorted(path for path in sources if path.startswith('/') and not path.startswith(tree + '/'))
print(json.dumps({'threads': threads, 'foreign': foreign}))
"""


def self_test(spec: Spec, tree: Path, loader_file: str) -> None:
    """Runs the tree on its own loader and libraries, with everything imported that a zygote preloads.

    Refuses it if any code of the host was mapped or imported, or if a module started a thread: a zygote forks, so that
    it has one only.
    """
    groups = ([group] if isinstance(group, str) else group["modules"] for group in spec.preload)
    modules = list(dict.fromkeys(module for group in groups for module in group))
    argument = json.dumps([str(tree), modules, SELF_TEST_IMPORTS, ".so"])
    # --library-path goes before the interpreter's own RUNPATH, as LD_LIBRARY_PATH does in the jail.
    loader = [str(tree / loader_file), "--inhibit-cache", "--library-path", str(tree / "lib")]
    command = [*loader, str(tree / "bin/python3"), "-I", "-S", "-W", "ignore", "-c", SELF_TEST, argument]
    # HOME, because looking it up would load the host's name service modules.
    answer = json.loads(run(command, environment={**spec.environment, **THREADS, "HOME": "/"}))
    for count, module in answer["threads"].items():
        if int(count) != 1:
            raise BuildError(f"runtime {spec.name!r}: expected one thread after importing {module!r}, found {count}")
    if answer["foreign"]:
        found = ", ".join(answer["foreign"])
        raise BuildError(f"runtime {spec.name!r}: expected only code of {tree} in use, found {found}")


def package_versions(tree: Path) -> dict[str, str]:
    """The installed distributions, from the names of their .dist-info folders."""
    pairs = (path.name.removesuffix(".dist-info").split("-", 1) for path in (tree / "packages").glob("*.dist-info"))
    return {name.replace("_", "-").lower(): version for name, version in sorted(pairs)}


def tree_digest(tree: Path) -> str:
    """The digest of the manifest; any changed, added, removed or renamed file changes it."""
    digest = hashlib.sha256()
    files = {path.relative_to(tree).as_posix(): path for path in tree.glob("**/*") if path.is_file()}
    for name in sorted(files.keys() - {"runtime.json"}):
        executable = int(bool(files[name].stat().st_mode & 0o100))
        digest.update(f"{name}\0{file_sha256(files[name])}\0{executable}\n".encode())
    return digest.hexdigest()


def write_manifest(spec: Spec, python: Interpreter, tree: Path, *, loader: str, loader_file: str, inputs: str) -> str:
    """Writes runtime.json; returns the digest of the tree."""
    digest = tree_digest(tree)
    manifest = {
        "name": spec.name,
        "description": spec.description,
        "python_version": python.version,
        "abi": python.soabi,
        "interpreter": "bin/python3",
        "stdlib": f"{python.libdir}/python{python.short}",
        "loader": loader,
        "loader_file": loader_file,
        "library_path": ["lib"],
        "packages_path": ["packages"],
        "packages": package_versions(tree),
        "preload": list(spec.preload),
        "environment": spec.environment,
        "digest": digest,
        "inputs": inputs,
    }
    write_json(tree / "runtime.json", manifest)
    return digest


def publish(spec: Spec, root: Path, tree: Path, digest: str) -> Path:
    """Puts the tree in its place, turns the link to it, and removes all older trees but the one before."""
    link, trees = root / spec.name, root / ".trees"
    place = trees / f"{spec.name}-{digest[:16]}"
    previous = link.resolve() if link.is_symlink() else None
    if place.exists() and tree_digest(place) == digest:  # jails may hold it: only the manifest can be new
        (tree / "runtime.json").replace(place / "runtime.json")
    else:
        if place.exists():  # damaged
            place.rename(tree.parent / "damaged")
        tree.rename(place)
    fresh = tree.parent / "link"
    fresh.symlink_to(place.relative_to(root))
    fresh.replace(link)
    for old in trees.glob(f"{spec.name}-*"):
        if old.name.rpartition("-")[0] == spec.name and old not in (place, previous):
            shutil.rmtree(old)
    return place


# --- Whether to build -------------------------------------------------------------------------------------------------


def state_of(path: Path) -> list[int]:
    """What changes when a package manager replaces a file: size and modification time."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def is_current(spec: Spec, root: Path, inputs: str) -> bool:
    """Whether the published tree is what would be built: same inputs, and the host's libraries as they were."""
    try:
        manifest = json.loads((root / spec.name / "runtime.json").read_text(encoding="utf-8"))
        sources = json.loads(sources_file(spec, root).read_text(encoding="utf-8"))
        libraries_unchanged = all(state_of(Path(path)) == state for path, state in sources["libraries"].items())
    except (OSError, ValueError, KeyError):
        return False
    return manifest.get("inputs") == inputs and sources["digest"] == manifest["digest"] and libraries_unchanged


def sources_file(spec: Spec, root: Path) -> Path:
    """The record of the host's libraries that the tree was made from."""
    return root / f".{spec.name}.sources.json"


# --- Small tools ------------------------------------------------------------------------------------------------------


def run(command: list[str], *, accept: tuple[int, ...] = (0,), environment: dict[str, str] | None = None) -> str:
    """Runs a command and returns its standard output; a failure shows the command and what it said."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, check=False
        )
    except OSError as error:
        raise BuildError(f"{command[0]}: cannot be run: {error.strerror}") from error
    if done.returncode not in accept:
        shown = " ".join(part if len(part) < 120 else part[:60].strip() + " ..." for part in command)
        raise BuildError(f"exit status {done.returncode} of: {shown}\n{(done.stderr or done.stdout).strip()[-3000:]}")
    return done.stdout


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path: Path, value: object) -> None:
    """Writes a JSON file that everyone can read."""
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    path.chmod(0o644)


def remove(path: Path) -> None:
    """Removes a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def tree_size(tree: Path) -> str:
    """The size of the files, for people."""
    return f"{sum(path.stat().st_size for path in tree.glob('**/*') if path.is_file()) / 2**20:.0f} MiB"


# --- The command ------------------------------------------------------------------------------------------------------


def build(spec: Spec, python: Interpreter, root: Path, *, uv: str | None, inputs: str) -> None:
    """Builds beside the published trees and publishes at the end."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f".build-{spec.name}-", dir=root) as work:
        tree = Path(work) / "tree"
        tree.mkdir()
        originals = copy_interpreter(python, tree)
        install_packages(spec, python, tree, uv)
        libraries = copy_libraries(originals, tree)
        loader, loader_file = copy_loader(python, tree)
        compile_bytecode(python, tree)
        self_test(spec, tree, loader_file)
        digest = write_manifest(spec, python, tree, loader=loader, loader_file=loader_file, inputs=inputs)
        sources = {str(path): state_of(path) for path in [*libraries, Path(loader).resolve()]}
        write_json(sources_file(spec, root), {"digest": digest, "libraries": sources})
        place = publish(spec, root, tree, digest)
        packages = package_versions(place)
    said = ", ".join([f"python {python.version}", *(f"{name} {version}" for name, version in packages.items())])
    seconds = time.monotonic() - started
    print(
        f"runtime {spec.name}: built {root / spec.name} from {python.executable} in {seconds:.1f} s: "
        f"{said}; {len(libraries)} libraries, {tree_size(place)}, digest {digest[:16]}"
    )


def prepare_root(root: Path) -> None:
    """Makes the folder of the runtimes, which every slot's uid must be able to cross."""
    try:
        (root / ".trees").mkdir(mode=0o755, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=root).close()
    except OSError as error:
        raise BuildError(
            f"runtimes' folder {root}: expected a writable folder, found: {error.strerror}. Run as root, or make it "
            f'yours with `sudo install -d -m 755 -o "$USER" {root}`, or name another in JUDGE_RUNTIME_ROOT'
        ) from error
    for folder in (root, *root.parents):
        if not folder.stat().st_mode & 0o001:
            raise BuildError(
                f"runtimes' folder {root}: expected that every user can cross it, found that {folder} forbids it; "
                f"name another in JUDGE_RUNTIME_ROOT or --root"
            )


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description="Builds a candidate runtime.", allow_abbrev=False)
    parser.add_argument("name", help="the runtime's name, for example python3")
    parser.add_argument("--spec", type=Path, help="folder of runtime.toml and requirements.txt (deploy/runtimes/NAME)")
    parser.add_argument("--root", type=Path, help=f"where runtimes are kept ($JUDGE_RUNTIME_ROOT, or {DEFAULT_ROOT})")
    parser.add_argument("--python", default=sys.executable, help="the interpreter to copy (the one that runs this)")
    parser.add_argument("--uv", help="the uv that installs the packages (uv on PATH, or the interpreter's pip)")
    parser.add_argument("--force", action="store_true", help="build even if nothing has changed")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Builds the runtime that the command line asks for; returns the exit status."""
    options = parse_arguments(arguments)
    root = (options.root or Path(os.environ.get("JUDGE_RUNTIME_ROOT") or DEFAULT_ROOT)).absolute()
    os.umask(0o022)
    try:
        spec = load_spec(options.name, options.spec or Path(__file__).parent / "runtimes" / options.name)
        python = query_interpreter(options.python)
        inputs = inputs_digest(spec, python)
        if not options.force and is_current(spec, root, inputs):
            return 0
        prepare_root(root)
        with (root / f".{spec.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if options.force or not is_current(spec, root, inputs):  # another build may have just ended
                build(spec, python, root.resolve(), uv=options.uv or shutil.which("uv"), inputs=inputs)
    except BuildError as error:
        print(f"build_runtime: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
