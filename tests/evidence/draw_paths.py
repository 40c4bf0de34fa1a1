"""Simulated series of the checkers that draw: all answers at once, without repeats; the checkers' own evidence."""

from __future__ import annotations

from typing import Any

import numpy as np

from judge.checkers.evidence.offences import Offence
from judge.stats.closing import ClosingEProcess
from judge.stats.eprocess import EProcess
from judge.stats.streams import Stream
from tests.evidence.draw_subjects import Draw, Setting


def judging(setting: Setting, calls: int, *, alpha: float = 1e-6) -> tuple[Any, EProcess]:
    """The subject of the setting's case, and fresh evidence for ``calls`` calls."""
    subject = setting.checker.subject(setting.case)
    return subject, subject.evidence({}, alpha=alpha, calls=calls, run=1)


def path(setting: Setting, draw: Draw, run: int, calls: int, *, alpha: float = 1e-6) -> tuple[EProcess, int | None]:
    """Returns the evidence after ``calls`` calls, or up to an offence, and the call that committed it, if any."""
    subject, evidence = judging(setting, calls, alpha=alpha)
    rng = np.random.default_rng([17, run])
    draws: list[Any] = []
    while len(draws) < calls and not (draws and isinstance(draws[-1], Offence)):
        draws.append(subject.read(draw(rng)))
    offence = len(draws) if isinstance(draws[-1], Offence) else None
    draws = draws[:-1] if offence else draws
    if draws:
        evidence.observe(subject.block(draws, Stream(run.to_bytes(32, "big"), "pit")))
    return evidence, offence


def calls_to_reject(setting: Setting, draw: Draw, *, runs: int, calls: int) -> Any:
    """Returns how many calls each run took to be rejected; infinity for a run that was not."""
    found = []
    for run in range(runs):
        evidence, offence = path(setting, draw, run, calls)
        found.append(evidence.rejected_at or offence or np.inf)
    return np.array(found)


def rejections(setting: Setting, alphas: tuple[float, ...], *, runs: int, calls: int) -> dict[float, int]:
    """Returns how many runs of the right program reach 1/alpha; only a closing test depends on alpha before that."""
    counts = dict.fromkeys(alphas, 0)
    for run in range(runs):
        evidence, offence = path(setting, setting.right, run, calls, alpha=alphas[0])
        for alpha in alphas:
            if isinstance(evidence, ClosingEProcess) and evidence.alpha != alpha:
                evidence, _ = path(setting, setting.right, run, calls, alpha=alpha)
            counts[alpha] += offence is not None or bool(evidence.path.max() >= -np.log(alpha))
    return counts
