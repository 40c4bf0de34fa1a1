"""One series of calls of a function that draws: what is asked, what is recorded, and the judgement.

The steps: draws with repeats among them in one process, looking at the evidence after 32 draws and then now and then;
when something is wrong, a few repeats that tell why; otherwise repeats in a second process. An offence that no correct
sampler can commit ends the series at once. The e-process is exact after every call, so looking at it in blocks delays a
rejection by some calls and changes nothing else; 32 draws are what it takes to tell the kinds of defect apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from judge.checkers.contract import SeriesAnswer, SeriesCall
from judge.checkers.evidence.agenda import Agenda
from judge.checkers.evidence.offences import GLOBAL_STATE_CHANGED, INPUT_MUTATED, Offence
from judge.checkers.evidence.plan import CallPlan, Step, is_audited
from judge.checkers.evidence.subject import Drawn, Subject
from judge.checkers.evidence.words import facts, sentence
from judge.model.report import Judgement
from judge.model.run import Audit
from judge.stats.eprocess import EProcess
from judge.stats.law import Block
from judge.stats.streams import SEED_LIMIT, Stream

FIRST_LOOK = 32  # draws
LARGEST_BLOCK = 128  # draws between two looks
EXPLAINING_REPEATS = 4
TABLE_CELLS = 24  # in the evidence of a report


@dataclass(frozen=True, kw_only=True, slots=True)
class Streams:
    """The secret numbers of a series."""

    audit: Stream  # the global generators' seeds, which the candidate's process is told
    pit: Stream  # the randomisation of the PITs, which it never learns
    choice: Stream  # repeats and permutations that explain a rejection


class SamplerSeries:
    """A Series that tests draws against the law of its subject."""

    def __init__(
        self, *, parameter: str, subject: Subject, plan: CallPlan, evidence: EProcess, streams: Streams
    ) -> None:
        self._parameter = parameter
        self._subject = subject
        self._plan = plan
        self._evidence = evidence
        self._streams = streams
        self._agenda = Agenda(self._script(), self._calls)
        self._audit_seeds = _endless(streams.audit)
        self._draws: list[Drawn] = []
        self._blocks: list[Block] = []
        self._looked = 0  # draws that the evidence has seen
        self._repeats = 0
        self._global_changed = False
        self._explaining = False  # all draws of the first process have been made, or enough of them
        self._offence: Offence | None = None

    def next_call(self) -> SeriesCall | None:
        """As of a Series."""
        return None if self._offence is not None else self._agenda.next_call()

    def coming(self, most: int) -> Sequence[SeriesCall]:
        """As of a ForesightedSeries: at most the rest of a chunk."""
        return self._agenda.coming(most)

    def observe(self, call: SeriesCall, answer: SeriesAnswer) -> None:
        """As of a Series; ``call`` is the one that ``next_call`` gave last."""
        read = self._subject.read(answer.value)
        if isinstance(read, Offence):
            self._offence = read
            return
        self._offence = self._audited(answer.audit)
        if self._offence is None:
            self._record(read, call.box)
        if self._global_changed and not self._explaining:
            self._agenda.leave_chunk()

    def judgement(self) -> Judgement:
        """As of a Series."""
        offence = self._offence or (GLOBAL_STATE_CHANGED if self._global_changed else None)
        found = self._facts()
        if offence is not None:
            return Judgement(accepted=False, reason=offence.reason, message=offence.message, evidence=found)
        margin = max(0.0, float(self._evidence.path.max(initial=0.0))) / self._evidence.log_limit
        if self._evidence.rejected_at is None:
            return Judgement(accepted=True, margin=margin, evidence=found)
        members = self._evidence.members_at(self._evidence.rejected_at)
        finding = self._subject.explain(Block.joined(self._blocks), members, found, self._streams.choice)
        return Judgement(
            accepted=False,
            reason=finding.reason,
            message=sentence(finding.message, found),
            margin=margin,
            evidence=found | {"cause": finding.cause},
        )

    def _facts(self) -> dict[str, Any]:
        table = self._subject.table(self._blocks, TABLE_CELLS) if self._blocks else []
        worst = table[0] | {"calls": self._evidence.calls} if table else None
        return facts(self._evidence, repeats=self._repeats) | {"worst": worst, "table": table}

    def _audited(self, audit: Audit | None) -> Offence | None:
        if audit is None:
            return None
        self._global_changed |= audit.global_random_changed
        return INPUT_MUTATED if audit.input_mutated else None

    def _record(self, drawn: Drawn, box: int) -> None:
        number = self._agenda.step.number
        if number < len(self._draws):
            self._repeats += 1
            self._offence = self._subject.repeat_offence(self._draws[number], drawn, box=box)
        else:
            self._draws.append(drawn)

    def _calls(self, chunk: Sequence[Step]) -> Iterator[tuple[Step, SeriesCall]]:
        seen = len(self._draws)
        for step in chunk:
            audit_seed = next(self._audit_seeds) if is_audited(step, seen) else None
            changes = {self._parameter: self._plan.seeds[step.number]}
            yield step, SeriesCall(changes=changes, box=step.box, audit_seed=audit_seed)
            seen += step.number == seen

    def _script(self) -> Iterator[Sequence[Step]]:
        """The calls, in order and in chunks; what was observed in a chunk decides how it goes on."""
        yield from self._first_process()
        self._explaining = True
        if self._global_changed:
            yield self._again(EXPLAINING_REPEATS)
        elif self._evidence.rejected_at is not None:
            yield self._again(1)
            if all(np.array_equal(self._draws[0], drawn) for drawn in self._draws):
                yield [replace(self._plan.second[0], number=0)]
        else:
            yield self._plan.second

    def _first_process(self) -> Iterator[Sequence[Step]]:
        due, chunk = min(FIRST_LOOK, len(self._plan.seeds)), []
        for step in self._plan.first:
            chunk.append(step)
            if step.number < due - 1 or due == self._looked:
                continue
            yield chunk
            if self._global_changed:
                return
            self._look()
            if self._evidence.rejected_at is not None:
                return
            due, chunk = min(due + min(due // 2, LARGEST_BLOCK), len(self._plan.seeds)), []
        yield chunk

    def _again(self, count: int) -> Sequence[Step]:
        return [Step(number=number) for number in self._streams.choice.integers(len(self._draws), count)]

    def _look(self) -> None:
        self._blocks.append(self._subject.block(self._draws[self._looked :], self._streams.pit))
        self._evidence.observe(self._blocks[-1])
        self._looked = len(self._draws)


def _endless(stream: Stream) -> Iterator[int]:
    while True:
        yield from stream.integers(SEED_LIMIT, 256)
