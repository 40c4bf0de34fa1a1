"""Relations: how a transformed copy of a test's arguments must change the answer.

A relation is data: a kind, what it does to which parameters, and what becomes of the answer.

- ``permute``: the elements of some parameters come in another order, drawn from a secret stream, and so do, in the
  answer, elements (``rows``), indices of them (``values``), both, or rows and columns of a ``matrix``
  (``judge.checkers.evidence.permutations``); ``reverse``: the same with the reverse order;
- ``shift``: k times ``by`` is added to the numbers of a parameter, with a k for each, and for the answer;
- ``scale``: they are multiplied by ``by`` to the power k, with a k for each, and for the answer;
- ``append``: some parameters get one more element, like their last but filled with one number; the answer is the same,
  or has one more element at the end, which is dropped.

``back`` turns the answer to the copy into what the original's answer must be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.checkers.evidence.limits import check_number, check_takes
from judge.checkers.evidence.numbers import changed, numbers_changed
from judge.checkers.evidence.permutations import PLACES, Order
from judge.checkers.structure import DifferenceError, parts
from judge.checkers.tolerances import check_choice
from judge.model.conform import brief
from judge.model.signature import Signature
from judge.model.verdict import Reason
from judge.stats.streams import Stream

KEYS = ("kind", "parameters", "answer", "by")


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """Transformed arguments, and the way back."""

    changes: Mapping[str, Any]
    back: Callable[[Any], Any]  # raises DifferenceError when the answer has no such form


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """One relation, checked."""

    kind: str
    parameters: Mapping[str, Any]  # by name: what is done to it
    answer: Any  # what becomes of the answer
    by: float | int | None = None  # of shift and scale

    @classmethod
    def of(cls, written: Any) -> Relation:
        """Returns the relation that a mapping writes. Raises ValueError with the key, the expected and the found."""
        if not isinstance(written, Mapping) or not {"kind", "parameters"} <= set(written) <= set(KEYS):
            raise ValueError(f"relation: expected a mapping of {', '.join(KEYS)}, found {brief(written)}")
        kind, parameters = written["kind"], written["parameters"]
        check_choice("kind", kind, tuple(_CHECKS))
        if not isinstance(parameters, Mapping) or not parameters:
            raise ValueError(f"{kind}: parameters: expected what to do by name, found {brief(parameters)}")
        default = 0 if kind in ("shift", "scale") else "same"
        relation = cls(
            kind=kind, parameters=dict(parameters), answer=written.get("answer", default), by=written.get("by")
        )
        _CHECKS[kind](relation)
        return relation

    def __str__(self) -> str:
        """The relation in words: ``scale x, tau``."""
        return f"{self.kind} {', '.join(self.parameters)}"

    def copy(self, arguments: Mapping[str, Any], stream: Stream) -> Copy:
        """Returns the transformed arguments. Raises ValueError naming the parameter that cannot be transformed."""
        return _COPIES[self.kind](self, arguments, stream)


def read_relations(written: Any) -> list[Relation]:
    """Returns the relations of a checker's parameter. Raises ValueError."""
    if not isinstance(written, (list, tuple)) or not written:
        raise ValueError(f"relations: expected a list of at least one relation, found {brief(written)}")
    return [Relation.of(one) for one in written]


def check_relations(relations: list[Relation], signature: Signature) -> None:
    """Raises ValueError unless the function has the relations' parameters, and answers that can be taken back."""
    for relation in relations:
        for name in relation.parameters:
            check_takes(signature, name)
        mapping = next((part for part in parts(signature.returns) if part.name == "dict"), None)
        if relation.answer not in ("same", 0) and mapping is not None:
            raise ValueError(f"{relation.kind}: answer: expected lists, tuples, arrays and numbers, found {mapping}")


def _check_order(relation: Relation) -> None:
    for name, place in relation.parameters.items():
        check_choice(f"{relation.kind}: {name}", place, PLACES)
    if set(relation.parameters.values()) == {"values"}:
        raise ValueError(f"{relation.kind}: parameters: expected one that is not 'values', whose elements are ordered")
    check_choice(f"{relation.kind}: answer", relation.answer, ("same", *PLACES))
    _check_by_absent(relation)


