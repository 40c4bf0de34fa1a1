"""A plain package -> Problem of kind ``stdio``: every test is one run of the program on its standard streams.

The run's input stands as arguments of a signature: ``stdin``, the command line's ``arguments`` and ``files`` in the
working directory; the output is the answer, bytes. The expected value is the answer file and the arguments of the
output validator.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import msgspec

from judge.checkers.validator import ANY_POINTS, IGNORED_POINTS, NO_POINTS, OWN_POINTS, SIGNED_POINTS
from judge.errors import SpecError
from judge.model.plan import TestGroup
from judge.model.problem import Problem, TimeRule, WrittenCase
from judge.model.program import ANSWER
from judge.model.run import Isolation
from judge.model.signature import Parameter, Signature
from judge.model.type_expr import parse_type
from judge.spec.files import PackageFiles
from judge.spec.kattis.data import read_data
from judge.spec.kattis.examples import Examples, read_plain_answers, read_plain_examples
from judge.spec.kattis.included import read_included
from judge.spec.kattis.metadata import PackageFacts, read_facts
from judge.spec.kattis.scoring import read_groups
from judge.spec.kattis.statement import read_statement
from judge.spec.kattis.validator import companion_bytes, read_validator
from judge.spec.limits import MAX_TIME, SECOND, case_limits, code_bytes, load_limits
from judge.spec.locations import Document
from judge.spec.schema import ExtraLimits, FormatLimits

SIGNATURE = Signature(
    parameters=(
        Parameter(name="stdin", type=parse_type("bytes")),
        Parameter(name="arguments", type=parse_type("list[str]")),
        Parameter(name="files", type=parse_type("dict[str, bytes]")),
    ),
    returns=parse_type("bytes"),
)
MAX_TESTS = 1000
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
DEFAULT_MEMORY = 2048  # MiB, as the format suggests


def load_plain(path: Path, files: PackageFiles, family: str) -> Problem:
    """Returns a package without ``judge.yaml``, validated. Raises SpecError."""
    facts = read_facts(files)
    title, statement = read_statement(files, facts)
    data = read_data(files, facts)
    written = tuple(data.all_cases())
    if len(written) > MAX_TESTS:
        raise SpecError(f"expected at most {MAX_TESTS} tests, found {len(written)}", file=files.name("data"))
    checker = read_validator(files, facts, facts.constants)
    groups = read_groups(facts, data)
    if checker.author is not None:
        graded = data.facts.legacy is not None
        written = tuple(_with_points(facts, groups, case, graded=graded) for case in written)
    time_rule = _time_rule(facts)
    given = _with_time(facts.limits, time_rule, submit_answer=facts.submit_answer)
    extra = Document(file=facts.document.file, value={}, tree={})
    limits = case_limits(facts.document, given, extra, ExtraLimits())
    compiling = given if given.compilation_time is not None else msgspec.structs.replace(given, compilation_time=60)
    examples = _examples(files, facts)
    included = read_included(files, facts.constants)
    return Problem(
        slug=slug_of(files.root.resolve().name),
        family=family,
        name=title,
        statement=statement,
        kind=ANSWER if facts.submit_answer else "interactive" if facts.interactive else "stdio",
        entry_point="",
        signature=SIGNATURE,
        isolation=Isolation.PROCESS,
        limits=limits,
        load_limits=load_limits(facts.document, compiling, extra, ExtraLimits(), limits, compiled=True),
        code_bytes=code_bytes(facts.document, given),
        languages=(ANSWER,) if facts.submit_answer else facts.languages,
        starters={},
        checker=checker,
        companion_bytes=companion_bytes(checker),
        reference=None,
        generator=None,
        written=written,
        generated=(),
        examples=examples.graded,
        left_out=examples.left_out,
        license=facts.license,
        source_digest=files.digest(),
        time_rule=time_rule,
        slow_factor=_slow_factor(facts),
        groups=groups,
        included=included,
        passes=facts.passes,
        root=str(path),
    )


def _examples(files: PackageFiles, facts: PackageFacts) -> Examples:
    if facts.submit_answer:
        return Examples(graded=read_plain_answers(files), left_out={})
    return read_plain_examples(files, facts)


def slug_of(name: str) -> str:
    """Returns the slug of a package's directory: lower case, with hyphens for what a slug cannot have."""
    return _NOT_IN_SLUGS.sub("-", name.lower()).strip("-") or "problem"


def _with_points(facts: PackageFacts, groups: tuple[TestGroup, ...], case: WrittenCase, *, graded: bool) -> WrittenCase:
    """Returns the test with the most points that the validator may give it; see ``judge.checkers.validator``.

    ``graded``: whether groups have the legacy version's graders.
    """
    most = NO_POINTS
    if facts.legacy:
        most = SIGNED_POINTS if facts.custom_score else NO_POINTS
    elif facts.scoring and graded:
        most = OWN_POINTS
    elif facts.scoring:
        group = next(group for group in groups if case.name in group.cases)
        most = ANY_POINTS if group.unbounded else group.case_score
        most = NO_POINTS if group.aggregation == "pass-fail" else most
        most = IGNORED_POINTS if case.sample else most
    return replace(case, answer=(*case.answer, most))


def _time_rule(facts: PackageFacts) -> TimeRule | None:
    """Returns how the time limit follows from the accepted submissions, when none is stated."""
    limits, document = facts.limits, facts.document
    if limits.time_limit is not None or facts.submit_answer:
        return None
    multiplier, resolution = limits.time_multipliers.ac_to_time_limit, limits.time_resolution
    if not 1 <= multiplier <= 1000:
        raise document.error(f"limits: expected a multiplier of time from 1 to 1000, found {multiplier}", "limits")
    if not 0.001 <= resolution <= MAX_TIME / SECOND:
        message = f"limits.time_resolution: expected 0.001 to {MAX_TIME // SECOND} seconds, found {resolution}"
        raise document.error(message, "limits", "time_resolution")
    return TimeRule(multiplier=multiplier, resolution_ns=round(resolution * SECOND))


def _slow_factor(facts: PackageFacts) -> float:
    """Returns how many times the limit a submission that bounds it from above must need. Raises SpecError."""
    factor = facts.limits.time_multipliers.time_limit_to_tle
    if not 1 <= factor <= 1000:
        raise facts.document.error(f"limits: expected a margin of time from 1 to 1000, found {factor}", "limits")
    return factor


def _with_time(limits: FormatLimits, rule: TimeRule | None, *, submit_answer: bool) -> FormatLimits:
    """Returns the limits with the format's own default of memory, and the largest time limit where one is yet to be
    measured, or there is none.
    """
    limits = limits if limits.memory is not None else msgspec.structs.replace(limits, memory=DEFAULT_MEMORY)
    stated = rule is None and not (submit_answer and limits.time_limit is None)
    return limits if stated else msgspec.structs.replace(limits, time_limit=float(MAX_TIME // SECOND))
