"""The output validator of a plain package: the default one, or the author's program as a custom checker.

A custom one is one Python program, run in a box of its own by ``judge.harness.validator``; its function is
``validate``, and its files lie beside that module.
"""

from __future__ import annotations

from importlib import resources

from judge import harness
from judge.errors import SpecError
from judge.harness import validator
from judge.model.plan import CheckerSpec
from judge.model.program import AuthorFunction, Program, SourceFile
from judge.spec.files import PackageFiles
from judge.spec.kattis.examples import read_program
from judge.spec.kattis.metadata import PackageFacts
from judge.spec.schema import FormatLimits
from judge.units import parse_bytes

SHIM = "judge_validator.py"
_SCRIPTS = ("build", "run")
_DEFAULT_TIME, _MAX_TIME = 60, 60  # seconds
_DEFAULT_MEMORY, _MAX_MEMORY = 2048, 8192  # MiB
DEFAULT = CheckerSpec(name="output", parameters={})


def read_validator(files: PackageFiles, facts: PackageFacts) -> CheckerSpec:
    """Returns who judges an output. Raises SpecError for a validator that cannot be run."""
    directory = "output_validators" if facts.legacy else "output_validator"
    if not facts.custom_validator:
        if facts.legacy and files.listing(directory):
            message = "expected 'validation: custom' in problem.yaml beside it, found the default output validator"
            raise SpecError(message, file=files.name(directory))
        return DEFAULT
    path = _only_one(files, directory) if facts.legacy else directory
    program = _program(files, path)
    main = program.main.path
    shim = resources.files(harness).joinpath("validator.py").read_bytes()
    ours = (SourceFile(path=SHIM, content=shim), SourceFile(path=validator.MAIN, content=main.encode()))
    author = AuthorFunction(
        program=Program(language="python3", files=(*ours, *program.files), entry_point="validate"),
        function="validate",
        file=path if path.endswith(main) else f"{path}/{main}",
        key="checker",
    )
    return CheckerSpec(name="custom", parameters=_parameters(facts, author.file), author=author)


def companion_bytes(checker: CheckerSpec) -> int:
    """Returns the memory limit of the validator that runs beside a submission, in bytes; 0 for the default one."""
    return 0 if checker.author is None else parse_bytes(str(checker.parameters["memory"]))


def _only_one(files: PackageFiles, directory: str) -> str:
    found = files.listing(directory)
    if len(found) != 1:
        names = ", ".join(found) or "none"
        raise SpecError(f"expected one output validator, found {names}", file=files.name(directory))
    return f"{directory}/{found[0]}"


def _program(files: PackageFiles, path: str) -> Program:
    for script in _SCRIPTS:
        if files.exists(f"{path}/{script}"):
            message = f"validators with a script {script!r} are not supported: expected a Python program"
            raise SpecError(message, file=files.name(f"{path}/{script}"))
    program = read_program(files, path)
    if program is None:
        raise SpecError("expected an output validator in Python (one .py file, or a main file)", file=files.name(path))
    if program.language != "python3":
        raise SpecError(f"expected an output validator in python3, found {program.language}", file=files.name(path))
    taken = {SHIM, validator.MAIN, "judge_author.py"} & {file.path for file in program.files}
    if taken:
        raise SpecError(f"the name {taken.pop()!r} is the judge's own: expected another", file=files.name(path))
    return program


def _parameters(facts: PackageFacts, file: str) -> dict[str, object]:
    limits: FormatLimits = facts.limits
    seconds = _within(facts, "validation_time", limits.validation_time, _DEFAULT_TIME, _MAX_TIME)
    memory = _within(facts, "validation_memory", limits.validation_memory, _DEFAULT_MEMORY, _MAX_MEMORY)
    return {
        "file": file,
        "function": "validate",
        "expected": "tuple[bytes, list[str]]",
        "cpu_time": f"{seconds}s",
        "memory": f"{memory}MiB",
    }


def _within(facts: PackageFacts, key: str, given: int | None, default: int, most: int) -> int:
    value = default if given is None else given
    if not 1 <= value <= most:
        raise facts.document.error(f"limits.{key}: expected 1 to {most}, found {value}", "limits", key)
    return value
