"""A package's directory -> Problem. Nothing of the package is run; every error names the file, and the line if there is
one.

A package without ``judge.yaml`` is a plain one of the Kattis format: ``judge.spec.kattis``. Of others
the steps: ``problem.yaml`` and statement, ``judge.yaml`` against its schema, signature and checker, limits, the tests
that are written out, the author's programs, the example submissions, the lock file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from judge.checkers import build
from judge.checkers.contract import PairedChecker
from judge.checkers.custom import Custom
from judge.errors import SpecError
from judge.harness import wire
from judge.model.plan import CheckerSpec, Environment
from judge.model.problem import SLOT_OVERHEAD_BYTES, GeneratedCases, Problem
from judge.model.program import AuthorFunction
from judge.model.run import Isolation
from judge.model.signature import Form, Signature
from judge.spec.answers import check_answer_checker, check_answer_keys
from judge.spec.bounds import read_bounds
from judge.spec.cases import read_cases
from judge.spec.compiled import COMPILED, check_examples
from judge.spec.complexity import read_complexity
from judge.spec.conversion import check_one_of, convert, refuse_empty
from judge.spec.files import PackageFiles
from judge.spec.function import read_checker, read_signature, read_types
from judge.spec.interactive import load_interactive
from judge.spec.kattis.package import load_plain
from judge.spec.keys import JUDGE_FILE, check_languages, check_runtime, check_version
from judge.spec.limits import case_limits, code_bytes, load_limits
from judge.spec.locations import Document, Step, parse_yaml
from judge.spec.lock import read_certificate, read_lock
from judge.spec.metadata import FILE, check_kind, missing_package, read_metadata, read_statement
from judge.spec.oracles import read_environment
from judge.spec.programs import read_alternatives, read_author
from judge.spec.queries import ENTRY_POINT, LANGUAGE, query_starter, read_reference
from judge.spec.schema import KINDS, SUPPORTED_KINDS, AnswerKeys, AuthorKeys, JudgeKeys, Metadata
from judge.spec.starters import STARTERS
from judge.spec.submissions import read_examples
from judge.spec.suites import read_suite
from judge.spec.types import check_identifier
from judge.spec.waivers import read_waivers

MAX_TESTS = 1000

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
FAMILY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*\Z")
_TEST_NAME = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)*\Z")


def load_problem(path: Path) -> Problem:
    """Returns the package in the directory ``path``, validated. Raises SpecError."""
    files = _open(path)
    if not files.exists(JUDGE_FILE):
        return load_plain(path, files, _family(files.root))
    metadata_document, metadata = read_metadata(files)
    title, statement = read_statement(files, metadata_document, metadata)
    document = parse_yaml(files.read_text(JUDGE_FILE), files.name(JUDGE_FILE))
    kind = _kind(document)
    check_kind(metadata_document, metadata, kind)
    if kind == "interactive":
        return load_interactive(path, files, _family(files.root), title, statement, metadata_document, metadata)
    keys = _read_judge(document, metadata, AnswerKeys if kind == "answer" else JudgeKeys)
    signature = read_signature(document, keys)
    checker = _with_author(files, document, read_checker(document, keys))
    if keys.kind == "answer":
        check_answer_checker(document, checker)
    suite = read_suite(files, document, keys) if keys.kind == "tests" else None
    environment = suite[0] if suite else read_environment(files, document, keys, signature)
    types = read_types(document, signature, checker, environment)
    limits = case_limits(metadata_document, metadata.limits, document, keys.limits)
    written = suite[1] if suite else read_cases(files, types)
    generated = _generated(document, keys)
    reference = _author(files, document, "reference", keys, keys.entry_point)
    generator = _author(files, document, "generator", keys, "generate")
    complexity = read_complexity(document, keys, checker, limits)
    examples = read_examples(files, document, keys.submissions, answers=keys.kind == "answer")
    check_examples(document, keys, examples)
    lock = read_lock(files)
    problem = Problem(
        slug=files.root.resolve().name,
        family=_family(files.root),
        name=title,
        statement=statement,
        kind=keys.kind,
        entry_point=keys.entry_point,
        signature=signature,
        isolation=Isolation(keys.isolation),
        limits=limits,
        load_limits=load_limits(
            metadata_document,
            metadata.limits,
            document,
            keys.limits,
            limits,
            compiled=not set(COMPILED).isdisjoint(keys.languages),
        ),
        code_bytes=code_bytes(metadata_document, metadata.limits),
        languages=keys.languages,
        runtime=keys.runtime,
        runtime_line=document.line("runtime") if "runtime" in document.value else None,
        starters=_starters(files, document, keys, signature, checker),
        checker=checker,
        environment=environment,
        reference=reference,
        generator=generator,
        alternatives=read_alternatives(files, document, keys),
        written=written,
        generated=generated,
        examples=examples,
        license=metadata.license,
        source_digest=files.digest(),
        complexity=complexity,
        companion_bytes=_companion_bytes(checker, environment),
        lock=lock,
        certificate=read_certificate(files),
        bounds=read_bounds(document, keys, types.parameters),
        waivers=read_waivers(document, keys),
        root=str(path),
    )
    _check_tests(document, problem)
    return problem


def _open(path: Path) -> PackageFiles:
    if not path.is_dir():
        raise SpecError("expected a problem package's directory, found none", file=str(path))
    files = PackageFiles(path)
    if not files.exists(FILE):
        raise missing_package(files)
    slug = path.resolve().name
    if files.exists(JUDGE_FILE) and not SLUG.match(slug):
        message = f"expected a directory name of a-z and 0-9, joined by hyphens, found {slug!r}"
        raise SpecError(message, file=str(path))
    return files


def _family(root: Path) -> str:
    """Returns the name of the directory around the package, or "unfiled" when that cannot be a family's name."""
    name = root.resolve().parent.name
    return name if FAMILY.match(name) else "unfiled"


