"""``problem.yaml`` of every version of the format, as one structure: what grading needs of it, and what it refuses.

A key that changes a verdict and is not supported is refused with its line; one that only tells people something is
read and left.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from judge.errors import SpecError
from judge.spec.conversion import check_one_of, closest, convert
from judge.spec.files import PackageFiles
from judge.spec.kattis.constants import NAME, Constants
from judge.spec.kattis.languages import LANGUAGES
from judge.spec.kattis.schema import LEGACY, VERSIONS, LegacyGrading, LegacyLimits, LegacyMetadata, PlainMetadata
from judge.spec.locations import Document, parse_yaml
from judge.spec.schema import TYPES, FormatLimits, Metadata, TimeMultipliers

FILE = "problem.yaml"
_REFUSED_DIRECTORIES = {
    "static_validator": "static validators",
}
_INCOMPATIBLE = (("pass-fail", "scoring"), ("submit-answer", "multi-pass"), ("submit-answer", "interactive"))
DEFAULT_PASSES, MAX_PASSES = 2, 100
_ON_REJECT = {"first_error": "break", "worst_error": "continue", "grade": "continue"}  # as in older packages
_INI_TIME = re.compile(r"^\s*timelimit\s*=\s*['\"]?([0-9.]+)['\"]?\s*$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageFacts:
    """What a package's ``problem.yaml`` says, whatever its version."""

    document: Document  # for messages
    version: str  # one of VERSIONS
    names: dict[str, str]  # title by language
    scoring: bool
    limits: FormatLimits  # in the units of the format; no time limit when it follows from the submissions
    custom_validator: bool
    interactive: bool  # whether the validator speaks with the program
    submit_answer: bool  # whether a submission is the answers themselves
    passes: int  # runs of the program that the validator may ask for on one test
    validator_flags: tuple[str, ...]  # of every test
    languages: tuple[str, ...]  # in which it can be solved here
    license: str
    custom_score: bool  # legacy: the validator gives the points
    minimizes: bool = False  # legacy: whether fewer points are better
    constants: Constants = Constants()
    grading: Mapping[str, Any] = field(default_factory=dict)  # legacy: keys that hold for all groups

    @property
    def legacy(self) -> bool:
        """Whether it is of the legacy version."""
        return self.version in LEGACY


def read_facts(files: PackageFiles) -> PackageFacts:
    """Returns what ``problem.yaml`` says. Raises SpecError."""
    document = parse_yaml(files.read_text(FILE), files.name(FILE))
    version = _version(document)
    for directory, what in _REFUSED_DIRECTORIES.items():
        if files.exists(directory):
            raise SpecError(f"{what} are not supported: expected no {directory}/", file=files.name(directory))
    return _legacy(files, document, version) if version in LEGACY else _modern(files, document, version)


def _version(document: Document) -> str:
    value = document.value.get("problem_format_version", "legacy") if isinstance(document.value, dict) else "legacy"
    if not isinstance(value, str) or value not in VERSIONS:
        known = closest(str(value), VERSIONS)
        raise document.error(f"unknown problem_format_version {value!r}{known}", "problem_format_version")
    return value


# --- legacy -------------------------------------------------------------------------------------------------------


def _legacy(files: PackageFiles, document: Document, version: str) -> PackageFacts:
    keys = convert(document, LegacyMetadata)
    check_one_of(document, keys.type, ("pass-fail", "scoring"), "type")
    grading = keys.grading or LegacyGrading()
    check_one_of(document, grading.objective, ("max", "min"), "grading", "objective")
    validation = _validation(document, keys.validation or "default", scoring=keys.type == "scoring")
    limits = keys.limits or LegacyLimits()
    return PackageFacts(
        document=document,
        version=version,
        names={"en": keys.name} if isinstance(keys.name, str) else keys.name or {},
        scoring=keys.type == "scoring",
        limits=_modern_limits(limits, _legacy_time(files, limits)),
        custom_validator="custom" in validation,
        custom_score="score" in validation,
        interactive="interactive" in validation,
        submit_answer=False,
        passes=_passes(document, limits.validation_passes, multi_pass="multi-pass" in validation),
        validator_flags=_validator_flags(document, keys),
        languages=_languages(document, keys.languages or "all"),
        license=str(keys.license or "unknown"),
        minimizes=grading.objective == "min",
        grading=_grading(document, grading),
    )


def _grading(document: Document, keys: LegacyGrading) -> dict[str, Any]:
    """Returns what the deprecated keys of ``grading`` say of every group."""
    given: dict[str, Any] = {"accept_score": keys.accept_score, "reject_score": keys.reject_score, "range": keys.range}
    if keys.on_reject is not None:
        check_one_of(document, keys.on_reject, _ON_REJECT, "grading", "on_reject")
        given["on_reject"] = _ON_REJECT[keys.on_reject]
    return {key: value for key, value in given.items() if value is not None}


def _validation(document: Document, given: str, *, scoring: bool) -> set[str]:
    """Returns the words of ``validation``: default, or custom and what else the validator does."""
    words = given.split()
    known = {"interactive", "multi-pass", *(["score"] if scoring else [])}
    if words == ["default"] or (words[:1] == ["custom"] and set(words[1:]) <= known):
        return set(words)
    message = "validation: expected 'default', or 'custom' with some of 'interactive', 'multi-pass' and, with scores,"
    raise document.error(f"{message} 'score', found {given!r}", "validation")


