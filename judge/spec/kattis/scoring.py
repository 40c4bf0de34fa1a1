"""The groups of a problem with scores: those of 2025-09 and 2023-07, and those of ``testdata.yaml``.

2025-09: ``secret`` and its groups have ``score_aggregation``, ``max_score`` and ``require_pass``; samples count
nothing. 2023-07 has the same keys in a map ``scoring``, and a group may leave its points to be inferred. Legacy, and
2023-07 with ``testdata.yaml``: every directory has the default grader with flags, and each accepted test
``accept_score``. What has no meaning here is refused: scores below 0, averages, unbounded scores.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from judge.checkers.number_text import read_number
from judge.errors import SpecError
from judge.model.plan import TestGroup, points_of_all
from judge.spec.conversion import check_one_of
from judge.spec.kattis.data import Group
from judge.spec.kattis.metadata import PackageFacts
from judge.spec.kattis.schema import MIDDLE, LegacyGroup, TestGroupKeys
from judge.spec.locations import Document

ROOT = "data"
_AGGREGATIONS = ("pass-fail", "sum", "min")
_MODES = {"always_accept": "always", "accept_if_any_accepted": "any"}
_BLAMES = {"worst_error": "worst", "no_errors": "worst", "first_error": "first"}
_SCORES = ("sum", "min", "max")
_DEFAULT_MAX = Fraction(100)


def read_groups(facts: PackageFacts, data: Group) -> tuple[TestGroup, ...]:
    """Returns the groups, the root first; none for a problem without scores. Raises SpecError."""
    if not facts.scoring:
        return ()
    graded = facts.legacy or data.facts.legacy is not None
    groups = tuple(_legacy(data, "") if graded else _modern(data, inferred=facts.version in MIDDLE))
    given = facts.custom_score or (graded and facts.custom_validator)  # by the validator
    full = _most(data) if given else points_of_all(groups, ROOT)
    if full <= 0 and not given:
        raise SpecError(f"expected points for accepted tests, found {full} in all", file=facts.document.file)
    return (replace(groups[0], full_score=str(full)), *groups[1:]) if graded else groups


def _most(data: Group) -> Fraction:
    """Returns the upper end of the root's range, where a validator gives the points; 0 when it has none."""
    words = ((data.facts.legacy or LegacyGroup()).range or "").split()
    number = read_number(words[-1]) if words else None
    return Fraction(number) if number is not None and number > 0 else Fraction(0)


def _names(group: Group) -> tuple[str, ...]:
    return tuple(case.name for case in group.cases)


# --- legacy -------------------------------------------------------------------------------------------------------


def _legacy(group: Group, parent: str) -> list[TestGroup]:
    keys, document = group.facts.legacy or LegacyGroup(), group.facts.document
    mode, blames, aggregation, ignore_sample = _grader_flags(document, keys.grader_flags or "")
    if _points(document, "reject_score", keys.reject_score, 0) != 0:
        raise document.error("reject_score: only 0 is supported", "reject_score")
    made = TestGroup(
        name=group.name,
        parent=parent,
        cases=_names(group),
        aggregation=aggregation,
        case_score=str(_points(document, "accept_score", keys.accept_score, 1)),
        mode=mode,
        blames=blames,
        stops=keys.on_reject == "break",
    )
    inner = [found for part in group.groups for found in _legacy(part, group.name)]
    if ignore_sample and group.name == ROOT:
        inner = [replace(found, counts=False, decides=False) if found.name == "sample" else found for found in inner]
    return [made, *inner]


def _grader_flags(document: Document, flags: str) -> tuple[str, str, str, bool]:
    """Returns how verdicts are put together, which error is told, how scores are added, and whether samples count."""
    modes, blames, aggregation, ignore_sample = {"all"}, "worst", "sum", False
    for flag in flags.split():
        if flag in _MODES:
            modes.add(_MODES[flag])
        elif flag in _BLAMES:
            blames = _BLAMES[flag]
        elif flag in _SCORES:
            aggregation = flag
        elif flag == "ignore_sample":
            ignore_sample = True
        else:
            known = ", ".join((*_BLAMES, *_MODES, *_SCORES, "ignore_sample"))
            raise document.error(f"grader_flags: expected some of {known}, found {flag!r}", "grader_flags")
    mode = next(mode for mode in ("always", "any", "all") if mode in modes)  # the most lenient that is stated
    return mode, blames, aggregation, ignore_sample


def _points(document: Document, key: str, given: int | float | str | None, default: int) -> Fraction:
    try:
        value = Fraction(str(default if given is None else given))
    except (ValueError, ZeroDivisionError):
        raise document.error(f"{key}: expected a number, found {given!r}", key) from None
    if value < 0:
        raise document.error(f"{key}: expected no points below 0, found {given}", key)
    return value


