"""Example submissions: ``submissions/<expectation>/<program>``, and what the judge must say of each.

The directory names the expected verdict. ``submissions`` in ``judge.yaml`` refines it for one program, to another
verdict that its directory permits and to a reason; ``submissions/submissions.yaml`` has the keys of the package
format and must not contradict it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import PurePosixPath
from typing import Any

import msgspec

from judge.errors import SpecError
from judge.model.problem import ExampleSubmission
from judge.model.program import ANSWER, Program, SourceFile
from judge.model.verdict import Reason, Verdict
from judge.spec.conversion import check_one_of, closest, convert
from judge.spec.files import PackageFiles
from judge.spec.locations import Document, parse_yaml
from judge.spec.schema import LANGUAGES, ExpectationKeys, People

ROOT = "submissions"
METADATA = "submissions/submissions.yaml"

_REJECTED = tuple(verdict for verdict in Verdict if verdict is not Verdict.ACCEPTED)
CRASHES = (
    Verdict.RUNTIME_ERROR,
    Verdict.MEMORY_LIMIT_EXCEEDED,
    Verdict.OUTPUT_LIMIT_EXCEEDED,
    Verdict.SECURITY_VIOLATION,
)
# Directory to the verdicts that it permits; a directory that permits several of different kinds needs a refinement.
DIRECTORIES: dict[str, tuple[Verdict, ...]] = {
    "accepted": (Verdict.ACCEPTED,),
    "wrong_answer": (Verdict.WRONG_ANSWER,),
    "time_limit_exceeded": (Verdict.TIME_LIMIT_EXCEEDED,),
    "run_time_error": CRASHES,
    "memory_limit_exceeded": (Verdict.MEMORY_LIMIT_EXCEEDED,),
    "output_limit_exceeded": (Verdict.OUTPUT_LIMIT_EXCEEDED,),
    "compile_error": (Verdict.COMPILE_ERROR,),
    "security_violation": (Verdict.SECURITY_VIOLATION,),
    "rejected": _REJECTED,
    "brute_force": (Verdict.TIME_LIMIT_EXCEEDED, *CRASHES),
}
_UNDECIDED = ("rejected", "brute_force")
# The package format's four verdicts; a submission that does not compile has none of them.
CODES = {Verdict.ACCEPTED: "AC", Verdict.WRONG_ANSWER: "WA", Verdict.TIME_LIMIT_EXCEEDED: "TLE"} | dict.fromkeys(
    CRASHES, "RTE"
)
CODE_NAMES = ("AC", "WA", "TLE", "RTE")


class GroupRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``submissions.yaml`` demands on a group of tests."""

    permitted: tuple[str, ...] = CODE_NAMES
    required: tuple[str, ...] = CODE_NAMES
    score: float | list[float] | None = None
    message: str = ""
    use_for_time_limit: bool | str | None = None


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``submissions.yaml`` says of the programs that one pattern matches."""

    language: str | None = None
    entrypoint: str | None = None
    authors: People = []
    model_solution: bool = False
    permitted: tuple[str, ...] = CODE_NAMES
    required: tuple[str, ...] = CODE_NAMES
    score: float | list[float] | None = None
    message: str = ""
    use_for_time_limit: bool | str | None = None


def read_examples(
    files: PackageFiles, document: Document, refinements: Mapping[str, ExpectationKeys], *, answers: bool = False
) -> tuple[ExampleSubmission, ...]:
    """Returns the programs under ``submissions``, in the order of their paths; or ``answers``. Raises SpecError."""
    paths = list(_paths(files))
    for path in refinements:
        if path not in paths:
            raise document.error(f"no submission {path!r}{closest(path, paths)}", "submissions", path)
    metadata, rules = _read_rules(files, paths)
    examples = []
    for path in paths:
        verdict, reason = _expectation(files, document, path, refinements.get(path))
        matching = {pattern: rule for pattern, rule in rules.items() if matches(pattern, path)}
        _check_rules(metadata, matching, path, verdict)
        program = read_answers(files, f"{ROOT}/{path}") if answers else _program(files, path, matching)
        examples.append(ExampleSubmission(path=f"{ROOT}/{path}", program=program, verdict=verdict, reason=reason))
    return tuple(examples)


def _paths(files: PackageFiles) -> Iterator[str]:
    for directory in files.listing(ROOT):
        if f"{ROOT}/{directory}" == METADATA:
            continue
        if not files.is_directory(f"{ROOT}/{directory}"):
            message = "expected a directory such as submissions/accepted, found a file"
            raise SpecError(message, file=files.name(f"{ROOT}/{directory}"))
        if directory not in DIRECTORIES:
            message = f"unknown directory of submissions{closest(directory, DIRECTORIES)}"
            raise SpecError(message, file=files.name(f"{ROOT}/{directory}"))
        yield from (f"{directory}/{name}" for name in files.listing(f"{ROOT}/{directory}"))


def _expectation(
    files: PackageFiles, document: Document, path: str, keys: ExpectationKeys | None
) -> tuple[Verdict, Reason | None]:
    directory = path.partition("/")[0]
    if keys is None:
        if directory in _UNDECIDED:
            message = f"submissions/{directory} permits several verdicts: expected one in judge.yaml under submissions"
            raise SpecError(message, file=files.name(f"{ROOT}/{path}"))
        return DIRECTORIES[directory][0], None
    at = ("submissions", path)
    check_one_of(document, keys.verdict, Verdict, *at, "verdict")
    verdict = Verdict(keys.verdict)
    if verdict not in DIRECTORIES[directory]:
        permitted = ", ".join(DIRECTORIES[directory])
        raise document.error(f"submissions/{directory} permits {permitted}, found {verdict}", *at, "verdict")
    if keys.reason is None:
        return verdict, None
    check_one_of(document, keys.reason, Reason, *at, "reason")
    if verdict is Verdict.ACCEPTED:
        raise document.error(f"an accepted submission has no reason: found {keys.reason!r}", *at, "reason")
    return verdict, Reason(keys.reason)


def _program(files: PackageFiles, path: str, rules: Mapping[str, Rules]) -> Program:
    full = f"{ROOT}/{path}"
    languages = {rule.language for rule in rules.values() if rule.language is not None} or {_language_of(path)}
    language = min(languages)
    if len(languages) > 1 or language not in LANGUAGES:
        message = f"expected one language of {', '.join(LANGUAGES)}, found {', '.join(sorted(languages))}"
        raise SpecError(message, file=files.name(METADATA))
    names = [path] if not files.is_directory(full) else [f"{path}/{name}" for name in files.listing(full)]
    main = names[0] if len(names) == 1 else f"{path}/{_entry_file(rules)}"
    if main not in names or not main.endswith(LANGUAGES[language]):
        extensions = ", ".join(LANGUAGES[language])
        message = f"expected a {language} main file ({extensions}), found {', '.join(names) or 'none'}"
        raise SpecError(message, file=files.name(full))
    ordered = [main, *(name for name in names if name != main)]
    sources = tuple(
        SourceFile(path=PurePosixPath(name).name, content=files.read_bytes(f"{ROOT}/{name}", compiled=False))
        for name in ordered
    )
    return Program(language=language, files=sources)


def read_answers(files: PackageFiles, path: str) -> Program:
    """Returns a submission that is the answers: a file, or the files of a directory and those below it."""
    names = [*_files_below(files, path, "")] if files.is_directory(path) else [""]
    if not names:
        raise SpecError("expected files with answers, found none", file=files.name(path))
    return Program(
        language=ANSWER,
        files=tuple(
            SourceFile(
                path=name or PurePosixPath(path).name,
                content=files.read_bytes(f"{path}/{name}" if name else path, compiled=False),
            )
            for name in names
        ),
    )


def _files_below(files: PackageFiles, path: str, prefix: str) -> Iterator[str]:
    for name in files.listing(f"{path}/{prefix}".rstrip("/")):
        if files.is_directory(f"{path}/{prefix}{name}"):
            yield from _files_below(files, path, f"{prefix}{name}/")
        else:
            yield f"{prefix}{name}"


def _language_of(path: str) -> str:
    """The language by a file's extension; Python for anything else."""
    return next((language for language, suffixes in LANGUAGES.items() if path.endswith(suffixes)), "python3")


