"""Why the evidence rejected answers that are seen as PITs: a wrong law of single answers, or dependence between calls.

It explains a rejection and never makes one. Answers that come again too often are put down to few seeds, unless the
different answers among them show a wrong law when each is counted once, or one answer makes up most of the
recurrences: it is too frequent, which is a wrong distribution. Where the law itself has hardly more answers than there
were calls (the orders of three items), they come again whatever the seeds are: that is a wrong distribution as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

import numpy as np

from judge.checkers.evidence.subject import Finding
from judge.checkers.evidence.words import known_mistakes
from judge.model.verdict import Reason
from judge.stats.arrays import Ints
from judge.stats.attribution import CLEAR, Cause
from judge.stats.eprocess import EProcess
from judge.stats.law import Block

_BETWEEN = {"lags": Cause.SUCCESSIVE_SEEDS, "lag_grid": Cause.SUCCESSIVE_SEEDS}


def cause_of(block: Block, answers: Ints, members: Mapping[str, float], evidence: Callable[[], EProcess]) -> Cause:
    """Returns the cause that ``block`` shows; ``answers`` is what is seen of it, (calls, columns).

    ``members`` are logarithms of capitals at the rejection; ``evidence`` gives a fresh e-process for the same law."""
    distinct, first, counts = np.unique(answers, axis=0, return_index=True, return_counts=True)
    if len(answers) > 1 and len(distinct) == 1:
        return Cause.SAME_ANSWER
    again = int(counts.sum()) - len(counts)
    few = members["repeats"] >= CLEAR and 2 * (int(counts.max()) - 1) <= again
    if few and _possible(block) > len(answers):
        wrong = _largest_but_repeats(evidence(), _taken(block, np.sort(first))) >= CLEAR
        return Cause.DISTRIBUTION if wrong else Cause.FEW_ANSWERS
    largest = max(members, key=lambda name: members[name])
    return _BETWEEN.get(largest, Cause.DISTRIBUTION) if members[largest] > 0 else Cause.DISTRIBUTION


def _largest_but_repeats(process: EProcess, block: Block) -> float:
    process.observe(block)
    return max(log for name, log in process.members_at(len(block)).items() if name != "repeats")


def _possible(block: Block) -> float:
    """How many equally probable answers would be as surprising as those of ``block`` are under the law."""
    return float(np.exp(min(-block.log_p.sum(axis=1).mean(), 300.0)))


def _taken(block: Block, calls: Ints) -> Block:
    return Block(**{field.name: getattr(block, field.name)[calls] for field in fields(Block)})


def finding(cause: Cause, answers: Ints, members: Mapping[str, float], *, wrong_law: str) -> Finding:
    """Returns the words for a cause; ``wrong_law`` is the sentence for a wrong distribution.

    ``members`` are decimal logarithms of capitals, which tell known mistakes."""
    calls = len(answers)
    message = {
        Cause.DISTRIBUTION: wrong_law + known_mistakes(members),
        Cause.SAME_ANSWER: f"{calls} different seeds all gave the same answer",
        Cause.FEW_ANSWERS: f"{calls} different seeds gave {len(np.unique(answers, axis=0))} different answers, "
        "fewer than were expected",
        Cause.ROWS: "the draws of one call are not independent of each other",
        Cause.SUCCESSIVE_SEEDS: "the answers to consecutive seeds are not independent of each other",
    }[cause]
    reason = Reason.WRONG_DISTRIBUTION if cause is Cause.DISTRIBUTION else Reason.DEPENDENT_DRAWS
    return Finding(reason=reason, cause=cause.value, message=message)
