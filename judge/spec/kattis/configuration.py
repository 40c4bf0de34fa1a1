"""The configuration of groups and tests: ``testdata.yaml`` of the older versions, ``test_group.yaml``, ``NAME.yaml``.

Arguments of a submission may also stand in ``NAME.args``, as drafts of 2023-07 had them: words, without any quoting.

What is inherited differs. ``testdata.yaml``: every key, from the nearest directory above that gives it, as the format's
reference tools do it; what the deprecated ``grading`` of problem.yaml gives holds everywhere. ``test_group.yaml``: each
key with arguments, also from ``data/test_group.yaml``. The text of 2025-09 says of groups only that the default is
empty; the tools that packages are made with inherit, and so do the packages.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from judge.errors import SpecError
from judge.spec.conversion import convert
from judge.spec.files import PackageFiles
from judge.spec.kattis.constants import Constants
from judge.spec.kattis.metadata import PackageFacts
from judge.spec.kattis.schema import MIDDLE, LegacyGroup, NamedFlags, TestCaseKeys, TestGroupKeys, ValidatorArguments
from judge.spec.locations import Document, parse_yaml

_NONE = Constants()
OLD_FILE, NEW_FILE = "testdata.yaml", "test_group.yaml"
ARGUMENTS = ".args"


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupFacts:
    """What is known of a group's configuration; keys that are None or empty were not given."""

    document: Document  # for messages
    arguments: tuple[str, ...] = ()  # of submissions
    validator_arguments: tuple[str, ...] = ()
    input_arguments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of input validators, by name
    legacy: LegacyGroup | None = None
    keys: TestGroupKeys | None = None


def group_facts(files: PackageFiles, facts: PackageFacts, directory: str, above: GroupFacts | None) -> GroupFacts:
    """Returns the configuration of the group in ``directory``. Raises SpecError."""
    old, new = f"{directory}/{OLD_FILE}", f"{directory}/{NEW_FILE}"
    if facts.legacy or (facts.version in MIDDLE and _is_old(files, directory, above)):
        _expect_absent(files, new, facts.version, OLD_FILE)
        return _old(files, facts, old, above)
    _expect_absent(files, old, facts.version, NEW_FILE)
    return _new(files, facts, new, above)


def _is_old(files: PackageFiles, directory: str, above: GroupFacts | None) -> bool:
    """Whether a package that may have either is configured by ``testdata.yaml``: one such file anywhere says so."""
    if above is not None:
        return above.legacy is not None
    inner = [f"{directory}/{name}" for name in files.listing(directory) if not name.startswith(("invalid", "valid"))]
    return files.exists(f"{directory}/{OLD_FILE}") or any(
        _is_old(files, path, None) for path in inner if files.is_directory(path)
    )


def _expect_absent(files: PackageFiles, path: str, version: str, expected: str) -> None:
    if files.exists(path):
        raise SpecError(f"a package of version {version} has {expected}: expected no such file", file=files.name(path))


def _read(files: PackageFiles, path: str, constants: Constants = _NONE) -> Document | None:
    """Returns a YAML file, or None when it is not there; an empty one is an empty mapping."""
    if not files.exists(path):
        return None
    text = constants.filled_bytes(files.read_text(path).encode()).decode()
    document = parse_yaml(text, files.name(path))
    if document.value is None:
        return Document(file=document.file, value={}, tree={})
    return document


# --- testdata.yaml ------------------------------------------------------------------------------------------------


def _old(files: PackageFiles, facts: PackageFacts, path: str, above: GroupFacts | None) -> GroupFacts:
    document = _read(files, path) or Document(file=files.name(path), value={}, tree={})
    keys = _with_inherited(document, convert(document, LegacyGroup), above, facts.grading)
    if keys.grading != "default":
        raise document.error(f"grading: only 'default' is supported, found {keys.grading!r}", "grading")
    if keys.on_reject not in ("break", "continue"):
        raise document.error(f"on_reject: expected 'break' or 'continue', found {keys.on_reject!r}", "on_reject")
    flags = _flags(document, "output_validator_flags", keys.output_validator_flags)
    given = keys.input_validator_flags
    name = given.name if isinstance(given, NamedFlags) else ""
    return GroupFacts(
        document=document,
        validator_arguments=(*facts.validator_flags, *flags),
        input_arguments={name: _flags(document, "input_validator_flags", given)},
        legacy=keys,
    )


