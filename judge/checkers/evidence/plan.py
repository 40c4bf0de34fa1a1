"""Which calls a series makes: draws with fresh seeds, repeats among them, and repeats in a second process.

Everything is a pure function of the secret and the case's name. The first repeat comes within the first eight
draws, the others anywhere, each of a seed chosen among those already used; the second process (box 1) comes last,
in an order of its own, so that it is opened once.
"""

from __future__ import annotations

from dataclasses import dataclass

from judge.stats.streams import Stream, derive_seeds

_EARLY = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One call: the number of its draw, and the process that makes it."""

    number: int  # position in ``CallPlan.seeds``
    box: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CallPlan:
    """The calls of one series, in order."""

    seeds: tuple[int, ...]  # one for each draw
    first: tuple[Step, ...]  # in box 0: every draw once, and repeats
    second: tuple[Step, ...]  # in box 1: repeats


def is_audited(step: Step, seen: int) -> bool:
    """Whether a call is audited, when ``seen`` draws have been made: it costs as much as a small call.

    The first calls are, every eighth, and every repeat: other global generators than at the first time must not change
    its answer.
    """
    return step.number < _EARLY or step.number % _EARLY == 0 or step.number < seen or step.box > 0


def plan_calls(secret: bytes, case: str, *, calls: int, repeats: int, run: int = 1) -> CallPlan:
    """Returns a plan of ``calls`` calls; ``repeats`` of them (at least 2) repeat a draw, half of those in box 1."""
    draws = calls - repeats
    stream = Stream(secret, f"{case}|plan")
    here = repeats - repeats // 2
    return CallPlan(
        seeds=tuple(derive_seeds(secret, case, draws, run)),
        first=tuple(_with_repeats(draws, here, stream)),
        second=tuple(Step(number=int(number), box=1) for number in stream.order(draws)[: repeats // 2]),
    )


def _with_repeats(draws: int, repeats: int, stream: Stream) -> list[Step]:
    after = [*stream.integers(min(_EARLY, draws), 1), *stream.integers(draws, repeats - 1)]
    steps = [(number, Step(number=number)) for number in range(draws)]
    steps += [(number, Step(number=stream.integers(number + 1, 1)[0])) for number in after]
    return [step for _, step in sorted(steps, key=lambda placed: placed[0])]
