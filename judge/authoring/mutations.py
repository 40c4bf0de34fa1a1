"""Right answers spoiled in one place, and how many of them the checker rejects, by kind of change."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from judge.authoring.answers import judge_answers, right_answers
from judge.authoring.package import Package
from judge.authoring.values import Change
from judge.model.digest import digest_of
from judge.model.verdict import Reason

TESTS = 16  # whose answers are spoiled: those with the smallest answers that can be
ROUNDS = 3  # of each change on each test, in other places
_MIN_BYTES = 2  # of an encoded answer worth spoiling
_MAX_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """What became of the answers that one kind of change made."""

    change: str
    made: int
    rejected: int
    survivor: str  # the test of the first one that was accepted; empty for none
    fault: str  # what the checker said when it failed; empty if it did not


def scores(package: Package, changes: Iterable[Change]) -> list[Score]:
    """The score of each change that applies to some answer; the same package gives the same scores."""
    cases = package.plan.cases
    order = sorted(range(len(cases)), key=lambda at: len(cases[at].expected))
    usable = [at for at in order if _MIN_BYTES <= len(cases[at].expected) <= _MAX_BYTES]
    right = right_answers(package, _spread(usable))
    asked, owners = [], []
    for change in changes:
        for at, value in right.items():
            for number in range(ROUNDS):
                rng = random.Random(digest_of([package.plan.digest, change.name, at, number]))
                made = change.apply(package.plan.signature.returns, value, rng)
                if made is not None:
                    asked.append((at, made))
                    owners.append(change.name)
    judgements = judge_answers(package, asked)
    rows = [(owner, at, judged) for owner, (at, _), judged in zip(owners, asked, judgements, strict=True)]
    found = []
    for name in dict.fromkeys(owners):
        own = [(at, judged) for owner, at, judged in rows if owner == name]
        faults = [judged.message for _, judged in own if judged.reason is Reason.CHECKER]
        survivors = [at for at, judged in own if judged.accepted]
        found.append(
            Score(
                change=name,
                made=len(own),
                rejected=len(own) - len(survivors),
                survivor=cases[survivors[0]].name if survivors else "",
                fault=faults[0] if faults else "",
            )
        )
    return found


def _spread(usable: list[int]) -> list[int]:
    """So many of the positions, from small answers to large ones, in the plan's order."""
    step = max(1, len(usable) // TESTS)
    return sorted(usable[::step][:TESTS])