def _passes(document: Document, given: int | None, *, multi_pass: bool) -> int:
    """Returns the most passes of one test."""
    if not multi_pass:
        if given is not None:
            message = f"limits.validation_passes: expected none in a problem that is not multi-pass, found {given}"
            raise document.error(message, "limits", "validation_passes")
        return 1
    passes = DEFAULT_PASSES if given is None else given
    if not DEFAULT_PASSES <= passes <= MAX_PASSES:
        message = f"limits.validation_passes: expected {DEFAULT_PASSES} to {MAX_PASSES}, found {passes}"
        raise document.error(message, "limits", "validation_passes")
    return passes


def _validator_flags(document: Document, keys: LegacyMetadata) -> tuple[str, ...]:
    flags, arguments = keys.validator_flags, keys.validator_args
    if None not in (flags, arguments) and flags != arguments:
        message = f"validator_args: expected the same as validator_flags, {flags!r}, found {arguments!r}"
        raise document.error(message, "validator_args")
    return _split(document, (arguments if flags is None else flags) or "")


def _split(document: Document, flags: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(flags))
    except ValueError as error:
        raise document.error(f"validator_flags: {error}: found {flags!r}", "validator_flags") from None


def _legacy_time(files: PackageFiles, limits: LegacyLimits) -> float | None:
    """Returns the time limit in seconds that stands somewhere: problem.yaml, .timelimit or domjudge-problem.ini."""
    if limits.time_limit is not None:
        return limits.time_limit
    for name, pattern in ((".timelimit", re.compile(r"\A\s*([0-9.]+)\s*\Z")), ("domjudge-problem.ini", _INI_TIME)):
        if files.exists(name):
            text = files.read_text(name)
            found = pattern.search(text)
            if found is not None:
                return _seconds(found[1], files.name(name))
            if name == ".timelimit":
                raise SpecError(f"expected a number of seconds, found {text.strip()[:40]!r}", file=files.name(name))
    return None


def _seconds(text: str, file: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SpecError(f"expected a number of seconds, found {text!r}", file=file) from None


def _modern_limits(limits: LegacyLimits, time_limit: float | None) -> FormatLimits:
    multipliers = TimeMultipliers(ac_to_time_limit=limits.time_multiplier, time_limit_to_tle=limits.time_safety_margin)
    return FormatLimits(
        time_multipliers=multipliers,
        time_limit=time_limit,
        memory=limits.memory,
        output=limits.output,
        code=limits.code,
        compilation_time=limits.compilation_time,
        compilation_memory=limits.compilation_memory,
        validation_time=limits.validation_time,
        validation_memory=limits.validation_memory,
        validation_output=limits.validation_output,
    )


# --- 2023-07 and 2025-09 ------------------------------------------------------------------------------------------


def _modern(files: PackageFiles, document: Document, version: str) -> PackageFacts:
    keys: Metadata = convert(document, PlainMetadata)
    kinds = [keys.type] if isinstance(keys.type, str) else keys.type
    _check_kinds(document, kinds)
    return PackageFacts(
        document=document,
        version=version,
        names={"en": keys.name} if isinstance(keys.name, str) else keys.name,
        scoring="scoring" in kinds,
        limits=keys.limits,
        custom_validator=bool(files.listing("output_validator")),
        custom_score=False,
        constants=_constants(document, keys),
        interactive="interactive" in kinds,
        submit_answer="submit-answer" in kinds,
        passes=_passes(document, keys.limits.validation_passes, multi_pass="multi-pass" in kinds),
        validator_flags=(),
        languages=_languages(document, keys.languages),
        license=str(keys.license or "unknown"),
    )


def _constants(document: Document, keys: Metadata) -> Constants:
    """Returns the constants, as they are written; one with several spellings has ``value`` and others by name."""
    found: dict[str, str] = {}
    for name, given in keys.constants.items():
        if not NAME.match(name):
            raise document.error(f"constants: expected a name of letters, digits and _, found {name!r}", "constants")
        for spelling, value in (given if isinstance(given, dict) else {"value": given}).items():
            found[name if spelling == "value" else f"{name}.{spelling}"] = str(value)
    return Constants(values=found)


def _check_kinds(document: Document, kinds: list[str]) -> None:
    """Raises SpecError for types that there are not, or that contradict each other."""
    for kind in kinds:
        check_one_of(document, kind, TYPES, "type")
    if not kinds or len(set(kinds)) < len(kinds):
        raise document.error(f"type: expected one or more, each once, found {', '.join(kinds) or 'none'}", "type")
    for one, other in _INCOMPATIBLE:
        if one in kinds and other in kinds:
            raise document.error(f"type: {one!r} and {other!r} exclude each other", "type")


def _languages(document: Document, given: str | list[str]) -> tuple[str, ...]:
    names = given.split() if isinstance(given, str) else given
    here = [name for name in LANGUAGES if names == ["all"] or name in names]
    if not here:
        message = f"languages: expected 'all' or one of {', '.join(LANGUAGES)}, found {', '.join(names) or 'none'}"
        raise document.error(message, "languages")
    return tuple(LANGUAGES[name][0] for name in here)
