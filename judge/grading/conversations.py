"""What a conversation between a program and an interactor amounts to: who failed, and whose word counts.

The rules of the field, those of DOMjudge and of Kattis' problemtools, in this order:

1. A cancelled grading has no other verdict.
2. The interactor ended first. Without a word it is at fault. Its rejection stands whatever becomes of the program,
   which may fail for no other reason than that nobody answers it. After its acceptance the program must still end well.
3. The program ended first and failed: that is the verdict, whatever the interactor would say of the end of its input.
   One that reached the guard on wall time while the interactor left unread what it had written, and that had read
   everything itself, is the interactor's fault.
4. The program ended first and well: the interactor decides, and is at fault without a word.
"""

from __future__ import annotations

from dataclasses import replace

from judge.author.box import AuthorFault
from judge.author.rulings import Ruling
from judge.errors import InfrastructureError
from judge.grading.classify import Failure, classify
from judge.model.run import Dialogue, Killer, Limits, RunOutcome, Stage
from judge.model.verdict import Reason

_STOPPED = (Killer.CANCELLED, Killer.DEADLINE)
_WAITED = "; it and the interactor waited for each other: is what it writes flushed, and is it all that is asked for?"


def failure_of(
    outcome: RunOutcome, said: Ruling | AuthorFault | None, limits: Limits, interactor: str
) -> Failure | None:
    """Returns the program's failure; None when the interactor's word counts. Raises AuthorFault when that is at fault.

    ``said`` is the interactor's word, or why there is none; None when it was stopped because the program had failed.
    """
    dialogue = outcome.dialogue
    if dialogue is None:
        raise InfrastructureError("a conversation without a dialogue")
    if outcome.killer in _STOPPED:
        return classify(RunOutcome(stage=Stage.CALL, killer=outcome.killer), limits)
    if dialogue.partner_first:
        return None if _rejects(said) else classify(outcome, limits)
    failure = classify(outcome, limits)
    if failure is not None:
        _check_partner(outcome, dialogue, interactor)
        return _explained(failure, dialogue)
    _rejects(said)
    return None


def _rejects(said: Ruling | AuthorFault | None) -> bool:
    """Whether the interactor rejects. Raises AuthorFault when it has no word."""
    if isinstance(said, AuthorFault):
        raise said
    if said is None:
        raise InfrastructureError("an interactor was stopped although the program had not failed")
    return not said.judgement.accepted


def _check_partner(outcome: RunOutcome, dialogue: Dialogue, interactor: str) -> None:
    """Raises AuthorFault when the program waited for an interactor that does not read."""
    if outcome.killer is Killer.WALL and dialogue.unread_bytes == 0 and dialogue.partner_unread_bytes > 0:
        message = f"{interactor} left {dialogue.partner_unread_bytes} bytes unread while the program waited for it"
        raise AuthorFault(message, message, interactor)


def _explained(failure: Failure, dialogue: Dialogue) -> Failure:
    if failure.reason is not Reason.IDLE or dialogue.unread_bytes:
        return failure
    return replace(failure, message=failure.message + _WAITED)
