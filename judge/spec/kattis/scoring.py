"""The groups of a problem with scores: those of 2025-09 and 2023-07, and those of ``testdata.yaml``.

2025-09: ``secret`` and its groups have ``score_aggregation``, ``max_score`` and ``require_pass``; samples count
nothing. 2023-07 has the same keys in a map ``scoring``, and a group may leave its points to be inferred. Legacy, and
2023-07 with ``testdata.yaml``: every directory has the default grader with flags, each accepted test ``accept_score``
and each rejected one ``reject_score``; tests that are not run have no part in it. With the objective ``min``, and where
the validator gives the points, ``range`` of the root says which points are all and which are none.
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
_SCORES = ("sum", "avg", "min", "max")
_DEFAULT_MAX = Fraction(100)


def read_groups(facts: PackageFacts, data: Group) -> tuple[TestGroup, ...]:
    """Returns the groups, the root first; none for a problem without scores. Raises SpecError."""
    if not facts.scoring:
        return ()
    graded = facts.legacy or data.facts.legacy is not None
    if not graded:
        groups = tuple(_modern(data, inferred=facts.version in MIDDLE))
        _check_unbounded(facts, data, groups)
        return groups
    groups = tuple(_legacy(data, ""))
    zero, full = _ends(facts, data, groups)
    return (replace(groups[0], zero_score=str(zero), full_score=str(full)), *groups[1:])


def _ends(facts: PackageFacts, data: Group, groups: tuple[TestGroup, ...]) -> tuple[Fraction, Fraction]:
    """Returns the points of a share of 0 and of 1; equal ones where the points have no such bounds."""
    least, most = _range(data)
    if facts.minimizes:
        return (Fraction(0), Fraction(0)) if None in (least, most) else (most or Fraction(0), least or Fraction(0))
    if facts.custom_score or (facts.custom_validator and not facts.legacy):
        return Fraction(0), max(most or Fraction(0), Fraction(0))
    full = points_of_all(groups, ROOT)
    if full <= 0:
        raise SpecError(f"expected points for accepted tests, found {full} in all", file=facts.document.file)
    return Fraction(0), full


def _range(data: Group) -> tuple[Fraction | None, Fraction | None]:
    """Returns the least and the most points by the root's ``range``; None for an end that it does not have."""
    text = (data.facts.legacy or LegacyGroup()).range or "-inf +inf"
    words = text.split()
    ends = [read_number(word) for word in words]
    infinite = [word.lower().lstrip("+-") in ("inf", "infinity") for word in words]
    if len(words) != 2 or any(end is None and not free for end, free in zip(ends, infinite, strict=True)):
        raise data.facts.document.error(f"range: expected two numbers, -inf or +inf, found {text!r}", "range")
    least, most = (None if end is None else Fraction(end) for end in ends)
    if least is not None and most is not None and least > most:
        raise data.facts.document.error(f"range: expected a smaller number first, found {text!r}", "range")
    return least, most


def _names(group: Group) -> tuple[str, ...]:
    return tuple(case.name for case in group.cases)


# --- legacy -------------------------------------------------------------------------------------------------------


