"""A package whose ``judge.yaml`` has the kind ``stdio``: a submission is a whole program, a test one run of it.

The tests under ``data`` are those of a plain package: standard input, arguments and files. What ``judge.yaml`` adds is
a generator of inputs, a reference whose outputs are the expected ones, and a checker of texts in place of the default
output validator. An output is bytes; a checker that asks for more than the expected output is the package's own
validator, a program that ends with 42 or 43.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from judge.checkers import build
from judge.checkers.contract import AuthoredChecker, SeriesChecker
from judge.checkers.validator import NO_POINTS, Validator
from judge.model.plan import CheckerSpec
from judge.model.problem import SLOT_OVERHEAD_BYTES, Problem, WrittenCase
from judge.model.program import AuthorFunction, Program, SourceFile
from judge.model.run import Isolation
from judge.spec.compiled import check_examples
from judge.spec.conversion import check_one_of, convert, refuse_empty
from judge.spec.files import PackageFiles
from judge.spec.function import read_named_checker
from judge.spec.generated import check_tests, read_generated
from judge.spec.kattis.data import read_data
from judge.spec.kattis.metadata import PackageFacts
from judge.spec.kattis.package import SIGNATURE
from judge.spec.kattis.validator import read_validator_at
from judge.spec.keys import JUDGE_FILE, PROGRAMS, check_languages, check_runtime, check_version
from judge.spec.limits import case_limits, code_bytes, load_limits
from judge.spec.locations import Document, parse_yaml
from judge.spec.lock import read_lock
from judge.spec.programs import read_author, with_author
from judge.spec.schema import FORMAT_VERSION, LANGUAGES, Metadata, SolutionKeys, StdioKeys
from judge.spec.submissions import read_examples
from judge.spec.waivers import read_waivers

_OWN = ("file", "arguments", "cpu_time", "memory")  # keys of a validator
_VALIDATOR_LIMITS = {"cpu_time": "10s", "memory": "1GiB"}


def load_stdio(
    path: Path,
    files: PackageFiles,
    family: str,
    title: str,
    statement: str,
    metadata_document: Document,
    metadata: Metadata,
) -> Problem:
    """Returns the package, validated. Raises SpecError."""
    document, keys = _read_keys(files, metadata)
    checker, arguments = _read_checker(files, document, keys)
    limits = case_limits(metadata_document, metadata.limits, document, keys.limits)
    examples = read_examples(files, document, keys.submissions)
    check_examples(document, keys.languages, examples)
    generator = (
        None if keys.generator is None else read_author(files, document, "generator", keys.generator, "generate")
    )
    problem = Problem(
        slug=files.root.resolve().name,
        family=family,
        name=title,
        statement=statement,
        kind=keys.kind,
        entry_point="",
        signature=SIGNATURE,
        isolation=Isolation.PROCESS,
        limits=limits,
        load_limits=load_limits(
            metadata_document, metadata.limits, document, keys.limits, limits, compiled=keys.languages != ("python3",)
        ),
        code_bytes=code_bytes(metadata_document, metadata.limits),
        languages=keys.languages,
        runtime=keys.runtime,
        runtime_line=document.line("runtime") if "runtime" in document.value else None,
        starters=_starters(files, document, keys),
        checker=checker,
        reference=None if keys.reference is None else _read_reference(files, document, keys.reference),
        generator=generator,
        written=_read_cases(files, metadata_document, metadata, checker, arguments),
        generated=read_generated(document, keys.tests),
        examples=examples,
        license=metadata.license,
        source_digest=files.digest(),
        companion_bytes=_companion_bytes(checker),
        validator_arguments=arguments,
        lock=read_lock(files),
        waivers=read_waivers(document, keys.waivers),
        root=str(path),
    )
    check_tests(document, problem)
    return problem


def _read_keys(files: PackageFiles, metadata: Metadata) -> tuple[Document, StdioKeys]:
    document = parse_yaml(files.read_text(JUDGE_FILE), files.name(JUDGE_FILE))
    keys = convert(document, StdioKeys)
    refuse_empty(document, StdioKeys, document.value)
    check_version(document, keys.judge)
    check_runtime(document, keys.runtime)
    check_languages(document, keys.languages, metadata, PROGRAMS)
    return document, keys


# --- who judges ---------------------------------------------------------------------------------------------------


def _read_checker(files: PackageFiles, document: Document, keys: StdioKeys) -> tuple[CheckerSpec, tuple[str, ...]]:
    """Returns the checker, and the arguments of a validator. Raises SpecError for one that cannot judge an output."""
    given = keys.checker
    if given == Validator.name or (isinstance(given, dict) and given.get("name") == Validator.name):
        return _read_validator(files, document, given if isinstance(given, dict) else {})
    checker = with_author(files, document, read_named_checker(document, given))
    built = build(checker.name, checker.parameters)
    if isinstance(built, SeriesChecker):
        message = f"checker: {checker.name!r} judges many calls, and a test of kind 'stdio' is one run"
        raise document.error(message, "checker")
    try:
        wanted = built.expected_type(SIGNATURE)
    except ValueError as error:
        raise document.error(f"checker {checker.name!r}: {error}: what a program writes", "checker") from None
    if wanted != SIGNATURE.returns:
        message = f"checker: expected one that compares with an output (bytes), and {checker.name!r} takes {wanted}"
        raise document.error(message, "checker")
    return checker, ()


def _read_validator(
    files: PackageFiles, document: Document, given: dict[str, Any]
) -> tuple[CheckerSpec, tuple[str, ...]]:
    for key in given:
        if key != "name":
            check_one_of(document, key, _OWN, "checker", key)
    file, arguments = given.get("file"), given.get("arguments", [])
    if not isinstance(file, str) or not files.exists(file):
        found = "none" if file is None else f"{file!r}, which is not there"
        raise document.error(f"checker.file: expected the validator's file or directory, found {found}", "checker")
    if not isinstance(arguments, list) or not all(isinstance(each, str) for each in arguments):
        raise document.error(f"checker.arguments: expected a list of texts, found {arguments!r}", "checker")
    limits = _VALIDATOR_LIMITS | {key: str(given[key]) for key in ("cpu_time", "memory") if key in given}
    read_named_checker(document, {"name": Validator.name, "file": file, **limits})
    return read_validator_at(files, file, limits, document.line("checker")), tuple(arguments)


def _companion_bytes(checker: CheckerSpec) -> int:
    """The memory of the slot in which the author's checker runs; 0 for a built-in one."""
    built = build(checker.name, checker.parameters)
    return built.limits().memory_bytes + SLOT_OVERHEAD_BYTES if isinstance(built, AuthoredChecker) else 0


