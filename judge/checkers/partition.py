"""The checker ``partition``: the expected groups, whatever they are called and in whatever order they stand.

The answer is a label for each element (``[7, 7, 2]`` is ``[0, 0, 1]``), or a list of groups, each a list of elements.
Labels are compared with the label of the first element of the expected group, and then the labels of these firsts with
each other: two passes and one sort.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from judge.checkers.certificates import as_list, item_type, judged, require, require_length
from judge.checkers.contract import CaseFacts
from judge.checkers.graphs import LABELS, Vertices, check_distinct
from judge.checkers.structure import DifferenceError
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.signature import Signature
from judge.model.type_expr import TypeExpr
from judge.model.verdict import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Partition:
    """Accepts the expected partition and nothing else."""

    name: ClassVar[str] = "partition"

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The return type; raises ValueError when it is neither labels nor groups of int or str."""
        kind = signature.returns
        groups = kind.name == "list" and item_type(kind.arguments[0]) in LABELS
        if item_type(kind) not in LABELS and not groups:
            raise ValueError(f"expected a list of labels or a list of groups, of int or str, found {kind}")
        return kind

    def check_key(self, case: CaseFacts) -> None:
        """Raises ValueError when an expected group is empty or an element is in two."""
        if not _has_groups(case.expected):
            return
        seen: set[Any] = set()
        for at, group in enumerate(map(as_list, case.expected)):
            if not group:
                raise ValueError(f"expected[{at}] is an empty group")
            again = next((element for element in group if element in seen or seen.add(element)), None)  # type: ignore[func-returns-value]
            if again is not None:
                raise ValueError(f"expected[{at}] holds {brief(again)}, which is there already")

    def check(self, case: CaseFacts, answer: Any) -> Judgement:
        """Judges ``answer``: wrong_shape, not_valid (no partition of the elements), wrong_value or accepted."""
        if not _has_groups(case.expected) and not _has_groups(answer):
            return judged(lambda: _verify_labels(as_list(case.expected), answer))
        return judged(lambda: _verify_groups(list(map(as_list, case.expected)), list(map(as_list, answer))))


def _has_groups(value: Any) -> bool:
    """Whether a value, of labels or of groups, is of groups: an empty one is of both."""
    return len(value) > 0 and hasattr(value[0], "__len__") and not isinstance(value[0], str)


def _verify_labels(expected: Sequence[Any], answer: Any) -> Judgement:
    require_length(answer, len(expected), "a label for each element")
    labels = as_list(answer)
    firsts: dict[Any, int] = {}
    for at, group in enumerate(expected):
        first = firsts.setdefault(group, at)
        if labels[at] != labels[first]:
            message = f"answer[{at}] and answer[{first}] differ, but the two belong together"
            raise DifferenceError(Reason.WRONG_VALUE, message)
    for first, second in pairwise(sorted(firsts.values(), key=labels.__getitem__)):
        if labels[first] == labels[second]:
            message = f"answer[{first}] and answer[{second}] are equal, but the two do not belong together"
            raise DifferenceError(Reason.WRONG_VALUE, message)
    return Judgement(accepted=True, evidence={"groups": len(firsts)})


def _verify_groups(expected: list[Sequence[Any]], answer: list[Sequence[Any]]) -> Judgement:
    group_of = [group for group, elements in enumerate(expected) for _ in elements]
    places = {element: at for at, element in enumerate(element for elements in expected for element in elements)}
    sizes = sum(map(len, answer))
    require_length(range(sizes), len(places), "the number of elements in all groups together")
    where = [f"[{group}][{at}]" for group, elements in enumerate(answer) for at in range(len(elements))]
    labels = [element for elements in answer for element in elements]
    numbers = Vertices(count=len(places), places=places).numbers(labels, lambda at: f"answer{where[at]}")
    check_distinct(numbers, len(places), lambda at: f"answer{where[at]}", labels)
    at = 0
    for index, elements in enumerate(answer):
        require(len(elements) > 0, f"answer[{index}] is an empty group")
        owners = [group_of[number] for number in numbers[at : at + len(elements)]]
        at += len(elements)
        wrong = next((position for position, owner in enumerate(owners) if owner != owners[0]), None)
        if wrong is not None:
            message = f"answer[{index}] holds {brief(elements[0], 60)} and {brief(elements[wrong], 60)}"
            raise DifferenceError(Reason.WRONG_VALUE, f"{message}, which do not belong together")
        if len(owners) < len(expected[owners[0]]):
            raise DifferenceError(Reason.WRONG_VALUE, f"answer[{index}] does not hold all that belong together")
    return Judgement(accepted=True, evidence={"groups": len(expected)})
