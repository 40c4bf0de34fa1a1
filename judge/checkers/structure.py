"""Two values of one type, side by side, one nesting depth at a time.

``align`` descends through lists, tuples and mappings. All elements of one depth are held in two flat lists and
compared at once, so a list of a million pairs costs a few passes instead of a million calls, and no depth can exhaust
the stack. Structure comes first: types, lengths, keys and array shapes of all depths are compared before any value is.
Within one depth the order is from left to right. A difference is raised as ``DifferenceError``; its message names the
place and what the candidate gave there, and nothing of what was expected.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from operator import eq
from typing import Any

import numpy as np

from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason

PLAIN: frozenset[type] = frozenset({bool, int, str, bytes, type(None)})
CONTAINERS: frozenset[type] = frozenset({list, tuple, dict})
ARRAYS: frozenset[type] = frozenset({np.ndarray})
DISCRETE = "biu"  # NumPy's kinds of arrays that are compared exactly


class DifferenceError(Exception):
    """The answer differs from the expected value in a way that no tolerance covers."""

    def __init__(self, reason: Reason, message: str) -> None:
        self.judgement = Judgement(accepted=False, reason=reason, message=message)
        super().__init__(message)


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """All elements of one nesting depth, in order, from both values."""

    found: list[Any]  # of the answer
    wanted: list[Any]  # of the expected value, position by position
    kinds: list[type]  # of the elements of ``wanted``
    distinct: frozenset[type]  # the same, each once
    parent: Level | None  # the depth above; None at the outermost
    holders: Sequence[int]  # positions in the parent of the containers whose elements these are
    ends: list[int]  # for each holder, where its elements end

    def path(self, position: int, root: str = "answer") -> str:
        """Where the element at ``position`` stands: ``answer[3][1]``."""
        indices: list[str] = []
        level = self
        while level.parent is not None:
            at = bisect_right(level.ends, position)
            index: Any = position - (level.ends[at - 1] if at else 0)
            level, position = level.parent, level.holders[at]
            container = level.wanted[position]
            indices.append(f"[{brief(list(container)[index] if type(container) is dict else index, 30)}]")
        return root + "".join(reversed(indices))

    def leaves(self, kinds: frozenset[type]) -> tuple[Sequence[int], list[Any], list[Any]]:
        """Returns the positions of the elements whose type is in ``kinds``, and these elements of both values."""
        if kinds.issuperset(self.distinct):
            return range(len(self.wanted)), self.found, self.wanted
        if kinds.isdisjoint(self.distinct):
            return (), [], []
        positions = [position for position, kind in enumerate(self.kinds) if kind in kinds]
        return positions, [self.found[at] for at in positions], [self.wanted[at] for at in positions]


def align(answer: Any, expected: Any) -> list[Level]:
    """Returns the depths of two values of equal structure, the outermost first. Raises DifferenceError."""
    levels: list[Level] = []
    level: Level | None = _level([answer], [expected])
    while level is not None:
        _check_types(level)
        _check_shapes(level)
        levels.append(level)
        level = _below(level)
    return levels


def check_equal(level: Level, kinds: frozenset[type]) -> None:
    """Raises DifferenceError when elements of the types ``kinds`` (no containers) are not equal by ``==``."""
    positions, found, wanted = level.leaves(kinds)
    if all(map(eq, found, wanted)):
        return
    at = next(index for index, pair in enumerate(zip(found, wanted, strict=True)) if pair[0] != pair[1])
    raise _wrong_value(level.path(positions[at]), found[at])


def check_equal_arrays(level: Level, dtype_kinds: str) -> None:
    """Raises DifferenceError when arrays whose NumPy kind is in ``dtype_kinds`` are not equal element by element."""
    for position, found, wanted in zip(*level.leaves(ARRAYS), strict=True):
        if wanted.dtype.kind not in dtype_kinds:
            continue
        unequal = np.asarray(found != wanted)
        if unequal.any():
            at = int(np.argmax(unequal))
            raise _wrong_value(element_path(level.path(position), at, wanted.shape), found.flat[at].item())


def element_path(path: str, flat: int, shape: tuple[int, ...]) -> str:
    """Where an array's element stands: ``answer[3, 1]``; ``flat`` is its position in C order."""
    index = ", ".join(map(str, np.unravel_index(flat, shape)))
    return f"{path}[{index}]" if index else path