def _entry_file(rules: Mapping[str, Rules]) -> str:
    return next((rule.entrypoint for rule in rules.values() if rule.entrypoint), "main.py")


# --- submissions.yaml ---------------------------------------------------------------------------------------------


def _read_rules(files: PackageFiles, paths: list[str]) -> tuple[Document, dict[str, Rules]]:
    if not files.exists(METADATA):
        return Document(file=files.name(METADATA), value={}, tree={}), {}
    document = parse_yaml(files.read_text(METADATA, compiled=False), files.name(METADATA))
    patterns = convert(document, dict[str, dict[str, Any]]) if document.value is not None else {}
    rules = {}
    for pattern, keys in patterns.items():
        if pattern not in DIRECTORIES and not any(matches(pattern, path) for path in paths):
            raise document.error(f"the pattern {pattern!r} matches no submission", pattern)
        groups = {key: value for key, value in keys.items() if re.match(r"(sample|secret)\b", key)}
        own = {key: value for key, value in keys.items() if key not in groups}
        rules[pattern] = convert(part_of(document, own, pattern), Rules)
        for group, value in groups.items():
            convert(part_of(document, value, pattern, group), GroupRules)
    return document, rules


def part_of(document: Document, value: Any, *path: str) -> Document:
    """Returns what stands at ``path`` of a document, with ``value`` in its place."""
    tree = document.tree
    for step in path:
        tree = tree[step]
    return Document(file=document.file, value=value, tree=tree)


def _check_rules(document: Document, rules: Mapping[str, Rules], path: str, verdict: Verdict) -> None:
    code = CODES.get(verdict)
    for pattern, rule in rules.items():
        for key, names in (("permitted", rule.permitted), ("required", rule.required)):
            for name in names:
                check_one_of(document, name, CODE_NAMES, pattern, key)
            if code is not None and code not in names:
                message = (
                    f"{key} {', '.join(names) or 'nothing'} contradicts {verdict}, which {path!r} must get ({code})"
                )
                raise document.error(message, pattern, key)


def matches(pattern: str, path: str) -> bool:
    """Whether a pattern of the package format (``*`` within a name, ``{a,b}``) matches a path or a parent of it."""
    return any(_matches_plain(plain, path) for plain in _braces(pattern))


def _braces(pattern: str) -> list[str]:
    parts = re.split(r"\{([^{}]*)\}", pattern)
    choices = [part.split(",") if at % 2 else [part] for at, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*choices)]


def _matches_plain(pattern: str, path: str) -> bool:
    wanted, found = pattern.strip("/").split("/"), path.split("/")
    return len(wanted) <= len(found) and all(
        re.fullmatch(re.escape(want).replace(r"\*", ".*"), have) for want, have in zip(wanted, found, strict=False)
    )
