"""What no correct sampler ever does, whatever it draws: each check says which, and its sentence for the candidate."""

from __future__ import annotations

from dataclasses import dataclass
from operator import add

from judge.model.verdict import Reason
from judge.stats.law import RowLaw


@dataclass(frozen=True, kw_only=True, slots=True)
class Offence:
    """A reason, and the sentence for the candidate."""

    reason: Reason
    message: str


INPUT_MUTATED = Offence(reason=Reason.INPUT_MUTATED, message="the call changed its arguments")
GLOBAL_STATE_CHANGED = Offence(
    reason=Reason.GLOBAL_STATE_CHANGED,
    message="the call changed the state of a global random generator: "
    "expected draws from a generator of its own, made from the seed",
)


def shape_offence(answer: list[int], law: RowLaw) -> Offence | None:
    """Returns the offence of an answer with another number of indices than the law has rows."""
    if len(answer) == law.rows:
        return None
    message = f"expected {law.rows} indices, one for each row, found {len(answer)}"
    return Offence(reason=Reason.WRONG_SHAPE, message=message)


def range_offence(answer: list[int], law: RowLaw) -> Offence | None:
    """Returns the offence of an answer with an index that is no column of the law."""
    if min(answer) >= 0 and max(answer) < law.columns:
        return None
    row, index = next((row, index) for row, index in enumerate(answer) if not 0 <= index < law.columns)
    shown = str(index) if index.bit_length() <= 64 else f"an integer of {index.bit_length()} bits"
    message = f"answer[{row}]: expected an index from 0 to {law.columns - 1}, found {shown}"
    return Offence(reason=Reason.WRONG_SUPPORT, message=message)


def support_offence(answer: list[int], law: RowLaw) -> Offence | None:
    """Returns the offence of an answer of the right length and range with an index of probability 0."""
    if all(map(law.possible.__getitem__, map(add, answer, law.starts))):
        return None
    row = next(row for row, start in enumerate(law.starts) if not law.possible[start + answer[row]])
    message = f"answer[{row}]: expected an index of positive probability, found {answer[row]}, which row {row} excludes"
    return Offence(reason=Reason.WRONG_SUPPORT, message=message)


def repeat_offence(first: list[int], again: list[int], *, box: int) -> Offence | None:
    """Returns the offence of two different answers, of one length, to the same input and seed."""
    if first == again:
        return None
    row = next(row for row, index in enumerate(first) if index != again[row])
    where = "in another process" if box else "when called again"
    message = f"the same input and seed gave different answers: row {row} was {first[row]}, and {again[row]} {where}"
    return Offence(reason=Reason.NOT_REPRODUCIBLE, message=message)
