"""A package's directory -> Problem. Nothing of the package is run; every error names the file, and the line if there is
one.

A package without ``judge.yaml`` is a plain one of the Kattis format: ``judge.spec.kattis``. Of others
the steps: ``problem.yaml`` and statement, ``judge.yaml`` against its schema, signature and checker, limits, the tests
that are written out, the author's programs, the example submissions, the lock file.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from judge.checkers import build
from judge.checkers.contract import PairedChecker
from judge.checkers.custom import Custom
from judge.errors import SpecError
from judge.model.plan import CheckerSpec, Environment
from judge.model.problem import SLOT_OVERHEAD_BYTES, Problem
from judge.model.program import AuthorFunction
from judge.model.run import Isolation
from judge.model.signature import Form, Signature
from judge.model.widths import COMPILED
from judge.spec.answers import check_answer_checker, check_answer_keys
from judge.spec.bounds import read_bounds
from judge.spec.cases import read_cases
from judge.spec.compiled import check_examples
from judge.spec.complexity import read_complexity
from judge.spec.conversion import check_one_of, convert, refuse_empty
from judge.spec.files import PackageFiles
from judge.spec.function import read_checker, read_signature, read_types
from judge.spec.generated import check_tests, read_generated
from judge.spec.interactive import load_interactive
from judge.spec.kattis.package import load_plain
from judge.spec.keys import JUDGE_FILE, check_languages, check_runtime, check_version
from judge.spec.limits import case_limits, code_bytes, load_limits
from judge.spec.locations import Document, parse_yaml
from judge.spec.lock import read_certificate, read_lock
from judge.spec.metadata import FILE, check_kind, missing_package, read_metadata, read_statement
from judge.spec.oracles import read_environment
from judge.spec.programs import read_alternatives, read_author, with_author
from judge.spec.queries import ENTRY_POINT, LANGUAGE, query_starter, read_reference
from judge.spec.schema import KINDS, AnswerKeys, JudgeKeys, Metadata
from judge.spec.starters import STARTERS
from judge.spec.stdio import load_stdio
from judge.spec.submissions import read_examples
from judge.spec.suites import read_suite
from judge.spec.types import check_identifier
from judge.spec.waivers import read_waivers

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
FAMILY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*\Z")


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
    for whole, load in (("interactive", load_interactive), ("stdio", load_stdio)):
        if kind == whole:
            return load(path, files, _family(files.root), title, statement, metadata_document, metadata)
    keys = _read_judge(document, metadata, AnswerKeys if kind == "answer" else JudgeKeys)
    signature = read_signature(document, keys)
    checker = with_author(files, document, read_checker(document, keys))
    if keys.kind == "answer":
        check_answer_checker(document, checker)
    suite = read_suite(files, document, keys) if keys.kind == "tests" else None
    environment = suite[0] if suite else read_environment(files, document, keys, signature)
    types = read_types(document, signature, checker, environment)
    limits = case_limits(metadata_document, metadata.limits, document, keys.limits)
    written = suite[1] if suite else read_cases(files, types)
    generated = read_generated(document, keys.tests)
    reference = _author(files, document, "reference", keys, keys.entry_point)
    generator = _author(files, document, "generator", keys, "generate")
    complexity = read_complexity(document, keys, checker, limits)
    examples = read_examples(files, document, keys.submissions, answers=keys.kind == "answer")
    check_examples(document, keys.languages, examples)
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
        waivers=read_waivers(document, keys.waivers),
        root=str(path),
    )
    check_tests(document, problem)
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
    return kind


# --- programs -----------------------------------------------------------------------------------------------------


def _author(files: PackageFiles, document: Document, key: str, keys: JudgeKeys, function: str) -> AuthorFunction | None:
    given = keys.reference if key == "reference" else keys.generator
    if keys.kind == "sql" and key == "reference" and given is not None:
        return read_reference(files, document, given)
    return None if given is None else read_author(files, document, key, given, function)


def _companion_bytes(checker: CheckerSpec, environment: Environment | None) -> int:
    """Returns the memory of the companion slots that a grading needs."""
    built = build(checker.name, checker.parameters)
    limits = [built.limits()] if isinstance(built, Custom) else []
    limits += [environment.limits] if environment is not None else []
    return sum(limit.memory_bytes + SLOT_OVERHEAD_BYTES for limit in limits)


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
