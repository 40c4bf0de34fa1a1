"""Python 3 in runtime environments of its own: not the service's interpreter, not its packages.

A runtime is a self-contained tree (interpreter, standard library, shared libraries, packages) that ``make`` builds; a
jail sees it at ``/runtime`` and nothing else of the machine but the dynamic loader. The harness is copied beside it,
compiled by that same interpreter, into a directory named by its digest: the slot's user must be able to read it, and
the checkout may lie where it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from judge import harness
from judge.errors import EnvironmentFault
from judge.model.digest import digest_of
from judge.model.toolchain import DEFAULT_RUNTIME, Bind, Preload, Toolchain

LANGUAGE = "python3"
_START = "import sys; sys.path.insert(0, '/judge'); from harness.init import start; start()"
_HARNESS_FILES = (
    "__init__.py",
    *("wire.py", "wire_format.py", "wire_encoder.py", "wire_decoder.py"),
    *("protocol.py", "audits.py", "bursts.py", "forms.py", "oracles.py", "init.py", "runner.py", "script.py"),
    *("pages.py", "zygote.py", "examiner.py"),
)
_START_ZYGOTE = "import sys; sys.path.insert(0, '/judge'); from harness.zygote import start; start(sys.argv[1:])"
_SELF_TEST = "import {modules}\n\ndef self_test():\n    return int(numpy.arange(7).sum()) * 2\n"
_COMMON = "bisect collections copy enum functools heapq itertools math operator random re string typing"
_ENVIRONMENT = {
    "PATH": "/runtime/bin",
    "LANG": "C.UTF-8",
    "HOME": "/box",
    "TMPDIR": "/tmp",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class _Group(msgspec.Struct, frozen=True):
    """A group of modules to preload."""

    names: list[str]  # in an import statement
    modules: list[str]  # what is imported then


class _Manifest(msgspec.Struct, frozen=True):
    """``runtime.json`` of a runtime; other keys are the builder's own."""

    python_version: str
    interpreter: str
    loader: str
    loader_file: str
    library_path: list[str]
    packages: dict[str, str]
    preload: list[str | _Group]
    digest: str
    environment: dict[str, str] = {}  # beside what every runtime has


def load(runtime_root: Path, state_dir: Path, runtime: str = DEFAULT_RUNTIME) -> Toolchain:
    """Returns the toolchain of a runtime. Raises EnvironmentFault when it has not been built, or cannot be used."""
    tree = (runtime_root / runtime).resolve()  # a link that a rebuild moves
    manifest = _read_manifest(tree, runtime_root, runtime)
    installed, harness_digest = _install_harness(tree, manifest, state_dir)
    packages = [f"{name} {version}" for name, version in sorted(manifest.packages.items())]
    started = _started(manifest)
    return Toolchain(
        language=LANGUAGE,
        runtime=runtime,
        versions=", ".join([f"CPython {manifest.python_version}", *packages]),
        digest=digest_of([manifest.digest, harness_digest, started]),
        binds=(
            Bind(source=str(tree), target="/runtime"),
            Bind(source=str(tree / manifest.loader_file), target=manifest.loader),
            Bind(source=str(installed), target="/judge"),
        ),
        self_test=_self_test(started["preload"]),
        **started,
    )


def _started(manifest: _Manifest) -> dict[str, Any]:
    """How its interpreters are started, as fields of a toolchain."""
    libraries = ":".join(f"/runtime/{path}" for path in manifest.library_path)
    # -s -P, not -I: isolated mode ignores PYTHONHASHSEED; no other variable is there but a toolchain's own.
    interpreter = (f"/runtime/{manifest.interpreter}", "-s", "-P", "-S", "-B", "-c")
    return {
        "argv": (*interpreter, _START),
        "zygote_argv": (*interpreter, _START_ZYGOTE),
        "preload": (_preload(_COMMON), *map(_preload, manifest.preload)),
        "environment": {**manifest.environment, **_ENVIRONMENT, "LD_LIBRARY_PATH": libraries},
    }


def _self_test(preload: tuple[Preload, ...]) -> str:
    """A program that needs NumPy, as arguments do, and everything that is preloaded."""
    modules = dict.fromkeys(["numpy", *(module for group in preload for module in group.modules)])
    return _SELF_TEST.format(modules=", ".join(modules))


def _preload(group: str | _Group) -> Preload:
    if isinstance(group, _Group):
        return Preload(names=tuple(group.names), modules=tuple(group.modules))
    modules = tuple(group.split())
    return Preload(names=modules, modules=modules)


def _read_manifest(tree: Path, runtime_root: Path, runtime: str) -> _Manifest:
    remedy = f"`make runtime RUNTIME={runtime}`"
    try:
        return msgspec.json.decode((tree / "runtime.json").read_bytes(), type=_Manifest)
    except FileNotFoundError:
        raise EnvironmentFault(f"no runtime {runtime!r} in {runtime_root}: build it with {remedy}") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise EnvironmentFault(f"{tree / 'runtime.json'}: {error}: build it again with {remedy}") from None


def _install_harness(tree: Path, manifest: _Manifest, state_dir: Path) -> tuple[Path, str]:
    """Returns the directory to bind at ``/judge`` and the digest of the harness; makes it when it is not there."""
    source = Path(harness.__file__).parent
    contents: dict[str, Any] = {name: (source / name).read_bytes() for name in _HARNESS_FILES}
    digest = digest_of(contents)
    target = state_dir / "harness" / digest_of([digest, manifest.digest])[:16]
    if not target.exists():
        _make_harness(target, contents, tree, manifest)
    return target, digest


def _make_harness(target: Path, contents: dict[str, bytes], tree: Path, manifest: _Manifest) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=target.parent, prefix=".building-"))
    try:
        package = building / "harness"
        package.mkdir()
        for name, content in contents.items():
            (package / name).write_bytes(content)
        _compile(package, tree, manifest)
        for path in [building, *building.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        os.rename(building, target)
    except OSError:
        if not target.exists():  # another process was first
            raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _compile(package: Path, tree: Path, manifest: _Manifest) -> None:
    """Writes byte code that never looks at its source, with the paths of the jail."""
    libraries = ":".join(str(tree / path) for path in manifest.library_path)
    command = [str(tree / manifest.interpreter), "-I", "-S", "-m", "compileall", "-q"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(package.parent), "-p", "/judge", str(package)]
    done = subprocess.run(
        command,
        env={"LD_LIBRARY_PATH": libraries},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        words = f"{done.stdout}{done.stderr}"
        raise EnvironmentFault(f"the interpreter of {tree} does not run: {words}: build it again with `make runtime`")
