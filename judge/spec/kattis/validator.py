"""The output validator of a plain package: the default one, or the author's program as the checker ``validator``.

A custom one is one program in Python, C++, C or Java, a file or a directory. It runs in a box of its own
(``judge.author.validator``); a Python one through ``judge.harness.validator``, which lies beside its files. Directories
with a script ``build`` are taken when all that it does is to compile the sources beside it, with a script ``run`` when
all that it does is to start a Python file beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from typing import NoReturn

from judge import harness
from judge.checkers.validator import Validator
from judge.errors import SpecError
from judge.harness import validator
from judge.model.plan import CheckerSpec
from judge.model.program import AuthorFunction, Program, SourceFile
from judge.spec.files import PackageFiles
from judge.spec.kattis.constants import Constants
from judge.spec.kattis.examples import read_sources
from judge.spec.kattis.languages import detected, program_of
from judge.spec.kattis.metadata import PackageFacts
from judge.spec.kattis.schema import MIDDLE
from judge.spec.schema import FormatLimits
from judge.units import parse_bytes

SHIM = "judge_validator.py"
LANGUAGES = ("python3", "cpp20", "c", "java17")  # of validators
OLD, NEW = "output_validators", "output_validator"
_DEFAULT_TIME, _MAX_TIME = 60, 60  # seconds
_DEFAULT_MEMORY, _MAX_MEMORY = 2048, 8192  # MiB
DEFAULT = CheckerSpec(name="output", parameters={})
_COMPILES = re.compile(r"(?:exec )?(?:/usr/bin/)?(?:g\+\+|gcc|c\+\+|cc|clang|clang\+\+)(?:-\d+)?\s[^;&|`$<>]*")
_BESIDE = r"(?:\./|\$\(dirname \"?\$0\"?\)/|\$\{0%/\*\}/)"  # in a script: where it lies itself
_STARTS = re.compile(
    r"(?:exec )?(?:/usr/bin/env )?(?:/usr/bin/)?(?:python3?|pypy3?)(?: -u)? "
    rf"(?P<quote>\"?){_BESIDE}?(?P<file>[\w-]+\.py)(?P=quote) \"\$@\""
)
_EXECUTES = re.compile(rf"(?:exec )?(?P<quote>\"?){_BESIDE}[\w.-]+(?P=quote) \"\$@\"")
_HARMLESS = re.compile(r"set -\S+|cd \S+|(?:ba)?sh\b|chmod \S+ \S+|exit 0")
_TESTLIB = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*[<\"]testlib\.h[>\"]", re.MULTILINE)
_ADAPTED = re.compile(rb"OK_EXIT_CODE[ \t]+42\b")


def read_validator(files: PackageFiles, facts: PackageFacts, constants: Constants) -> CheckerSpec:
    """Returns who judges an output. Raises SpecError for a validator that cannot be run."""
    path = _path(files, facts)
    if path is None:
        _check_default(files, facts)
        return DEFAULT
    program = _program(files, path, constants)
    convention = _convention(files, path, program)
    return _checker(files, path, program, convention, _limits(facts), None)


def read_validator_at(files: PackageFiles, path: str, limits: Mapping[str, str], line: int) -> CheckerSpec:
    """Returns the program at ``path``, a file or a directory, as who judges an output. Raises SpecError.

    ``limits`` are the checker's ``cpu_time`` and ``memory``; ``line`` is where ``judge.yaml`` names it.
    """
    program = _program(files, path, Constants())
    return _checker(files, path, program, _convention(files, path, program), limits, line)


def _checker(
    files: PackageFiles, path: str, program: Program, convention: str, limits: Mapping[str, str], line: int | None
) -> CheckerSpec:
    if program.language == "python3":
        program, function = _behind_shim(files, path, program), "validate"
    else:
        function = ""
    file = _file(files, path, program)
    author = AuthorFunction(program=program, function=function, file=file, key="checker", line=line)
    parameters = {"file": file, "convention": convention, **limits}
    return CheckerSpec(name=Validator.name, parameters=parameters, author=author)


def _check_default(files: PackageFiles, facts: PackageFacts) -> None:
    """Raises SpecError for a problem whose validator takes part in its runs, and that has none."""
    if facts.interactive or facts.passes > 1:
        what = "an interactive" if facts.interactive else "a multi-pass"
        message = f"{what} problem needs a validator: expected a program, found none"
        raise SpecError(message, file=files.name(OLD if facts.legacy else NEW))


def companion_bytes(checker: CheckerSpec) -> int:
    """Returns the memory limit of the validator that runs beside a submission, in bytes; 0 for the default one."""
    return 0 if checker.author is None else parse_bytes(str(checker.parameters["memory"]))


def _path(files: PackageFiles, facts: PackageFacts) -> str | None:
    """Returns where the validator is; None for the default one."""
    if facts.legacy and not (files.listing(NEW) and not files.listing(OLD)):
        return _only_one(files, OLD) if facts.custom_validator else None
    if facts.legacy and not facts.custom_validator:
        return None
    if files.listing(NEW):
        return NEW if not _directories(files, NEW) else _only_one(files, NEW)
    return _only_one(files, OLD) if facts.version in MIDDLE and files.listing(OLD) else None


def _directories(files: PackageFiles, directory: str) -> list[str]:
    """The programs that are directories of their own, when nothing else in it is a source file."""
    if any(detected([source]) for source in _loose(files, directory)):
        return []
    return [name for name in files.listing(directory) if files.is_directory(f"{directory}/{name}")]


def _loose(files: PackageFiles, directory: str) -> list[SourceFile]:
    names = [name for name in files.listing(directory) if not files.is_directory(f"{directory}/{name}")]
    return [SourceFile(path=name, content=b"") for name in names]


def _only_one(files: PackageFiles, directory: str) -> str:
    """Returns the one program in a directory; headers beside a single source file belong to it."""
    sources = [source.path for source in _loose(files, directory) if detected([source])]
    found = [*(name for name in files.listing(directory) if files.is_directory(f"{directory}/{name}")), *sources]
    if len(found) != 1:
        names = ", ".join(sorted(found)) or "none"
        raise SpecError(f"expected one output validator, found {names}", file=files.name(directory))
    return directory if found == sources and len(_loose(files, directory)) > 1 else f"{directory}/{found[0]}"


def _program(files: PackageFiles, path: str, constants: Constants) -> Program:
    main = _scripted(files, path)
    sources = [constants.filled(source) for source in read_sources(files, path)]
    program = program_of([source for source in sources if source.path not in ("build", "run")], entry_point=main)
    if program is None or program.language not in LANGUAGES:
        message = "expected an output validator in Python, C++, C or Java, found another language, or no source file"
        raise SpecError(message, file=files.name(path))
    return program


def _scripted(files: PackageFiles, path: str) -> str | None:
    """Returns the Python file that a script ``run`` starts, if there is one. Raises SpecError for what does more."""
    if files.exists(f"{path}/build"):
        commands = _commands(files, f"{path}/build")
        if len(commands) != 1 or not _COMPILES.fullmatch(commands[0]):
            _refuse(files, f"{path}/build", "to compile the C++ or C sources beside it")
        run = _commands(files, f"{path}/run") if files.exists(f"{path}/run") else []
        if run and (len(run) != 1 or not _EXECUTES.fullmatch(run[0])):
            _refuse(files, f"{path}/run", "to start what the script 'build' made with the same arguments")
        return None
    if files.exists(f"{path}/run"):
        commands = _commands(files, f"{path}/run")
        started = _STARTS.fullmatch(commands[0]) if len(commands) == 1 else None
        if started is not None and files.exists(f"{path}/{started['file']}"):
            return started["file"]
        _refuse(files, f"{path}/run", "to start a Python file beside it with the same arguments")
    return None


def _commands(files: PackageFiles, path: str) -> list[str]:
    """The commands of a script, without those that do nothing that matters."""
    text = files.read_text(path).replace("\\\n", " ")
    lines = [line.split("#")[0].strip() if line.startswith("#") else line.strip() for line in text.split("\n")]
    return [line for line in lines if line and not _HARMLESS.fullmatch(line)]


def _refuse(files: PackageFiles, path: str, all_of_it: str) -> NoReturn:
    script = path.rpartition("/")[2]
    message = f"validators with a script {script!r} are not supported, unless all that it does is {all_of_it}"
    raise SpecError(message, file=files.name(path))


def _convention(files: PackageFiles, path: str, program: Program) -> str:
    """Returns what its exit status means: testlib's own when it stands on a testlib that was not adapted."""
    if program.language == "python3" or not any(_TESTLIB.search(file.content) for file in program.files):
        return "kattis"
    header = next((file for file in program.files if file.path.rpartition("/")[2] == "testlib.h"), None)
    if header is None:
        message = "it includes testlib.h, which the package does not hold: expected it beside the validator"
        raise SpecError(message, file=files.name(path))
    return "adapted" if any(_ADAPTED.search(file.content) for file in program.files) else "testlib"


