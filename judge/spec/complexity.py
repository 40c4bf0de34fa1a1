"""The section ``complexity`` of ``judge.yaml``: sizes, families of inputs, and the growth that is accepted.

A family's input of size n is ``generate(rng, **params)`` with every scaled parameter set to round(factor·n), a half
going to the even number; the i-th size, counted from 0, has the seed ``seed + i``. Sizes are a list, or the numbers
round(from·(to/from)^(i/(points−1))).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from judge.checkers import build
from judge.checkers.contract import SeriesChecker
from judge.errors import SpecError
from judge.harness import wire
from judge.model.plan import CheckerSpec, ComplexityGate, GateFamily, TestCase
from judge.model.problem import DeclaredGate, ScaledFamily
from judge.model.run import Limits
from judge.spec.locations import Document, Step
from judge.spec.schema import ComplexityKeys, FamilyKeys, GridKeys, JudgeKeys
from judge.units import format_bytes, parse_duration_ns

MIN_SIZES, MAX_SIZES = 6, 32
MIN_SPAN = 8  # the largest size over the smallest
MIN_GROWTH = 2  # of some argument, from the smallest size to the largest
MAX_SIZE = 10**9
MAX_SLOPE = 10.0
MIN_REPEATS, MAX_REPEATS = 2, 20
MAX_FAMILIES = 8
MAX_BYTES = 64 * 1024 * 1024  # of all inputs and answers
BUDGET_CALLS = 10  # the budget is, by default, as much as so many calls at the limit

_NAME = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)*\Z")
_AT = "complexity"


def read_complexity(document: Document, keys: JudgeKeys, checker: CheckerSpec, limits: Limits) -> DeclaredGate | None:
    """Returns the gate that ``judge.yaml`` declares; None when there is none. Raises SpecError."""
    given = keys.complexity
    if given is None:
        return None
    for needed, present in (("generator", keys.generator), ("reference", keys.reference)):
        if present is None:
            raise document.error(f"{_AT} needs a {needed}: missing key {needed!r}", _AT)
    if isinstance(build(checker.name, checker.parameters), SeriesChecker):
        message = f"expected a checker that judges one answer, found {checker.name!r}, which judges a series of calls"
        raise document.error(f"{_AT}: {message}", _AT)
    _in_range(document, given.slope, 0.0, MAX_SLOPE, "slope")
    _in_range(document, given.repeats, MIN_REPEATS, MAX_REPEATS, "repeats")
    _in_range(document, len(given.families), 1, MAX_FAMILIES, "families", what="families")
    return DeclaredGate(
        sizes=_sizes(document, given.sizes),
        slope=given.slope,
        repeats=given.repeats,
        budget_ns=_budget(document, given, limits),
        families=tuple(_families(document, given.families)),
        line=document.line(_AT),
    )


def gate_of(declared: DeclaredGate | None, cases: Sequence[TestCase], file: str) -> ComplexityGate | None:
    """Returns the gate with its compiled inputs, which stand in ``cases`` in the order of ``calls``."""
    if declared is None:
        return None
    total = sum(len(case.arguments) + len(case.expected) for case in cases)
    if total > MAX_BYTES:
        message = f"expected inputs and answers of at most {format_bytes(MAX_BYTES)}, found {format_bytes(total)}"
        raise SpecError(f"{_AT}: {message}", file=file, line=declared.line)
    count = len(declared.sizes)
    families = tuple(
        GateFamily(name=family.name, cases=tuple(cases[at * count : (at + 1) * count]))
        for at, family in enumerate(declared.families)
    )
    for family, scaled in zip(families, declared.families, strict=True):
        _check_growth(family, declared.sizes, file, scaled.line)
    return ComplexityGate(
        sizes=declared.sizes,
        slope=declared.slope,
        repeats=declared.repeats,
        budget_ns=declared.budget_ns,
        families=families,
    )


def _check_growth(family: GateFamily, sizes: tuple[int, ...], file: str, line: int) -> None:
    """Raises SpecError when no argument grows: none is at least twice as long, or as large a number, in the end."""
    first, last = (_extents(case) for case in (family.cases[0], family.cases[-1]))
    if any(extent >= MIN_GROWTH * first[name] for name, extent in last.items()):
        return
    longest = max(last, key=lambda name: last[name], default="")
    found = f"{longest!r} went from {first[longest]:g} to {last[longest]:g}" if longest else "no arguments"
    message = f"expected an argument that grows from size {sizes[0]} to {sizes[-1]}, found none: {found}"
    raise SpecError(
        f"{_AT}: family {family.name!r}: {message}; does the generator use {_AT}'s scale?", file=file, line=line
    )


def _extents(case: TestCase) -> dict[str, float]:
    """By argument: the number of bytes that it takes, or how large a number is, at least 1."""
    arguments: Any = wire.decode(case.arguments)
    return {name: max(1, _extent(value)) for name, value in arguments.items()}


def _extent(value: Any) -> float:
    return abs(value) if type(value) in (int, float) else len(wire.encode(value))


def calls(declared: DeclaredGate) -> Iterator[tuple[str, int, dict[str, Any], int]]:
    """Yields the generator's calls: the input's name, the seed, the parameters, the line in ``judge.yaml``."""
    for family in declared.families:
        for index, size in enumerate(declared.sizes):
            scaled = {name: round(factor * size) for name, factor in family.scale.items()}
            yield f"{_AT}/{family.name}-{size}", family.seed + index, family.params | scaled, family.line


# --- sizes --------------------------------------------------------------------------------------------------------


def _sizes(document: Document, given: list[int] | GridKeys) -> tuple[int, ...]:
    if isinstance(given, GridKeys):
        _in_range(document, given.first, 1, MAX_SIZE, "sizes", "from")
        _in_range(document, given.last, 1, MAX_SIZE, "sizes", "to")
        _in_range(document, given.points, MIN_SIZES, MAX_SIZES, "sizes", "points")
        sizes = _grid(given.first, given.last, given.points)
    else:
        sizes = given
        _in_range(document, len(sizes), MIN_SIZES, MAX_SIZES, "sizes", what="sizes")
        for at, size in enumerate(sizes):
            _in_range(document, size, 1, MAX_SIZE, "sizes", at)
    if any(later <= earlier for earlier, later in pairwise(sizes)):
        raise document.error(f"{_AT}.sizes: expected sizes that ascend, found {sizes}", _AT, "sizes")
    if sizes[-1] < MIN_SPAN * sizes[0]:
        message = f"expected the largest to be at least {MIN_SPAN} times the smallest, found {sizes[0]} to {sizes[-1]}"
        raise document.error(f"{_AT}.sizes: {message}", _AT, "sizes")
    return tuple(sizes)


def _grid(first: int, last: int, points: int) -> list[int]:
    ratio = last / first
    inner = [round(first * math.pow(ratio, at / (points - 1))) for at in range(1, points - 1)]
    return [first, *inner, last]


# --- families -----------------------------------------------------------------------------------------------------


def _families(document: Document, given: list[FamilyKeys]) -> Iterator[ScaledFamily]:
    seen: set[str] = set()
    for at, family in enumerate(given):
        if not _NAME.match(family.name):
            message = f"expected lower-case words joined by hyphens, found {family.name!r}"
            raise _error(document, message, "families", at, "name")
        if family.name in seen:
            raise _error(document, f"the name {family.name!r} stands twice", "families", at, "name")
        seen.add(family.name)
        _in_range(document, family.seed, 0, 2**63 - 1 - MAX_SIZES, "families", at, "seed")
        _check_params(document, family, at)
        yield ScaledFamily(
            name=family.name,
            seed=family.seed,
            params=family.params,
            scale={name: _factor(document, factor, at, name) for name, factor in family.scale.items()},
            line=document.line(_AT, "families", at),
        )


def _check_params(document: Document, family: FamilyKeys, at: int) -> None:
    if not family.scale:
        raise _error(document, "expected a parameter that grows with the size, found none", "families", at, "scale")
    for name, value in family.params.items():
        if name in family.scale:
            raise _error(document, f"the parameter {name!r} is also in scale", "families", at, "params", name)
        try:
            wire.encode(value)
        except (TypeError, ValueError) as error:
            raise _error(document, str(error), "families", at, "params", name) from None


def _factor(document: Document, given: int | float | str, at: int, name: str) -> Fraction:
    """A number is meant as it is written: 0.1 is one tenth."""
    try:
        factor = Fraction(str(given))
    except (ValueError, ZeroDivisionError):
        factor = Fraction(0)
    if factor <= 0:
        message = f"expected a positive number or a fraction such as '1/8', found {given!r}"
        raise _error(document, message, "families", at, "scale", name)
    return factor


# --- the rest -----------------------------------------------------------------------------------------------------


def _budget(document: Document, given: ComplexityKeys, limits: Limits) -> int:
    if given.budget is None:
        return BUDGET_CALLS * limits.cpu_ns
    try:
        budget = parse_duration_ns(given.budget)
    except ValueError as error:
        raise _error(document, str(error), "budget") from None
    if budget < limits.cpu_ns:
        message = f"expected at least the CPU limit of one call, {limits.cpu_ns} ns, found {given.budget!r}"
        raise _error(document, message, "budget")
    return budget


def _in_range(document: Document, value: float, low: float, high: float, *path: Step, what: str = "") -> None:
    if not low <= value <= high or value == 0:
        expected = f"{low or 'above 0'} to {high} {what}".rstrip()
        raise _error(document, f"expected {expected}, found {value}", *path)


def _error(document: Document, message: str, *path: Step) -> SpecError:
    return document.error(f"{'.'.join(map(str, (_AT, *path)))}: {message}", _AT, *path)