def _legacy(group: Group, parent: str) -> list[TestGroup]:
    keys, document = group.facts.legacy or LegacyGroup(), group.facts.document
    mode, blames, aggregation, ignore_sample = _grader_flags(document, keys.grader_flags or "")
    made = TestGroup(
        name=group.name,
        parent=parent,
        cases=_names(group),
        aggregation=aggregation,
        case_score=str(_points(document, "accept_score", keys.accept_score, 1)),
        reject_score=str(_points(document, "reject_score", keys.reject_score, 0)),
        judged_only=True,
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
        return Fraction(str(default if given is None else given))
    except (ValueError, ZeroDivisionError):
        raise document.error(f"{key}: expected a number, found {given!r}", key) from None


# --- 2025-09, 2023-07 ---------------------------------------------------------------------------------------------


def _modern(data: Group, *, inferred: bool) -> list[TestGroup]:
    """``inferred``: whether a group that states no points has its part of those that are left."""
    secret = next(group for group in data.groups if group.name == "secret")
    most = _max_score(secret, _DEFAULT_MAX)
    made = [TestGroup(name=ROOT, parent="", cases=(), aggregation="sum", full_score=str(most or 0))]
    for group in data.groups:
        if group.name == "sample":
            _check_sample(group)
            made.append(TestGroup(name="sample", parent=ROOT, cases=_names(group), aggregation="sum", counts=False))
    whole = _one(secret, ROOT, most, "sum")
    made += [whole, *_inner_groups(secret, most, _share(secret, whole) if inferred and most is not None else None)]
    found = points_of_all(tuple(made), "secret")
    if most is not None and found > most:
        message = f"max_score: the groups have {found} points, more than the {most} of secret"
        raise secret.facts.document.error(message, "max_score")
    _check_requirements(data, made)
    return made


def _check_unbounded(facts: PackageFacts, data: Group, groups: tuple[TestGroup, ...]) -> None:
    """Raises SpecError for points without a bound that no validator gives, or that count as a whole."""
    documents = {group.name: group.facts.document for part in data.groups for group in (part, *part.groups)}
    for group in groups:
        if group.unbounded and group.aggregation == "pass-fail":
            message = "max_score: expected an integer with the aggregation pass-fail, found unbounded"
            raise documents[group.name].error(message, "max_score")
        if group.unbounded and group.cases and not facts.custom_validator:
            message = "max_score: unbounded scores need an output validator that gives them: expected one, found none"
            raise documents[group.name].error(message, "max_score")


def _share(secret: Group, whole: TestGroup) -> Fraction:
    """Returns the points of each group that states none: an equal part of what the others leave, or all of them."""
    most = Fraction(whole.full_score)
    if whole.aggregation != "sum":
        return most
    stated = [(group.facts.keys or TestGroupKeys()).max_score for group in secret.groups]
    left = most - sum((_max_score(group, Fraction(0)) or Fraction(0) for group in secret.groups), Fraction(0))
    return max(left, Fraction(0)) / max(stated.count(None), 1)


def _inner_groups(secret: Group, most: Fraction | None, share: Fraction | None) -> list[TestGroup]:
    """``most`` are the points of secret, ``share`` those of a group that states none; None where there is no bound."""
    if secret.groups and secret.cases:
        raise SpecError("expected groups or tests in it, found both", file=secret.facts.document.file)
    made = []
    for group in secret.groups:
        cases = tuple(case.name for case in group.all_cases())  # directories in it are no groups
        points = _max_score(group, share)
        if points is None and most is not None:
            stated = (group.facts.keys or TestGroupKeys()).max_score is not None
            found = "unbounded, but secret is bounded" if stated else "none"
            message = f"missing key 'max_score': expected the points of the group, found {found}"
            raise group.facts.document.error(message, *(["max_score"] if stated else []))
        made.append(replace(_one(group, "secret", points, "pass-fail"), cases=cases))
    return made


def _one(group: Group, parent: str, most: Fraction | None, default: str) -> TestGroup:
    """``most`` are its points; None: as many as the validator gives."""
    keys, document = group.facts.keys or TestGroupKeys(), group.facts.document
    aggregation = keys.score_aggregation or default
    check_one_of(document, aggregation, _AGGREGATIONS, "score_aggregation")
    tests = list(group.all_cases())
    full = most or Fraction(0)
    each = full / len(tests) if aggregation == "sum" and tests else full
    required = [keys.require_pass] if isinstance(keys.require_pass, str) else keys.require_pass or []
    return TestGroup(
        name=group.name,
        parent=parent,
        cases=_names(group),
        aggregation=aggregation,
        case_score=str(each),
        full_score=str(full),
        unbounded=most is None,
        stops=aggregation == "pass-fail" or (aggregation == "min" and not group.groups),
        requires=tuple(required),
    )


def _max_score(group: Group, default: Fraction | None) -> Fraction | None:
    """Returns the most points of a group; None: unbounded."""
    keys, document = group.facts.keys or TestGroupKeys(), group.facts.document
    value = keys.max_score
    if value is None or value == "unbounded":
        return default if value is None else None
    if not isinstance(value, int) or value < 0:
        message = f"max_score: expected an integer of at least 0, or unbounded, found {value!r}"
        raise document.error(message, "max_score")
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
