"""Plays a Series against Python functions in this process, as a runner plays it against boxes.

``load`` stands for loading a submission: it is called once for each box and returns the entry point. Before an audited
call the global generators are reseeded; after it their states and the arguments are compared. The generators' states
are put back when the series ends.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from judge.checkers.contract import CaseFacts, SeriesAnswer, SeriesCall, SeriesChecker
from judge.model.report import Judgement
from judge.model.run import Audit

Function = Callable[..., Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """A series that has been played to its end."""

    judgement: Judgement
    calls: tuple[SeriesCall, ...]


def play(
    checker: SeriesChecker,
    case: CaseFacts,
    load: Callable[[], Function],
    *,
    secret: bytes = b"0123456789abcdef" * 2,
    audited: bool = True,
) -> Played:
    """Plays one series; without ``audited`` no audit is made (its answers have none)."""
    states = random.getstate(), np.random.get_state()
    try:
        return _play(checker, case, load, secret, audited)
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def _play(
    checker: SeriesChecker, case: CaseFacts, load: Callable[[], Function], secret: bytes, audited: bool
) -> Played:
    series = checker.open(case, secret)
    calls: list[SeriesCall] = []
    functions: dict[int, Function] = {}
    while (call := series.next_call()) is not None:
        if call.box not in functions:
            functions[call.box] = load()
        run = _audited if audited else _plain
        series.observe(call, run(functions[call.box], case, call))
        calls.append(call)
    return Played(judgement=series.judgement(), calls=tuple(calls))


def _plain(function: Function, case: CaseFacts, call: SeriesCall) -> SeriesAnswer:
    return SeriesAnswer(value=function(**case.arguments, **call.changes), audit=None)


def _audited(function: Function, case: CaseFacts, call: SeriesCall) -> SeriesAnswer:
    arguments = copy.deepcopy({**case.arguments, **call.changes})
    if call.audit_seed is not None:
        random.seed(call.audit_seed)
        np.random.seed(call.audit_seed)
    before = _global_states()
    value = function(**arguments)
    audit = Audit(
        input_mutated=arguments != {**case.arguments, **call.changes}, global_random_changed=_global_states() != before
    )
    return SeriesAnswer(value=value, audit=audit if call.audit_seed is not None else None)


def _global_states() -> tuple[Any, ...]:
    name, words, *rest = np.random.get_state()
    return random.getstate(), name, words.tobytes(), tuple(rest)
