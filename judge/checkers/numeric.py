"""The judging of answers that hold floating-point numbers: shared by the checkers ``float`` and ``array``.

Four steps, in this order; the first that fails decides:

1. structure: types, lengths, keys, shapes and dtypes (``structure.align``); nothing is broadcast;
2. everything that is not floating point (bools, integers of any size, strings, integer arrays) is compared by ``==``
   and never goes through a float;
3. class: NaN matches NaN and an infinity the infinity of its sign, and only where the checker declares ``match``; masks
   decide, no arithmetic is done with these;
4. size: what is finite on both sides is measured by one rule of ``tolerances``, all elements at once.

The judgement carries the largest margin and, as evidence, where it was and the errors there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.checkers.contract import CaseFacts
from judge.checkers.structure import (
    ARRAYS,
    DISCRETE,
    PLAIN,
    DifferenceError,
    Level,
    align,
    check_equal,
    check_equal_arrays,
    element_path,
)
from judge.checkers.tolerances import Numbers, Tolerance, check_choice, errors
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.verdict import Reason

_FLOATS = frozenset({float})
POLICIES = ("refuse", "match")


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberRule:
    """What both checkers compare by."""

    tolerance: Tolerance
    nan: str  # refuse: a NaN in the expected value is an error of the author's; match: it stands for itself
    inf: str  # the same for infinities

    def __post_init__(self) -> None:
        check_choice("nan", self.nan, POLICIES)
        check_choice("inf", self.inf, POLICIES)

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when the expected value holds an undeclared NaN or infinity, or would not accept itself."""
        for block in _blocks(_aligned(case)):
            for name, mask in (("nan", np.isnan(block.wanted)), ("inf", np.isinf(block.wanted))):
                if getattr(self, name) == "refuse" and mask.any():
                    where = block.path(int(np.argmax(mask)), "expected")
                    raise ValueError(f"{where} is {name}: expected a finite number, or '{name}: match' in the checker")
        judgement = self.judge(case.expected, case.expected)
        if not judgement.accepted:
            raise ValueError(f"the expected value is not accepted as an answer: {judgement.message}")

    def judge(self, answer: Any, expected: Any) -> Judgement:
        """Judges ``answer`` against ``expected``, values of one signature type."""
        try:
            levels = align(answer, expected)
            for level in levels:
                check_equal(level, PLAIN)
                check_equal_arrays(level, DISCRETE)
            return self._summary([(block, self._margins(block)) for block in _blocks(levels)])
        except DifferenceError as difference:
            return difference.judgement

    def _margins(self, block: _Block) -> Numbers:
        finite = np.isfinite(block.found) & np.isfinite(block.wanted)
        if finite.all():
            return self.tolerance.margins(block.found, block.wanted)
        self._check_classes(block, finite)
        zero = block.wanted.dtype.type(0)
        return self.tolerance.margins(np.where(finite, block.found, zero), np.where(finite, block.wanted, zero))

    def _check_classes(self, block: _Block, finite: Numbers) -> None:
        matching = np.zeros(finite.shape, bool)
        if self.nan == "match":
            matching |= np.isnan(block.found) & np.isnan(block.wanted)
        if self.inf == "match":
            matching |= np.isinf(block.wanted) & (block.found == block.wanted)
        wrong = ~(finite | matching)
        if wrong.any():
            at = int(np.argmax(wrong))
            reason = Reason.NOT_FINITE if np.isfinite(block.wanted.flat[at]) else Reason.WRONG_VALUE
            found = brief(block.found.flat[at].item())
            rest = "where a finite number is expected" if reason is Reason.NOT_FINITE else "which is not as expected"
            raise DifferenceError(reason, f"{block.path(at)} is {found}, {rest}")

    def _summary(self, measured: list[tuple[_Block, Numbers]]) -> Judgement:
        compared = sum(margins.size for _, margins in measured)
        if not compared:
            return Judgement(accepted=True, margin=0.0, evidence={"compared": 0})
        block, margins = max((pair for pair in measured if pair[1].size), key=lambda pair: float(pair[1].max()))
        at = int(np.argmax(margins))
        margin = float(margins.flat[at])
        if margin == 0:
            return Judgement(accepted=True, margin=0.0, evidence={"compared": compared})
        outside = sum(int((part > 1).sum()) for _, part in measured)
        evidence = {"compared": compared, "outside": outside, "worst": block.path(at), **block.errors(at)}
        if not outside:
            return Judgement(accepted=True, margin=margin, evidence=evidence)
        message = f"{block.path(at)} is {brief(block.found.flat[at].item())}: outside the tolerance ({self.tolerance})"
        if outside > 1:
            message += f", as are {outside} of {compared} numbers in all"
        return Judgement(accepted=False, reason=Reason.WRONG_VALUE, message=message, margin=margin, evidence=evidence)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """Numbers that are measured together: one array, or all plain floats of one nesting depth."""

    found: Numbers
    wanted: Numbers  # same shape and dtype
    level: Level
    positions: Sequence[int]  # in the level: of the array, or of each float
    is_array: bool

    def path(self, flat: int, root: str = "answer") -> str:
        if not self.is_array:
            return self.level.path(self.positions[flat], root)
        return element_path(self.level.path(self.positions[0], root), flat, self.wanted.shape)

    def errors(self, flat: int) -> dict[str, Any]:
        return errors(np.asarray(self.found.flat[flat]), np.asarray(self.wanted.flat[flat]))


def _aligned(case: CaseFacts) -> list[Level]:
    try:
        return align(case.expected, case.expected)
    except DifferenceError as difference:
        raise ValueError(f"the expected value is not accepted as an answer: {difference}") from None


def _blocks(levels: list[Level]) -> list[_Block]:
    return [block for level in levels for block in (*_floats(level), *_arrays(level))]


def _floats(level: Level) -> list[_Block]:
    positions, found, wanted = level.leaves(_FLOATS)
    if not positions:
        return []
    numbers, references = np.array(found, np.float64), np.array(wanted, np.float64)
    return [_Block(found=numbers, wanted=references, level=level, positions=positions, is_array=False)]


def _arrays(level: Level) -> list[_Block]:
    return [
        _Block(found=found, wanted=wanted, level=level, positions=[position], is_array=True)
        for position, found, wanted in zip(*level.leaves(ARRAYS), strict=True)
        if wanted.dtype.kind in "fc"
    ]
