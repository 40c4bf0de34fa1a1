"""A package whose ``judge.yaml`` has the kind ``interactive``: the program speaks with the author's interactor.

The interactor is a program as the package format has it: its command line names the input file, the answer file and
the feedback directory; it speaks on its standard streams, and its exit status is the word on the program, 42 or 43. So
a test is the pair of files, as they stand; the program sees neither.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from judge.checkers.validator import NO_POINTS, Validator
from judge.errors import SpecError
from judge.model.plan import CheckerSpec
from judge.model.problem import SLOT_OVERHEAD_BYTES, Problem, WrittenCase
from judge.model.run import Isolation
from judge.spec.cases import ILLUSTRATIONS, case_names
from judge.spec.conversion import check_one_of, convert, refuse_empty
from judge.spec.files import PackageFiles
from judge.spec.kattis.package import MAX_TESTS, SIGNATURE
from judge.spec.kattis.validator import behind_shim, companion_bytes
from judge.spec.keys import JUDGE_FILE, PROGRAMS, check_languages, check_runtime, check_version
from judge.spec.limits import case_limits, code_bytes, load_limits
from judge.spec.locations import Document, parse_yaml
from judge.spec.lock import read_lock
from judge.spec.programs import read_author
from judge.spec.schema import AuthorKeys, InteractiveKeys, Metadata
from judge.spec.submissions import read_examples
from judge.units import NANOSECONDS, parse_bytes, parse_duration_ns

_FOR_PEOPLE = (*ILLUSTRATIONS, ".interaction")


def load_interactive(
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
    checker = _read_interactor(files, document, keys)
    limits = case_limits(metadata_document, metadata.limits, document, keys.limits)
    given = metadata.limits
    return Problem(
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
            metadata_document, given, document, keys.limits, limits, compiled=keys.languages != ("python3",)
        ),
        code_bytes=code_bytes(metadata_document, given),
        languages=keys.languages,
        runtime=keys.runtime,
        starters=_starters(files, document, keys),
        checker=checker,
        reference=None,
        generator=None,
        written=_read_cases(files, keys),
        generated=(),
        examples=read_examples(files, document, keys.submissions),
        license=metadata.license,
        source_digest=files.digest(),
        companion_bytes=companion_bytes(checker) + SLOT_OVERHEAD_BYTES,
        lock=read_lock(files),
        root=str(path),
    )


def _read_keys(files: PackageFiles, metadata: Metadata) -> tuple[Document, InteractiveKeys]:
    document = parse_yaml(files.read_text(JUDGE_FILE), files.name(JUDGE_FILE))
    keys = convert(document, InteractiveKeys)
    refuse_empty(document, InteractiveKeys, document.value)
    check_version(document, keys.judge)
    check_runtime(document, keys.runtime)
    check_languages(document, keys.languages, metadata, PROGRAMS)
    return document, keys


def _read_interactor(files: PackageFiles, document: Document, keys: InteractiveKeys) -> CheckerSpec:
    """Returns the interactor as the validator that it is. Raises SpecError."""
    given = keys.interactor
    author = read_author(files, document, "interactor", AuthorKeys(file=given.file), "main")
    for key, text, parse, (low, high), expected in (
        ("cpu_time", given.cpu_time, parse_duration_ns, (10**6, 60 * NANOSECONDS), "1ms to 60s"),
        ("memory", given.memory, parse_bytes, (16 << 20, 8 << 30), "16MiB to 8GiB"),
    ):
        try:
            fits = low <= parse(text) <= high
        except ValueError as error:
            raise document.error(f"interactor.{key}: {error}", "interactor", key) from None
        if not fits:
            raise document.error(f"interactor.{key}: expected {expected}, found {text!r}", "interactor", key)
    behind = replace(author, program=behind_shim(author.program), function="validate")
    parameters = {"file": given.file, "cpu_time": given.cpu_time, "memory": given.memory}
    return CheckerSpec(name=Validator.name, parameters=parameters, author=behind)


def _read_cases(files: PackageFiles, keys: InteractiveKeys) -> tuple[WrittenCase, ...]:
    for name in files.listing("data"):
        if name not in ("sample", "secret"):
            raise SpecError("expected data/sample and data/secret only", file=files.name(f"data/{name}"))
    names = [name for group in ("sample", "secret") for name in case_names(files, group, _FOR_PEOPLE)]
    if not any(name.startswith("secret/") for name in names) or len(names) > MAX_TESTS:
        message = f"expected 1 to {MAX_TESTS} tests, one of them secret, found {len(names)}"
        raise SpecError(message, file=files.name("data"))
    return tuple(_read_case(files, keys, name) for name in names)


def _read_case(files: PackageFiles, keys: InteractiveKeys, name: str) -> WrittenCase:
    answer = f"data/{name}.ans"
    return WrittenCase(
        name=name,
        sample=name.startswith("sample/"),
        arguments={"stdin": files.read_bytes(f"data/{name}.in"), "arguments": [], "files": {}},
        answer=(files.read_bytes(answer) if files.exists(answer) else b"", [*keys.interactor.arguments], NO_POINTS),
        has_answer=True,
        file=f"data/{name}.in",
    )


def _starters(files: PackageFiles, document: Document, keys: InteractiveKeys) -> dict[str, str]:
    for language in keys.starters:
        check_one_of(document, language, keys.languages, "starters", language)
    return {language: files.read_text(path, compiled=False) for language, path in keys.starters.items()}
