"""Input validators of plain packages, run as author code: what each says of an input.

A validator is a Python program in ``input_validators/``; its input is a test's ``.in`` file, its arguments are those
that the package states for it, since 2025-09 followed by those of the test, whose files lie beside it. It exits with 42
when the input is valid. Each run has a box of its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from judge.authoring.package import Package
from judge.authoring.workers import Tools
from judge.harness import wire
from judge.model.program import Program
from judge.model.run import Isolation, RunOutcome
from judge.model.toolchain import DEFAULT_RUNTIME
from judge.ports import BoxSpec, Call
from judge.spec.author import AUTHOR_LIMITS
from judge.spec.files import PackageFiles
from judge.spec.kattis.examples import read_sources
from judge.spec.kattis.languages import program_of

ACCEPTS = 42
DIRECTORIES = ("input_validators", "input_format_validators", "input_validator")


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """What a validator judges."""

    content: bytes
    arguments: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)  # in its working directory


@dataclass(frozen=True, kw_only=True, slots=True)
class ValidatorJob:
    """What a worker is asked for: how a validator ends on each of these inputs."""

    program: Program
    inputs: tuple[Input, ...]


def validators(package: Package) -> Iterator[tuple[str, Program | None]]:
    """Yields the path of each input validator; with its program, when it is in Python."""
    files = PackageFiles(package.root)
    for directory in DIRECTORIES:
        for name in files.listing(directory):
            program = program_of(read_sources(files, f"{directory}/{name}"))
            python = program is not None and program.language == "python3"
            yield f"{directory}/{name}", program if python else None


def inputs_of(package: Package, validator: str) -> dict[str, Input]:
    """The input of every test, by its name, as the validator at that path is given it."""
    written = {case.name: case.input_arguments for case in package.problem.written}
    name = PurePosixPath(validator).stem
    found = {}
    for case in package.plan.cases:
        given = package.plan.arguments_of(case)
        stated = written.get(case.name) or {"": tuple(given.get("arguments", ()))}
        arguments = stated[name] if name in stated else stated[""]
        found[case.name] = Input(content=bytes(given["stdin"]), arguments=arguments, files=given.get("files", {}))
    return found


def endings(package: Package, program: Program, inputs: tuple[Input, ...]) -> list[int | None]:
    """The exit status of the validator on each input; None when it ended otherwise."""
    given = [[one.content, [*one.arguments], dict(one.files)] for one in inputs]
    depends = [program.digest, given, package.workers.describe_toolchain("python3")]
    job = ValidatorJob(program=program, inputs=inputs)
    return package.once(list[int | None], "input validator", depends, lambda: package.ask(run_validator, job))


def run_validator(tools: Tools, job: ValidatorJob) -> list[int | None]:
    """A worker's job."""
    return [_ending(tools, job.program, one) for one in job.inputs]


def _ending(tools: Tools, program: Program, given: Input) -> int | None:
    spec = BoxSpec(
        program=program,
        entry_point="",
        isolation=Isolation.PROCESS,
        load_limits=AUTHOR_LIMITS,
        runtime=DEFAULT_RUNTIME,
        stdin=given.content,
        files=dict(given.files),
    )
    with tools.sandbox.open(spec) as box:
        if not box.load().loaded:
            return None
        outcome: RunOutcome = box.call(Call(arguments=wire.encode([*given.arguments]), limits=AUTHOR_LIMITS))
        return outcome.exit_code if outcome.exit_code is not None else 0 if outcome.answer is not None else None


def junk() -> dict[str, bytes]:
    """Inputs that no problem has."""
    rng = random.Random(20250901)
    return {
        "an empty file": b"",
        "random bytes": rng.randbytes(1024),
        "all printable characters": bytes(range(32, 127)),
        "random printable characters": bytes(rng.randrange(32, 127) for _ in range(200)),
    }


def changed(content: bytes) -> dict[str, bytes]:
    """A real input changed so that it is no longer well-formed; only what differs from it."""
    rng = random.Random(20250902)
    tail = bytes(rng.randrange(97, 123) for _ in range(200))
    made = {
        "a space after each space": content.replace(b" ", b"  "),
        "a space at the end of each line": content.replace(b"\n", b" \n"),
        "each line feed twice": content.replace(b"\n", b"\n\n"),
        "an empty line at the end": content + b"\n",
        "letters at the end": content + tail + b"\n",
    }
    return {name: text for name, text in made.items() if text != content}