def _read_judge(document: Document, metadata: Metadata, schema: type[JudgeKeys]) -> JudgeKeys:
    keys = convert(document, schema)
    refuse_empty(document, schema, document.value)
    check_version(document, keys.judge)
    if keys.kind == "sql":
        given = keys.languages if "languages" in document.value else (LANGUAGE,)
        keys = msgspec.structs.replace(keys, entry_point=keys.entry_point or ENTRY_POINT, languages=given)
    if not keys.entry_point:
        raise document.error("missing key 'entry_point'")
    check_identifier(document, keys.entry_point, "entry_point", "entry_point")
    check_one_of(document, keys.isolation, (Isolation.TEST, Isolation.SUBMISSION), "isolation")
    check_runtime(document, keys.runtime)
    if isinstance(keys, AnswerKeys):
        check_answer_keys(document, keys)
    else:
        check_languages(document, keys.languages, metadata)
    return keys


def _kind(document: Document) -> str:
    """The kind comes first: the keys of another kind would all look unknown."""
    kind = document.value.get("kind") if isinstance(document.value, dict) else None
    if not isinstance(kind, str):
        return "function"  # what is wrong with it is said when the keys are read
    check_one_of(document, kind, KINDS, "kind")
    if kind not in SUPPORTED_KINDS:
        known = ", ".join(map(repr, SUPPORTED_KINDS))
        raise document.error(f"kind {kind!r} is not supported yet: expected one of {known}", "kind")
    return kind


# --- tests and programs -------------------------------------------------------------------------------------------


def _generated(document: Document, keys: JudgeKeys) -> tuple[GeneratedCases, ...]:
    groups: list[GeneratedCases] = []
    for at, test in enumerate(keys.tests):
        if not _TEST_NAME.match(test.name):
            message = f"tests.{at}.name: expected lower-case words joined by hyphens, found {test.name!r}"
            raise document.error(message, "tests", at, "name")
        if test.name in [group.name for group in groups]:
            raise document.error(f"tests: the name {test.name!r} stands twice", "tests", at, "name")
        _check_number(document, test.seed, 0, 2**63 - 1, "tests", at, "seed")
        _check_number(document, test.count, 1, MAX_TESTS, "tests", at, "count")
        _check_params(document, test.params, at)
        line = document.line("tests", at)
        groups.append(GeneratedCases(name=test.name, seed=test.seed, count=test.count, params=test.params, line=line))
    return tuple(groups)


