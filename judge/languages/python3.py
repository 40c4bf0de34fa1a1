"""Python 3 in a runtime environment of its own: not the service's interpreter, not its packages.

A runtime is a self-contained tree (interpreter, standard library, shared libraries, packages) that ``make`` builds
once; a jail sees it at ``/runtime`` and nothing else of the machine but the dynamic loader. The harness is copied
beside it, compiled by that same interpreter, into a directory named by its digest: the slot's user must be able to read
it, and the checkout may lie where it cannot."""

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
from judge.model.toolchain import Bind, Toolchain

RUNTIME = "python3"
_START = "import sys; sys.path.insert(0, '/judge'); from harness.init import start; start()"
_HARNESS_FILES = (
    "__init__.py",
    *("wire.py", "wire_format.py", "wire_encoder.py", "wire_decoder.py"),
    *("protocol.py", "init.py", "runner.py", "pages.py", "zygote.py"),
)
_START_ZYGOTE = "import sys; sys.path.insert(0, '/judge'); from harness.zygote import start; start(sys.argv[1:])"
_SELF_TEST = "import numpy\n\ndef self_test():\n    return int(numpy.arange(7).sum()) * 2\n"
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


class _Manifest(msgspec.Struct, frozen=True):
    """``runtime.json`` of a runtime; other keys are the builder's own."""

    python_version: str
    interpreter: str
    loader: str
    loader_file: str
    library_path: list[str]
    packages: dict[str, str]
    preload: list[str]
    digest: str


def load(runtime_root: Path, state_dir: Path) -> Toolchain:
    """Returns the toolchain. Raises EnvironmentFault when its runtime has not been built."""
    runtime = (runtime_root / RUNTIME).resolve()  # a link that a rebuild moves
    manifest = _read_manifest(runtime)
    libraries = ":".join(f"/runtime/{path}" for path in manifest.library_path)
    installed, harness_digest = _install_harness(runtime, manifest, state_dir)
    packages = [f"{name} {version}" for name, version in sorted(manifest.packages.items())]
    return Toolchain(
        language="python3",
        versions=", ".join([f"CPython {manifest.python_version}", *packages]),
        digest=digest_of([manifest.digest, harness_digest]),
        argv=(f"/runtime/{manifest.interpreter}", "-I", "-S", "-B", "-c", _START),
        zygote_argv=(f"/runtime/{manifest.interpreter}", "-I", "-S", "-B", "-c", _START_ZYGOTE),
        preload=(_COMMON, *manifest.preload),
        binds=(
            Bind(source=str(runtime), target="/runtime"),
            Bind(source=str(runtime / manifest.loader_file), target=manifest.loader),
            Bind(source=str(installed), target="/judge"),
        ),
        environment={**_ENVIRONMENT, "LD_LIBRARY_PATH": libraries},
        self_test=_SELF_TEST,
    )


def _read_manifest(runtime: Path) -> _Manifest:
    try:
        return msgspec.json.decode((runtime / "runtime.json").read_bytes(), type=_Manifest)
    except FileNotFoundError:
        raise EnvironmentFault(f"no runtime {RUNTIME!r} in {runtime.parent}: build it with `make runtime`") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise EnvironmentFault(f"{runtime / 'runtime.json'}: {error}: build it again with `make runtime`") from None


def _install_harness(runtime: Path, manifest: _Manifest, state_dir: Path) -> tuple[Path, str]:
    """Returns the directory to bind at ``/judge`` and the digest of the harness; makes it when it is not there."""
    source = Path(harness.__file__).parent
    contents: dict[str, Any] = {name: (source / name).read_bytes() for name in _HARNESS_FILES}
    digest = digest_of(contents)
    target = state_dir / "harness" / digest_of([digest, manifest.digest])[:16]
    if not target.exists():
        _make_harness(target, contents, runtime, manifest)
    return target, digest


def _make_harness(target: Path, contents: dict[str, bytes], runtime: Path, manifest: _Manifest) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=target.parent, prefix=".building-"))
    try:
        package = building / "harness"
        package.mkdir()
        for name, content in contents.items():
            (package / name).write_bytes(content)
        _compile(package, runtime, manifest)
        for path in [building, *building.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        os.rename(building, target)
    except OSError:
        if not target.exists():  # another process was first
            raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _compile(package: Path, runtime: Path, manifest: _Manifest) -> None:
    """Writes byte code that never looks at its source, with the paths of the jail."""
    libraries = ":".join(str(runtime / path) for path in manifest.library_path)
    command = [str(runtime / manifest.interpreter), "-I", "-S", "-m", "compileall", "-q"]
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
        raise EnvironmentFault(f"the runtime's interpreter does not run: {done.stdout}{done.stderr}: `make runtime`")
