"""The candidate's function as the one oracle of a test program: calls in the candidate's box, answers as bytes.

A question of the test program becomes a call; the answer is decoded here with limits and encoded again, so that only
plain values cross. The CPU time of all calls counts against one limit. What ends the test (a limit, an exit, a value
without an encoding) is kept as its failure; an exception that a test program may expect is told to it.

Calls that are known before are asked together: one message instead of one for each saves two changes of process for
each. That attempt has a small part of the limits, and what does not come to answers in it (a limit, an exit) is lost:
the calls are then made one by one in a new box, where the same end is met by the call that brings it about.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from judge.author.examination import call_of
from judge.grading.classify import Failure, classify
from judge.grading.rehearsals import Rehearsal
from judge.harness import examiner as inside
from judge.harness import wire
from judge.model.run import BurstOutcome, Killer, Limits, Raised, RunOutcome, Stage
from judge.model.verdict import Reason, Verdict
from judge.ports import Box, Burst, Call, OracleReply

CANDIDATE = "candidate"
_SHARE, _LEAST_NS = 10, 500_000_000  # of the CPU limit, for calls that are asked together
_LEAVING = ("SystemExit", "KeyboardInterrupt", "GeneratorExit")  # no test program is to catch them


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A call that was made before the test program has asked for it."""

    question: bytes
    outcome: RunOutcome
    counted: bool  # whether it is among the calls; one that is asked together with others is when it is told