def _with_inherited(
    document: Document, own: LegacyGroup, above: GroupFacts | None, everywhere: Mapping[str, Any]
) -> LegacyGroup:
    """Returns the keys of a group: those of problem.yaml, its own, and for the others those of the group above."""
    given = {} if above is None or above.legacy is None else msgspec.structs.asdict(above.legacy)
    given |= {key: getattr(own, key) for key in document.value}
    return LegacyGroup(**(given | dict(everywhere)))


def _flags(document: Document, key: str, given: str | NamedFlags | None) -> tuple[str, ...]:
    text = given.flags if isinstance(given, NamedFlags) else given or ""
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise document.error(f"{key}: {error}: found {text!r}", key) from None


# --- test_group.yaml ----------------------------------------------------------------------------------------------


def _new(files: PackageFiles, facts: PackageFacts, path: str, above: GroupFacts | None) -> GroupFacts:
    document = _read(files, path, facts.constants)
    if document is None:
        empty = Document(file=files.name(path), value={}, tree={})
        return _inherited(empty, TestGroupKeys(), above)
    keys = _with_scoring(document, convert(document, TestGroupKeys), facts.version)
    for key in ("static_validation_score", "static_validator_args"):
        if getattr(keys, key) is not None:
            raise document.error(f"{key}: static validators are not supported", key)
    if not facts.scoring:
        for key in ("max_score", "score_aggregation", "require_pass"):
            if getattr(keys, key) is not None:
                raise document.error(f"{key}: only a problem of type 'scoring' may have it", key)
    return _inherited(document, keys, above)


def _with_scoring(document: Document, keys: TestGroupKeys, version: str) -> TestGroupKeys:
    """Returns the keys with those of the map ``scoring``, which 2023-07 has instead."""
    for key in ("scoring", "static_validation"):
        if getattr(keys, key) is not None and version not in MIDDLE:
            raise document.error(f"{key}: only 2023-07 has it, expected none in {version}", key)
    if keys.static_validation:
        raise document.error("static_validation: static validators are not supported", "static_validation")
    if keys.scoring is None:
        return keys
    return msgspec.structs.replace(
        keys,
        max_score=keys.scoring.score,
        score_aggregation=keys.scoring.aggregation,
        require_pass=keys.scoring.require_pass,
    )


def _inherited(document: Document, keys: TestGroupKeys, above: GroupFacts | None) -> GroupFacts:
    arguments, flags = keys.args, keys.output_validator_args
    if above is not None:
        arguments = list(above.arguments) if arguments is None else arguments
        flags = list(above.validator_arguments) if flags is None else flags
    inherited = {} if above is None else above.input_arguments
    return GroupFacts(
        document=document,
        arguments=tuple(arguments or ()),
        validator_arguments=tuple(flags or ()),
        input_arguments=_by_name(keys.input_validator_args, inherited),
        keys=keys,
    )


def _by_name(
    given: ValidatorArguments | None, inherited: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    """Returns the arguments of each input validator by its name; those of all of them have the empty name."""
    if given is None:
        return inherited
    named = given if isinstance(given, dict) else {"": given}
    return {name: tuple(arguments) for name, arguments in named.items()}


# --- one test -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseArguments:
    """The arguments that belong to one test."""

    submission: tuple[str, ...]
    validator: tuple[str, ...]  # of the output
    inputs: Mapping[str, tuple[str, ...]]  # of input validators by name, without those of the submission


def case_arguments(files: PackageFiles, facts: PackageFacts, stem: str, group: GroupFacts) -> CaseArguments:
    """Returns the arguments of one test. Raises SpecError."""
    words = _words(files, f"{stem}{ARGUMENTS}")
    document = _read(files, f"{stem}.yaml")
    if document is None:
        keys = TestCaseKeys()
    elif facts.legacy:
        raise document.error("the legacy version has no configuration of single tests: expected no such file")
    else:
        keys = convert(document, TestCaseKeys)
        if None not in (keys.args, words):
            message = f"args: expected none beside {files.name(stem + ARGUMENTS)}, found {keys.args}"
            raise document.error(message, "args")
    own = words if keys.args is None else tuple(keys.args)
    flags = keys.output_validator_args
    return CaseArguments(
        submission=group.arguments if own is None else own,
        validator=group.validator_arguments if flags is None else tuple(flags),
        inputs=_by_name(keys.input_validator_args, group.input_arguments),
    )


def _words(files: PackageFiles, path: str) -> tuple[str, ...] | None:
    """Returns the words of a test's ``.args``, which white space of ASCII separates; None when there is none."""
    if not files.exists(path):
        return None
    return tuple(word.decode() for word in files.read_text(path).encode().split())