def _check_params(document: Document, params: dict[str, Any], at: int) -> None:
    for name, value in params.items():
        try:
            wire.encode(value)
        except (TypeError, ValueError) as error:
            raise document.error(f"tests.{at}.params.{name}: {error}", "tests", at, "params", name) from None


def _check_number(document: Document, value: int, low: int, high: int, *path: Step) -> None:
    if not low <= value <= high:
        raise document.error(f"{'.'.join(map(str, path))}: expected {low} to {high}, found {value}", *path)


def _author(files: PackageFiles, document: Document, key: str, keys: JudgeKeys, function: str) -> AuthorFunction | None:
    given = keys.reference if key == "reference" else keys.generator
    if keys.kind == "sql" and key == "reference" and given is not None:
        return read_reference(files, document, given)
    return None if given is None else read_author(files, document, key, given, function)


def _with_author(files: PackageFiles, document: Document, checker: CheckerSpec) -> CheckerSpec:
    """Returns the checker's specification with the author's function, when it is one that runs such a function."""
    built = build(checker.name, checker.parameters)
    if not isinstance(built, Custom):
        return checker
    author = read_author(files, document, "checker", AuthorKeys(file=built.file), built.function)
    return replace(checker, author=author)


def _companion_bytes(checker: CheckerSpec, environment: Environment | None) -> int:
    """Returns the memory of the companion slots that a grading needs."""
    built = build(checker.name, checker.parameters)
    limits = [built.limits()] if isinstance(built, Custom) else []
    limits += [environment.limits] if environment is not None else []
    return sum(limit.memory_bytes + SLOT_OVERHEAD_BYTES for limit in limits)


def _check_tests(document: Document, problem: Problem) -> None:
    """Raises SpecError unless every test can be made, and there is one that candidates are not shown."""
    if problem.generated and problem.generator is None:
        raise document.error("tests need a generator: missing key 'generator'", "tests")
    if problem.generated and problem.reference is None:
        raise document.error("generated tests need a reference: missing key 'reference'", "tests")
    if problem.generator is not None and not problem.generated and problem.complexity is None:
        raise document.error("generator: expected tests that use it, found none", "generator")
    for case in problem.written:
        if not case.has_answer and problem.reference is None:
            answer = f"{case.name.rpartition('/')[2]}.ans"
            message = f"expected an answer in {answer}, or a reference in {JUDGE_FILE}, found neither"
            raise SpecError(message, file=str(Path(problem.root) / case.file))
    total = len(problem.written) + sum(group.count for group in problem.generated)
    if all(case.sample for case in problem.written) and not problem.generated:
        raise SpecError(
            "expected at least one secret test, in data/secret or under tests, found none", file=document.file
        )
    if total > MAX_TESTS:
        raise document.error(f"expected at most {MAX_TESTS} tests, found {total}", "tests")


def _starters(
    files: PackageFiles, document: Document, keys: JudgeKeys, signature: Signature, checker: CheckerSpec
) -> dict[str, str]:
    for language in keys.starters:
        check_one_of(document, language, keys.languages, "starters", language)
    written = {language: files.read_text(path, compiled=False) for language, path in keys.starters.items()}
    if signature.form is Form.QUERY:
        return {LANGUAGE: query_starter(signature)} | written
    built = build(checker.name, checker.parameters)
    functions = [(keys.entry_point, signature)]
    functions += [built.second(signature)] if isinstance(built, PairedChecker) else []
    made = {
        language: "\n\n".join(STARTERS[language](*function) for function in functions)
        for language in (() if keys.kind == "answer" else ("python3", *keys.languages))
    }
    return made | written
