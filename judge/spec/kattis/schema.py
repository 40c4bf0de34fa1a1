"""The keys of the format's older versions, and of the configuration of test data in all of them."""

from __future__ import annotations

from typing import Any

import msgspec

from judge.spec.schema import Metadata

LEGACY = ("legacy", "legacy-icpc")
MIDDLE = ("2023-07", "2023-07-draft")
CURRENT = ("2025-09", "2025-09-draft")
VERSIONS = (*LEGACY, *MIDDLE, *CURRENT)


class _Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Keys of a mapping; others are refused."""


class LegacyLimits(_Keys, frozen=True):
    """``limits`` of the legacy version."""

    time_multiplier: float = 5.0
    time_safety_margin: float = 2.0
    time_limit: float | None = None  # seconds; not in the specification, but found in packages
    memory: int | None = None  # MiB
    output: int | None = None  # MiB
    code: int | None = None  # KiB
    compilation_time: int | None = None  # seconds
    compilation_memory: int | None = None  # MiB
    validation_time: int | None = None  # seconds
    validation_memory: int | None = None  # MiB
    validation_output: int | None = None  # MiB
    validation_passes: int | None = None  # not in the specification, but in problemtools


class LegacyGrading(_Keys, frozen=True):
    """``grading`` of the legacy version."""

    objective: str = "max"
    show_test_data_groups: Any = None  # for people, also as yes and no of older YAML
    on_reject: str | None = None  # these are deprecated: they belong into testdata.yaml
    accept_score: int | float | str | None = None
    reject_score: int | float | str | None = None
    range: str | None = None


class LegacyMetadata(_Keys, frozen=True):
    """``problem.yaml`` of the legacy version; what is only told to people may be anything."""

    problem_format_version: str = "legacy"
    type: str = "pass-fail"
    name: str | dict[str, str] | None = None
    uuid: Any = None
    author: Any = None
    source: Any = None
    source_url: Any = None
    license: str | None = None
    rights_owner: Any = None
    limits: LegacyLimits | None = None
    validation: str | None = None
    validator_flags: str | None = None
    validator_args: str | None = None  # as DOMjudge has it too
    grading: LegacyGrading | None = None
    keywords: Any = None
    languages: str | list[str] | None = None


class NamedFlags(_Keys, frozen=True):
    """Flags of one of several validators."""

    name: str
    flags: str = ""


class LegacyGroup(_Keys, frozen=True):
    """``testdata.yaml``."""

    on_reject: str = "break"
    grading: str = "default"
    grader_flags: str | None = None
    input_validator_flags: str | NamedFlags | None = None
    output_validator_flags: str | NamedFlags | None = None
    accept_score: int | float | str | None = None
    reject_score: int | float | str | None = None
    range: str | None = None


class PlainMetadata(Metadata, frozen=True):
    """``problem.yaml`` of 2023-07 and 2025-09; grading needs no uuid, and what only tells people may be anything."""

    uuid: Any = ""
    version: Any = None
    credits: Any = None
    source: Any = None
    rights_owner: Any = None
    keywords: Any = None
    license: Any = "unknown"


Arguments = list[str]
ValidatorArguments = list[str] | dict[str, list[str]]


class ScoringKeys(_Keys, frozen=True):
    """``scoring`` in ``test_group.yaml`` of 2023-07."""

    score: int | str | None = None
    aggregation: str | None = None
    require_pass: str | list[str] | None = None


class TestGroupKeys(_Keys, frozen=True):
    """``test_group.yaml``."""

    scoring: ScoringKeys | None = None  # 2023-07
    static_validation: bool | dict[str, Any] | None = None  # 2023-07
    max_score: int | str | None = None
    score_aggregation: str | None = None
    static_validation_score: int | str | None = None
    require_pass: str | list[str] | None = None
    args: Arguments | None = None
    input_validator_args: ValidatorArguments | None = None
    static_validator_args: Arguments | None = None
    output_validator_args: Arguments | None = None
    input_visualizer_args: Arguments | None = None
    output_visualizer_args: Arguments | None = None
    full_feedback: Any = None  # for people
    hint: str | None = None  # 2023-07
    description: str | None = None  # 2023-07


class TestCaseKeys(_Keys, frozen=True):
    """The YAML file of one test."""

    args: Arguments | None = None
    input_validator_args: ValidatorArguments | None = None
    output_validator_args: Arguments | None = None
    input_visualizer_args: Arguments | None = None
    output_visualizer_args: Arguments | None = None
    full_feedback: Any = None  # for people
    hint: str | None = None
    description: str | None = None