# --- tests and programs -------------------------------------------------------------------------------------------


def _read_cases(
    files: PackageFiles, document: Document, metadata: Metadata, checker: CheckerSpec, arguments: tuple[str, ...]
) -> tuple[WrittenCase, ...]:
    """Returns the tests that are written out, in their order. Raises SpecError."""
    facts = PackageFacts(
        document=document,
        version=FORMAT_VERSION,
        names={},
        scoring=False,
        limits=metadata.limits,
        custom_validator=False,
        interactive=False,
        submit_answer=False,
        passes=1,
        validator_flags=(),
        languages=PROGRAMS,
        license=metadata.license,
        custom_score=False,
    )
    cases = tuple(read_data(files, facts, partly=True).all_cases())
    for case in cases:
        if case.answer[1]:
            message = "output_validator_args: expected them in judge.yaml, as parameters of the checker, found"
            raise document.error(f"{message} {' '.join(case.answer[1])!r} for the test {case.name!r}")
    if checker.name == Validator.name:
        return tuple(replace(case, answer=(case.answer[0], [*arguments], NO_POINTS)) for case in cases)
    return tuple(replace(case, answer=case.answer[0]) for case in cases)


def _read_reference(files: PackageFiles, document: Document, keys: SolutionKeys) -> AuthorFunction:
    """Returns the author's own program: one file, in a language of whole programs. Raises SpecError."""
    suffixes = {suffix: language for language in PROGRAMS if language != "pypy3" for suffix in LANGUAGES[language]}
    path = PurePosixPath(keys.file)
    if path.suffix not in suffixes:
        message = f"reference.file: expected a program ({', '.join(suffixes)}), found {keys.file!r}"
        raise document.error(message, "reference", "file")
    if not files.exists(keys.file):
        raise document.error(f"reference.file: there is no file {keys.file!r}", "reference", "file")
    source = SourceFile(path=path.name, content=files.read_bytes(keys.file))
    program = Program(language=suffixes[path.suffix], files=(source,))
    return AuthorFunction(
        program=program, function="", file=keys.file, key="reference", line=document.line("reference")
    )


def _starters(files: PackageFiles, document: Document, keys: StdioKeys) -> dict[str, str]:
    for language in keys.starters:
        check_one_of(document, language, keys.languages, "starters", language)
    return {language: files.read_text(path, compiled=False) for language, path in keys.starters.items()}