def _behind_shim(files: PackageFiles, path: str, program: Program) -> Program:
    taken = {SHIM, validator.MAIN, "judge_author.py"} & {file.path for file in program.files}
    if taken:
        raise SpecError(f"the name {taken.pop()!r} is the judge's own: expected another", file=files.name(path))
    return behind_shim(program)


def behind_shim(program: Program) -> Program:
    """Returns a program of ours that runs a validator in Python."""
    shim = resources.files(harness).joinpath("validator.py").read_bytes()
    ours = (
        SourceFile(path=SHIM, content=shim),
        SourceFile(path=validator.MAIN, content=program.main.path.encode()),
    )
    return Program(language="python3", files=(*ours, *program.files), entry_point="validate")


def _file(files: PackageFiles, path: str, program: Program) -> str:
    """The validator's own main file, for messages."""
    if not files.is_directory(path):
        return path
    shown = next((file.content.decode() for file in program.files if file.path == validator.MAIN), program.main.path)
    return f"{path}/{shown}"


def _limits(facts: PackageFacts) -> dict[str, str]:
    limits: FormatLimits = facts.limits
    seconds = _within(facts, "validation_time", limits.validation_time, _DEFAULT_TIME, _MAX_TIME)
    memory = _within(facts, "validation_memory", limits.validation_memory, _DEFAULT_MEMORY, _MAX_MEMORY)
    return {"cpu_time": f"{seconds}s", "memory": f"{memory}MiB"}


def _within(facts: PackageFacts, key: str, given: int | None, default: int, most: int) -> int:
    value = default if given is None else given
    if not 1 <= value <= most:
        raise facts.document.error(f"limits.{key}: expected 1 to {most}, found {value}", "limits", key)
    return value
