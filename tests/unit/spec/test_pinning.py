"""Pinning: a test is only pinned when it is the same each time it is made."""

from __future__ import annotations

import pytest

from judge.errors import SpecError
from judge.spec.pinning import pin_plan
from judge.testing import InProcessSandbox


class Watching(InProcessSandbox):
    """Remembers which programs were opened, and with which hash seed."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, int]] = []

    def open(self, spec):
        self.opened.append((spec.entry_point, spec.hash_seed))
        return super().open(spec)


class Hashing(InProcessSandbox):
    """Lets a program see the hash seed, as the order of a set of texts would."""

    def open(self, spec):
        seed = f"HASH_SEED = {spec.hash_seed}\n".encode()
        files = tuple(
            type(file)(path=file.path, content=seed if file.path == "helper.py" else file.content)
            for file in spec.program.files
        )
        program = type(spec.program)(language="python3", files=files, entry_point=spec.program.entry_point)
        return super().open(type(spec)(**{name: getattr(spec, name) for name in spec.__slots__} | {"program": program}))


RANDOM = """\
import os


def generate(rng, size):
    return {"values": [int.from_bytes(os.urandom(6))], "scale": 1}
"""
HASHED = """\
import helper


def generate(rng, size):
    return {"values": [helper.HASH_SEED], "scale": 1}
"""
REFERENCE = """\
import os


def total(values, scale):
    return 1.5 if values == [1, 2] else float(int.from_bytes(os.urandom(6)))
"""


def pin_error(package, sandbox):
    problem = package.load()
    with pytest.raises(SpecError) as caught:
        pin_plan(problem, sandbox)
    return caught.value


def test_the_plan_is_compiled_twice_with_two_hash_seeds(package):
    sandbox = Watching()
    plan, path = pin_plan(package.load(), sandbox)
    assert sandbox.opened == [("judge_generate", 0), ("total", 0), ("judge_generate", 1), ("total", 1)]
    assert path == package.root / "judge.lock"
    assert package.load().lock == {case.name: case.digest for case in plan.cases}


def test_a_generator_that_asks_the_system_for_random_bytes_is_not_pinned(package):
    error = pin_error(package.write("author/numbers_of.py", RANDOM), InProcessSandbox())
    assert error.message == (
        "test 'secret/small-01': the generator is not deterministic: "
        "generate of author/numbers_of.py gave other arguments when it was run again"
    )
    assert (error.file, error.line) == (str(package.root / "judge.yaml"), 13)
    assert not (package.root / "judge.lock").exists()


def test_a_generator_that_depends_on_the_hash_seed_is_not_pinned(package):
    package.write("author/numbers_of.py", HASHED).write(
        "author/solution.py", "def total(values, scale):\n    return 1.5\n"
    )
    assert "test 'secret/small-01': the generator is not deterministic" in pin_error(package, Hashing()).message


def test_a_reference_that_is_not_deterministic_is_not_pinned(package):
    error = pin_error(package.write("author/solution.py", REFERENCE), InProcessSandbox())
    assert "test 'secret/empty': the reference is not deterministic: total of author/solution.py" in error.message
    assert error.line == 12


def test_a_lock_file_stays_as_it_was_when_nothing_can_be_pinned(package):
    _, path = pin_plan(package.load(), InProcessSandbox())
    before = path.read_bytes()
    pin_error(package.write("author/numbers_of.py", RANDOM), InProcessSandbox())
    assert path.read_bytes() == before
    assert [entry.name for entry in package.root.iterdir() if "lock" in entry.name] == ["judge.lock"]
