"""A bandit environment, and series of a policy against it as a runner of oracles plays them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from judge.checkers.contract import CaseFacts, SeriesAnswer
from judge.checkers.regret import Regret
from judge.model.run import OracleRecord
from tests.unit.checkers.series_driver import Played

Policy = Callable[..., Any]


class Bandit:
    """Arms with rewards of 0 or 1; arm 3 is the best."""

    def __init__(self, rng: random.Random, *, arms: int, best: float, others: float) -> None:
        self._rng = rng
        self._odds = [best if arm == 3 else others for arm in range(arms)]
        self.pulls = 0
        self.regret = 0.0

    def pull(self, arm: int) -> int:
        """Returns a reward."""
        self.pulls += 1
        self.regret += max(self._odds) - self._odds[arm]
        return int(self._rng.random() < self._odds[arm])


def play_bandit(checker: Regret, case: CaseFacts, policy: Policy, *, best: float, others: float) -> Played:
    """Plays one series; the case's arguments are those of ``policy`` after the oracle."""
    series = checker.open(case, bytes(32))
    rng, calls = random.Random(1), []
    while (call := series.next_call()) is not None:
        bandit = Bandit(rng, arms=case.arguments["arms"], best=best, others=others)
        value = policy(bandit.pull, **case.arguments, **call.changes)
        record = OracleRecord(calls={checker.oracle: bandit.pulls}, result={"regret": bandit.regret})
        series.observe(call, SeriesAnswer(value=value, audit=None, oracle=record))
        calls.append(call)
    return Played(judgement=series.judgement(), calls=tuple(calls))