class CandidateDesk:
    """The port ``Oracles`` of a test program: its one oracle is the candidate's function."""

    positions: Mapping[str, int] = {CANDIDATE: 0}

    def __init__(self, limits: Limits, box: Box, add: Callable[[RunOutcome, int], None]) -> None:
        self._limits = limits  # of all calls together
        self._box = box
        self._add = add  # is told what was run, and how many calls it was
        self._cpu_ns = self._wall_ns = 0
        self._asked: deque[_Asked] = deque()  # that the test program has not been told
        self.calls = 0
        self.answered = False
        self.last: RunOutcome | None = None
        self._raised: RunOutcome | None = None  # the latest that ended with an exception that crossed
        self.failure: Failure | None = None  # of a call: the test is over
        self.strayed = False  # whether the test program did not ask what it had asked before
        self.lost = False  # whether calls that were asked together came to another end than answers or an exception

    def follows(self, rehearsal: Rehearsal, *, together: bool) -> bool:
        """Asks what is recorded; returns whether every answer is the recorded one, byte for byte."""
        if together:
            return self._follows_at_once(rehearsal)
        for question, arguments, names, answer in rehearsal.record:
            outcome = self._call(arguments, tuple(names))
            self._asked.append(_Asked(question=question, outcome=outcome, counted=True))
            if not self._fits(outcome, answer):
                return False
        return True

    def _follows_at_once(self, rehearsal: Rehearsal) -> bool:
        """As ``follows``, in one message. What is behind the first other answer is told when it is asked for."""
        limits = _part_of(self._limits)
        burst = Burst(arguments=rehearsal.arguments, limits=limits, keywords=rehearsal.keywords, whole=True)
        made = self._box.burst(burst) if self._box.alive else None
        if made is None or not _is_known(made, limits, len(burst.arguments)):
            self.lost = True
            return False
        if [*[answer for answer, _ in made.others], made.last.answer] == rehearsal.answers:
            self._note(made.last, len(burst.arguments))
            return True
        told = made.each()
        fitting = self._fitting(rehearsal, told)
        self._note(made.last, min(fitting + 1, len(told)))
        told[-1] = replace(made.last, cpu_ns=0, wall_ns=0)  # those of all are counted together
        for number, (entry, single) in enumerate(zip(rehearsal.record, told, strict=False)):
            self._asked.append(_Asked(question=entry[0], outcome=single, counted=number <= fitting))
        return False

    def _fitting(self, rehearsal: Rehearsal, told: Sequence[RunOutcome]) -> int:
        """How many outcomes from the first on have the recorded answer."""
        for number, (entry, single) in enumerate(zip(rehearsal.record, told, strict=False)):
            if not self._fits(single, entry[3]):
                return number
        return len(told)

    def _fits(self, outcome: RunOutcome, answer: bytes) -> bool:
        """Whether it has the recorded answer; a failure that no test program may expect is noted."""
        failure = classify(outcome, self._limits)
        if failure is not None and not _crosses(failure, outcome.raised):
            self.failure = failure
        return failure is None and outcome.answer == answer

    def ask(self, _name: str, question: bytes) -> OracleReply:
        """Makes one call, unless it has been made."""
        if self._asked:
            made = self._asked.popleft()
            outcome, self.strayed = made.outcome, made.question != question
            if not made.counted:
                self._note(outcome, 1)
        else:
            outcome = self._call(*call_of(question))
        reply = None if self.strayed else self._reply(outcome)
        if reply is None:
            return OracleReply(stop=Killer.FAULT)
        self.answered = True
        return OracleReply(value=wire.encode(reply))

    def _call(self, arguments: bytes, names: tuple[str, ...]) -> RunOutcome:
        """Makes one call; the outcome has the times of all."""
        call = Call(arguments=arguments, limits=self._left(), keywords=names)
        return self._note(self._made(call), 1)

    def _made(self, call: Call) -> RunOutcome:
        return self._box.call(call) if self._box.alive else RunOutcome(stage=Stage.CALL)  # it ended after its answer

    @property
    def total(self) -> RunOutcome:
        """The last call's outcome with the times of all."""
        last = self.last or RunOutcome(stage=Stage.CALL)
        return replace(last, cpu_ns=self._cpu_ns, wall_ns=self._wall_ns)

    def uncaught(self) -> Failure | None:
        """The failure that the candidate's latest exception is, when nobody caught it."""
        return None if self._raised is None else classify(self._raised, self._limits)

    def _left(self) -> Limits:
        cpu, wall = self._limits.cpu_ns - self._cpu_ns, self._limits.wall_ns - self._wall_ns
        return replace(self._limits, cpu_ns=max(cpu, 1), wall_ns=max(wall, 1)) if self.calls else self._limits

    def _note(self, outcome: RunOutcome, calls: int) -> RunOutcome:
        """Adds up what calls took, none when they are lost; returns the outcome with the times of all."""
        if calls:
            self._add(outcome, calls)
        self.calls += calls
        self._cpu_ns += outcome.cpu_ns
        self._wall_ns += outcome.wall_ns
        self.last = outcome
        return self.total

    def _reply(self, outcome: RunOutcome) -> tuple[Any, ...] | None:
        """What the test program is told; None when the test is over, with the failure noted."""
        failure = classify(outcome, self._limits)
        if failure is None:
            try:
                return inside.VALUE, wire.decode(outcome.answer or b"")
            except wire.LimitError as error:
                failure = Failure(
                    verdict=Verdict.OUTPUT_LIMIT_EXCEEDED, reason=Reason.ANSWER_SIZE, message=f"the answer: {error}"
                )
            except wire.WireError as error:
                failure = Failure(verdict=Verdict.RUNTIME_ERROR, reason=Reason.PROTOCOL, message=f"the answer: {error}")
        elif _crosses(failure, outcome.raised):
            assert outcome.raised is not None
            self._raised = outcome
            return inside.RAISED, (outcome.raised.type_name, list(outcome.raised.bases), outcome.raised.message)
        self.failure = failure
        return None


def _part_of(limits: Limits) -> Limits:
    """The limits of calls that are asked together: a limit that stops them costs little, for they are made again."""
    cpu_ns = min(limits.cpu_ns, max(limits.cpu_ns // _SHARE, _LEAST_NS))
    return replace(limits, cpu_ns=cpu_ns, wall_ns=min(limits.wall_ns, 2 * cpu_ns))


def _is_known(made: BurstOutcome, limits: Limits, count: int) -> bool:
    """Whether it is known what calls that were asked together came to: to answers, or one to an end that is told.

    An end from outside is that of the first one.
    """
    if made.last.killer in (Killer.CANCELLED, Killer.DEADLINE):
        return True
    failure = classify(made.last, limits)
    if failure is None:
        return len(made.others) + 1 == count
    return made.last.unencodable is not None or _crosses(failure, made.last.raised)


def _crosses(failure: Failure, raised: Raised | None) -> bool:
    """Whether an exception is one that a test program may expect."""
    if failure.reason is not Reason.EXCEPTION or raised is None:
        return False
    return not any(name in _LEAVING for name in (raised.type_name, *raised.bases))
