"""A series of trials: calls with fresh numbers until the evidence rejects or the plan is done.

What is the same for every checker of trials is here: which call comes next, seeds, repeats of earlier trials in the
same process and in a second one, audits. What a trial is (its arguments, how its answer is read, what the evidence
makes of it) is a ``Trials`` object, one for each case. Repeats are made only when seed and arguments decide the
answer: not without a seed, and not against an environment that has random numbers of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, Protocol

from judge.checkers.contract import SeriesAnswer, SeriesCall
from judge.checkers.evidence.agenda import Agenda
from judge.checkers.evidence.offences import GLOBAL_STATE_CHANGED, INPUT_MUTATED, Offence
from judge.checkers.evidence.plan import CallPlan, Step, is_audited, plan_calls
from judge.model.report import Judgement
from judge.model.run import Audit
from judge.model.verdict import Reason
from judge.stats.streams import SEED_LIMIT, Stream, derive_seeds

EXPLAINING_REPEATS = 4
CHUNK = 64  # calls whose arguments are made in advance


class Trials(Protocol):
    """The trials of one case; it has state."""

    def changes(self, number: int) -> Mapping[str, Any]:
        """The arguments of a trial that differ from the case's, without the seed; pure, for it is asked in advance."""
        ...

    def read(self, number: int, answer: SeriesAnswer) -> Any:
        """Returns what the evidence needs of an answer, or an Offence, which no right answer is."""
        ...

    def take(self, number: int, read: Any) -> bool:
        """Takes the next trial into account; trials come in order. Returns whether the evidence now rejects."""
        ...

    def difference(self, first: Any, again: Any) -> str:
        """Returns how two answers to the same call differ, "0.5, and 0.7" for instance; empty when they do not."""
        ...

    def judgement(self) -> Judgement:
        """The judgement on the trials taken."""
        ...


def planned(secret: bytes, case: str, *, calls: int, repeated: bool) -> CallPlan:
    """Returns a plan of ``calls`` calls (at least 8). With ``repeated``, 5 % of them, at least 4, repeat a trial."""
    if repeated:
        return plan_calls(secret, case, calls=calls, repeats=max(4, -(-calls // 20)))
    seeds = tuple(derive_seeds(secret, case, calls))
    return CallPlan(seeds=seeds, first=tuple(Step(number=number) for number in range(calls)), second=())


def trials_of(calls: int, *, repeated: bool) -> int:
    """Returns how many trials a plan of ``calls`` calls has: the calls that repeat none."""
    return calls - max(4, -(-calls // 20)) if repeated else calls


class TrialSeries:
    """A Series of trials."""

    def __init__(
        self, *, trials: Trials, case: str, secret: bytes, calls: int, seed: str | None, repeated: bool
    ) -> None:
        """``seed`` is the parameter that takes the seed, None when the function takes none; ``repeated`` needs one."""
        self._trials = trials
        self._seed = seed
        self._plan = planned(secret, case, calls=calls, repeated=repeated)
        self._repeated = repeated
        self._audits = Stream(secret, f"{case}|audit")
        self._choice = Stream(secret, f"{case}|choice")
        self._read: list[Any] = []
        self._agenda = Agenda(self._script(), self._calls)
        self._rejected = False
        self._global_changed = False
        self._explaining = False  # all trials of the first process have been made, or enough of them
        self._offence: Offence | None = None

    def next_call(self) -> SeriesCall | None:
        """As of a Series."""
        return None if self._offence is not None else self._agenda.next_call()

    def coming(self, most: int) -> Sequence[SeriesCall]:
        """As of a ForesightedSeries: at most the rest of a chunk."""
        return self._agenda.coming(most)

    def observe(self, call: SeriesCall, answer: SeriesAnswer) -> None:
        """As of a Series; ``call`` is the one that ``next_call`` gave last."""
        audit, number = answer.audit or Audit(), self._agenda.step.number
        self._global_changed |= audit.global_random_changed and self._seed is not None
        read = INPUT_MUTATED if audit.input_mutated else self._trials.read(number, answer)
        if isinstance(read, Offence):
            self._offence = read
        elif number < len(self._read):
            self._offence = self._compared(self._read[number], read, call.box)
        else:
            self._read.append(read)
            self._rejected = self._trials.take(number, read)
        if (self._global_changed or self._rejected) and not self._explaining:
            self._agenda.leave_chunk()

    def judgement(self) -> Judgement:
        """As of a Series."""
        offence = self._offence or (GLOBAL_STATE_CHANGED if self._global_changed else None)
        judgement = self._trials.judgement()
        if offence is None:
            return judgement
        return Judgement(accepted=False, reason=offence.reason, message=offence.message, evidence=judgement.evidence)

    def _compared(self, first: Any, again: Any, box: int) -> Offence | None:
        difference = self._trials.difference(first, again)
        if not difference:
            return None
        where = "in another process" if box else "when called again"
        message = f"the same input and seed gave different answers: {difference} {where}"
        return Offence(reason=Reason.NOT_REPRODUCIBLE, message=message)

    def _calls(self, chunk: Sequence[Step]) -> Iterator[tuple[Step, SeriesCall]]:
        seen = len(self._read)
        for step in chunk:
            seeds = {} if self._seed is None else {self._seed: self._plan.seeds[step.number]}
            audit_seed = self._audits.integers(SEED_LIMIT, 1)[0] if is_audited(step, seen) else None
            changes = {**self._trials.changes(step.number), **seeds}
            yield step, SeriesCall(changes=changes, box=step.box, audit_seed=audit_seed)
            seen += step.number == seen

    def _script(self) -> Iterator[Sequence[Step]]:
        """The calls, in order and in chunks; what was observed in a chunk decides how it goes on."""
        for chunk in batched(self._plan.first, CHUNK):
            yield chunk
            if self._global_changed or self._rejected:
                break
        self._explaining = True
        if self._repeated and (self._global_changed or self._rejected):
            yield [Step(number=number) for number in self._choice.integers(len(self._read), EXPLAINING_REPEATS)]
        else:
            yield self._plan.second