# --- 2025-09, 2023-07 ---------------------------------------------------------------------------------------------


def _modern(data: Group, *, inferred: bool) -> list[TestGroup]:
    """``inferred``: whether a group that states no points has its part of those that are left."""
    secret = next(group for group in data.groups if group.name == "secret")
    most = _max_score(secret, _DEFAULT_MAX)
    made = [TestGroup(name=ROOT, parent="", cases=(), aggregation="sum", full_score=str(most))]
    for group in data.groups:
        if group.name == "sample":
            _check_sample(group)
            made.append(TestGroup(name="sample", parent=ROOT, cases=_names(group), aggregation="sum", counts=False))
    whole = _one(secret, ROOT, most, "sum")
    made += [whole, *_inner_groups(secret, _share(secret, whole) if inferred else None)]
    found = points_of_all(tuple(made), "secret")
    if found > most:
        message = f"max_score: the groups have {found} points, more than the {most} of secret"
        raise secret.facts.document.error(message, "max_score")
    _check_requirements(data, made)
    return made


def _share(secret: Group, whole: TestGroup) -> Fraction:
    """Returns the points of each group that states none: an equal part of what the others leave, or all of them."""
    most = Fraction(whole.full_score)
    if whole.aggregation != "sum":
        return most
    stated = [(group.facts.keys or TestGroupKeys()).max_score for group in secret.groups]
    left = most - sum((_max_score(group, Fraction(0)) for group in secret.groups), Fraction(0))
    return max(left, Fraction(0)) / max(stated.count(None), 1)


def _inner_groups(secret: Group, share: Fraction | None) -> list[TestGroup]:
    if secret.groups and secret.cases:
        raise SpecError("expected groups or tests in it, found both", file=secret.facts.document.file)
    made = []
    for group in secret.groups:
        cases = tuple(case.name for case in group.all_cases())  # directories in it are no groups
        made.append(replace(_one(group, "secret", _max_score(group, share), "pass-fail"), cases=cases))
    return made


def _one(group: Group, parent: str, most: Fraction, default: str) -> TestGroup:
    keys, document = group.facts.keys or TestGroupKeys(), group.facts.document
    aggregation = keys.score_aggregation or default
    check_one_of(document, aggregation, _AGGREGATIONS, "score_aggregation")
    tests = list(group.all_cases())
    each = most / len(tests) if aggregation == "sum" and tests else most
    required = [keys.require_pass] if isinstance(keys.require_pass, str) else keys.require_pass or []
    return TestGroup(
        name=group.name,
        parent=parent,
        cases=_names(group),
        aggregation=aggregation,
        case_score=str(each),
        full_score=str(most),
        stops=aggregation == "pass-fail" or (aggregation == "min" and not group.groups),
        requires=tuple(required),
    )


def _max_score(group: Group, default: Fraction | None) -> Fraction:
    keys, document = group.facts.keys or TestGroupKeys(), group.facts.document
    value = keys.max_score
    if value is None and default is not None:
        return default
    if value == "unbounded":
        raise document.error("max_score: unbounded scores are not supported", "max_score")
    if value is None:
        raise document.error("missing key 'max_score': the points of the group")
    if not isinstance(value, int) or value < 0:
        raise document.error(f"max_score: expected an integer of at least 0, found {value!r}", "max_score")
    return Fraction(value)


def _check_sample(group: Group) -> None:
    keys, document = group.facts.keys or TestGroupKeys(), group.facts.document
    for key in ("max_score", "score_aggregation", "require_pass"):
        if getattr(keys, key) is not None:
            raise document.error(f"{key}: samples have no score", key)


def _check_requirements(data: Group, made: list[TestGroup]) -> None:
    """Raises SpecError unless every group that is required comes earlier and is passed or not as a whole."""
    documents = {group.name: group.facts.document for part in data.groups for group in (part, *part.groups)}
    secret = next(group for group in made if group.name == "secret")
    names = [group.name for group in made]
    for at, group in enumerate(made):
        for name in group.requires:
            document = documents[group.name]
            if name not in names[1:at] or name == "secret":
                message = f"require_pass: expected sample or an earlier group, found {name!r}"
                raise document.error(message, "require_pass")
            if name != "sample" and made[names.index(name)].aggregation != "pass-fail":
                raise document.error(f"require_pass: {name!r} has scores: expected pass-fail", "require_pass")
        if secret.aggregation == "pass-fail" and group.parent == "secret" and group.aggregation != "pass-fail":
            message = "score_aggregation: expected pass-fail, as in secret"
            raise documents[group.name].error(message, "score_aggregation")