def _check_by_absent(relation: Relation) -> None:
    if relation.by is not None:
        raise ValueError(f"{relation.kind}: expected no key 'by', found {brief(relation.by)}")


def _check_numbers(relation: Relation) -> None:
    for name, multiple in relation.parameters.items():
        check_number(f"{relation.kind}: {name}", multiple)
    check_number(f"{relation.kind}: answer", relation.answer)
    check_number(f"{relation.kind}: by", relation.by)
    if relation.kind == "scale" and not (relation.by or 0) > 0:
        raise ValueError(f"scale: by: expected a number above 0, found {brief(relation.by)}")


def _check_append(relation: Relation) -> None:
    for name, fill in relation.parameters.items():
        check_number(f"append: {name}", fill)
    check_choice("append: answer", relation.answer, ("same", "drop"))
    _check_by_absent(relation)


def _ordered(relation: Relation, arguments: Mapping[str, Any], stream: Stream) -> Copy:
    sizes = {name: _length(name, arguments[name]) for name, how in relation.parameters.items() if how != "values"}
    if len(set(sizes.values())) != 1:
        raise ValueError(f"{relation.kind}: expected parameters of one length, found {brief(list(sizes.items()))}")
    (size,) = set(sizes.values())
    order = Order(stream.order(size) if relation.kind == "permute" else np.arange(size)[::-1])
    changes = {}
    for name, how in relation.parameters.items():
        try:
            changes[name] = order.forward(arguments[name], how)
        except DifferenceError as difference:
            raise ValueError(f"{relation.kind}: parameter {name!r}: {difference}") from None
    how = relation.answer
    return Copy(changes=changes, back=_same if how == "same" else lambda answer: order.backward(answer, how))


def _moved(relation: Relation, arguments: Mapping[str, Any], stream: Stream) -> Copy:
    changes = {name: changed(name, arguments[name], _change(relation, k)) for name, k in relation.parameters.items()}
    inverse = _change(relation, -relation.answer)
    return Copy(changes=changes, back=(lambda answer: numbers_changed(answer, inverse)) if relation.answer else _same)


def _change(relation: Relation, k: float) -> Callable[[Any], Any]:
    by = relation.by or 0
    return (lambda number: number + k * by) if relation.kind == "shift" else (lambda number: number * by**k)


def _appended(relation: Relation, arguments: Mapping[str, Any], stream: Stream) -> Copy:
    changes = {name: _longer(name, arguments[name], fill) for name, fill in relation.parameters.items()}
    return Copy(changes=changes, back=_without_last if relation.answer == "drop" else _same)


def _longer(name: str, elements: Any, fill: float) -> Any:
    _length(name, elements)
    last = changed(name, elements[-1:], lambda number: number * 0 + fill)
    return np.concatenate([elements, last]) if isinstance(elements, np.ndarray) else elements + last


def _without_last(answer: Any) -> Any:
    if not isinstance(answer, (list, tuple, np.ndarray)) or not len(answer):
        raise DifferenceError(Reason.WRONG_SHAPE, "expected one element more, found none")
    return answer[:-1]


def _same(answer: Any) -> Any:
    return answer


def _length(name: str, value: Any) -> int:
    if not isinstance(value, (list, tuple, np.ndarray)) or not len(value):
        raise ValueError(f"parameter {name!r}: expected a list or an array with elements, found {brief(value)}")
    return len(value)


_CHECKS: dict[str, Callable[[Relation], None]] = {
    "permute": _check_order,
    "reverse": _check_order,
    "shift": _check_numbers,
    "scale": _check_numbers,
    "append": _check_append,
}
_COPIES: dict[str, Callable[[Relation, Mapping[str, Any], Stream], Copy]] = {
    "permute": _ordered,
    "reverse": _ordered,
    "shift": _moved,
    "scale": _moved,
    "append": _appended,
}