def parts(expression: TypeExpr) -> Iterator[TypeExpr]:
    """Yields a type and every type inside it."""
    yield expression
    for argument in expression.arguments:
        yield from parts(argument)


def check_key_types(expression: TypeExpr, allowed: frozenset[str]) -> None:
    """Raises ValueError when a mapping's keys are anything but tuples and Optionals of the scalars ``allowed``."""
    for mapping in parts(expression):
        if mapping.name != "dict":
            continue
        for part in parts(mapping.arguments[0]):
            if part.name not in allowed | {"tuple", "Optional"}:
                raise ValueError(f"expected keys of {', '.join(sorted(allowed))} or tuples of these, found {mapping}")


def _level(
    found: list[Any],
    wanted: list[Any],
    parent: Level | None = None,
    holders: Sequence[int] = (),
    ends: Sequence[int] = (),
) -> Level:
    kinds = list(map(type, wanted))
    return Level(
        found=found,
        wanted=wanted,
        kinds=kinds,
        distinct=frozenset(kinds),
        parent=parent,
        holders=holders,
        ends=list(ends),
    )


def _below(level: Level) -> Level | None:
    holders, found, wanted = level.leaves(CONTAINERS)
    if not holders:
        return None
    lengths = list(map(len, wanted))
    _check_lengths(level, holders, found, lengths)
    if dict in level.distinct:
        _check_keys(level, holders, found, wanted)
        found = [[f[key] for key in w] if type(w) is dict else f for f, w in zip(found, wanted, strict=True)]
        wanted = [list(w.values()) if type(w) is dict else w for w in wanted]
    flat_found, flat_wanted = (list(chain.from_iterable(side)) for side in (found, wanted))
    return _level(flat_found, flat_wanted, level, holders, list(accumulate(lengths)))


def _check_types(level: Level) -> None:
    kinds = list(map(type, level.found))
    if kinds == level.kinds:
        return
    at = next(position for position, kind in enumerate(kinds) if kind is not level.kinds[position])
    if type(None) in (kinds[at], level.kinds[at]):
        raise _wrong_value(level.path(at), level.found[at])
    raise DifferenceError(Reason.WRONG_TYPE, f"{level.path(at)}: the type {kinds[at].__name__} is not the expected one")


def _check_shapes(level: Level) -> None:
    for position, found, wanted in zip(*level.leaves(ARRAYS), strict=True):
        if found.dtype != wanted.dtype:
            message = f"{level.path(position)}: the dtype {found.dtype} is not the expected one"
            raise DifferenceError(Reason.WRONG_TYPE, message)
        if found.shape != wanted.shape:
            message = f"{level.path(position)}: the shape {found.shape} is not the right one"
            raise DifferenceError(Reason.WRONG_SHAPE, message)


def _check_lengths(level: Level, holders: Sequence[int], found: list[Any], wanted: list[int]) -> None:
    lengths = list(map(len, found))
    if lengths == wanted:
        return
    at = next(index for index, length in enumerate(lengths) if length != wanted[index])
    message = f"{level.path(holders[at])}: the length {lengths[at]} is not the right one"
    raise DifferenceError(Reason.WRONG_SHAPE, message)


def _check_keys(level: Level, holders: Sequence[int], found: list[Any], wanted: list[Any]) -> None:
    for holder, given, keys in zip(holders, found, wanted, strict=True):
        if type(keys) is dict and not _same_keys(given, keys):
            extra = [key for key in given if key not in keys or _holds_nan(key)]
            which = f"the key {brief(extra[0], 60)}" if extra else "a key's type"
            raise DifferenceError(Reason.WRONG_VALUE, f"{level.path(holder)}: {which} is not an expected one")


def _same_keys(found: dict[Any, Any], wanted: dict[Any, Any]) -> bool:
    if found.keys() != wanted.keys() or set(map(type, found)) != set(map(type, wanted)):
        return False
    return not any(map(_holds_nan, found))


def _holds_nan(key: Any) -> bool:
    return any(map(_holds_nan, key)) if isinstance(key, tuple) else bool(key != key)


def _wrong_value(path: str, value: Any) -> DifferenceError:
    return DifferenceError(Reason.WRONG_VALUE, f"{path} is {brief(value)}, which is not the expected value")
