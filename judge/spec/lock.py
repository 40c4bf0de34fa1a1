"""``judge.lock``: the digest of every test's arguments and expected value, pinned.

A JSON object ``{"cases": {name: digest}, "format": 1}``, keys sorted, with a final newline. A package whose generator
or reference gives something else than when the lock was written does not compile. A package whose complexity gate is
certified has a key ``complexity`` as well: ``judge.spec.certificates``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from judge.errors import SpecError
from judge.model.conform import brief, describe
from judge.model.json_text import line_of_key, parse_json
from judge.model.plan import TestPlan
from judge.model.problem import Problem
from judge.spec.certificates import certifies
from judge.spec.files import PackageFiles

FILE = "judge.lock"
FORMAT = 1

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_ADVICE = "generator or reference changed; run `judge problem compile --update-lock`"


def read_certificate(files: PackageFiles) -> dict[str, Any] | None:
    """Returns what the lock file says of the complexity gate; None when it says nothing. Raises SpecError."""
    if not files.exists(FILE):
        return None
    text, file = files.read_text(FILE), files.name(FILE)
    value = parse_json(text, file)
    found = value.get("complexity") if isinstance(value, dict) else None
    if found is not None and not isinstance(found, dict):
        message = f"complexity: expected a certificate, found {describe(found)}"
        raise SpecError(message, file=file, line=line_of_key(text, "complexity"))
    return found


def read_lock(files: PackageFiles) -> dict[str, str] | None:
    """Returns the pinned digests by test name; None when there is no lock file. Raises SpecError."""
    if not files.exists(FILE):
        return None
    text, file = files.read_text(FILE), files.name(FILE)
    return _cases(parse_json(text, file), text, file)


def _cases(value: Any, text: str, file: str) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) - {"complexity"} != {"format", "cases"} or value["format"] != FORMAT:
        message = f'expected {{"format": {FORMAT}, "cases": {{...}}}}, found another structure'
        raise SpecError(message, file=file, line=1)
    cases = value["cases"]
    if not isinstance(cases, dict):
        message = f"cases: expected digests by test name, found {describe(cases)}"
        raise SpecError(message, file=file, line=line_of_key(text, "cases"))
    for name, digest in cases.items():
        if not isinstance(digest, str) or not _DIGEST.match(digest):
            message = f"cases: {name!r}: expected digests of 64 hexadecimal digits, found {brief(digest)}"
            raise SpecError(message, file=file, line=line_of_key(text, name))
    return cases


def check_lock(problem: Problem, plan: TestPlan) -> None:
    """Raises SpecError, naming the test and its line, unless the plan's tests are those that are pinned."""
    if problem.lock is None:
        return
    found = {case.name: case.digest for case in plan.pinned_cases}
    for name, digest in found.items():
        if name not in problem.lock:
            raise _mismatch(problem, name, f"the test {name!r} is not in the lock file")
        if problem.lock[name] != digest:
            pinned = problem.lock[name]
            message = f"the test {name!r} changed: expected the digest {pinned[:12]}, found {digest[:12]}"
            raise _mismatch(problem, name, message)
    for name in problem.lock:
        if name not in found:
            raise _mismatch(problem, name, f"the lock file has a test {name!r} that the package does not make")
    if problem.certificate is not None and not certifies(problem.certificate, plan.complexity):
        message = "the complexity gate is not the one that is certified: run `judge problem certify`"
        raise SpecError(message, file=str(Path(problem.root) / FILE))


def _mismatch(problem: Problem, name: str, message: str) -> SpecError:
    path = Path(problem.root) / FILE
    try:
        line = line_of_key(path.read_text(encoding="utf-8"), name)
    except (OSError, ValueError):  # changed since it was read
        line = None
    return SpecError(f"{message}: {_ADVICE}", file=str(path), line=line)


def render_lock(plan: TestPlan, certificate: Mapping[str, Any] | None = None) -> str:
    """Returns the text of the lock file that pins a plan's tests; a certificate of another gate is left out."""
    content: dict[str, Any] = {"cases": {case.name: case.digest for case in plan.pinned_cases}, "format": FORMAT}
    if certificate is not None and certifies(certificate, plan.complexity):
        content["complexity"] = certificate
    return json.dumps(content, indent=2, sort_keys=True) + "\n"


def write_lock(problem: Problem, plan: TestPlan, certificate: Mapping[str, Any] | None = None) -> Path:
    """Writes the package's lock file, whole or not at all; returns its path. The certificate stays unless given."""
    path = Path(problem.root) / FILE
    temporary = path.with_name(f".{FILE}.{os.getpid()}")
    temporary.write_text(render_lock(plan, certificate or problem.certificate), encoding="utf-8")
    temporary.replace(path)
    return path
