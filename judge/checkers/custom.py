"""The checker ``custom``: a Python function of the author's judges the answer, in a box of its own.

This class knows what the function is given and what its reply means; ``judge.author.checker`` runs it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.run import Limits
from judge.model.signature import Signature
from judge.model.text import visible
from judge.model.type_expr import TypeExpr, parse_type
from judge.model.verdict import WRONG_ANSWERS, Reason
from judge.units import NANOSECONDS, parse_bytes, parse_duration_ns

MAX_CPU_NS = 60 * NANOSECONDS
MAX_MEMORY_BYTES = 8 << 30
MAX_MESSAGE = 2000  # characters that are shown
MAX_DENOMINATOR = 10**18  # what a report can tell
_KEYS = ("accepted", "message", "reason", "score")


@dataclass(frozen=True, kw_only=True, slots=True)
class Custom:
    """Accepts what the author's function accepts: it returns a bool, or a mapping that says more."""

    name: ClassVar[str] = "custom"

    file: str  # relative to the package
    function: str = "check"
    expected: str = ""  # the type of a case's expected value; empty: the return type
    cpu_time: str = "10s"  # of one check
    memory: str = "1GiB"  # of one check

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter that cannot be."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, str):
                raise ValueError(f"{field.name}: expected text, found {value!r}")
        _check_range("cpu_time", self.cpu_time, parse_duration_ns, 10**6, MAX_CPU_NS, "1ms to 60s")
        _check_range("memory", self.memory, parse_bytes, 16 << 20, MAX_MEMORY_BYTES, "16MiB to 8GiB")
        if self.expected:
            try:
                parse_type(self.expected)
            except (ValueError, RecursionError, MemoryError) as error:
                raise ValueError(f"expected: {error}") from None

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The stated type, or the return type."""
        return parse_type(self.expected) if self.expected else signature.returns

    def check_key(self, case: CaseFacts) -> None:
        """Any expected value will do: what the function says of it is asked when the package is compiled."""

    def limits(self) -> Limits:
        """Of one check; wall time is a guard, as for submissions."""
        cpu_ns = parse_duration_ns(self.cpu_time)
        return Limits(
            cpu_ns=cpu_ns,
            wall_ns=3 * cpu_ns + NANOSECONDS,
            memory_bytes=parse_bytes(self.memory),
            output_bytes=1 << 20,
            answer_bytes=1 << 20,
        )

    def judgement(self, reply: Any) -> Judgement:
        """What the function's reply says. Raises ValueError for one that says nothing."""
        if type(reply) is bool:
            reply = {"accepted": reply}
        if not isinstance(reply, dict) or type(reply.get("accepted")) is not bool:
            raise ValueError(f"expected a bool, or a mapping with a bool 'accepted', found {brief(reply)}")
        for key in reply:
            if key not in _KEYS:
                raise ValueError(f"expected no keys but {', '.join(_KEYS)}, found {brief(key)}")
        message = reply.get("message", "" if reply["accepted"] else "the answer is not accepted")
        if not isinstance(message, str):
            raise ValueError(f"message: expected text, found {brief(message)}")
        reason = _reason(reply)
        message = visible(message[:MAX_MESSAGE].encode("utf-8", "replace").decode())
        return Judgement(accepted=reply["accepted"], reason=reason, message=message, score=_score(reply))


def _check_range(key: str, text: str, parse: Callable[[str], int], low: int, high: int, expected: str) -> None:
    try:
        fits = low <= parse(text) <= high
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None
    if not fits:
        raise ValueError(f"{key}: expected {expected}, found {text!r}")


def _reason(reply: dict[str, Any]) -> Reason | None:
    given = reply.get("reason")
    if reply["accepted"]:
        if given is not None:
            raise ValueError(f"reason: expected none for an accepted answer, found {brief(given)}")
        return None
    if given is None:
        return Reason.WRONG_VALUE
    found = next((reason for reason in WRONG_ANSWERS if reason.value == given), None)
    if found is None:
        known = ", ".join(reason.value for reason in WRONG_ANSWERS)
        raise ValueError(f"reason: expected one of {known}, found {brief(given)}")
    return found


def _score(reply: dict[str, Any]) -> Fraction | None:
    """The part of a test's worth that an accepted answer has, exactly; a float is meant as it is written."""
    given = reply.get("score")
    if given is None:
        return None
    if not reply["accepted"]:
        raise ValueError(f"score: expected none for an answer that is not accepted, found {brief(given)}")
    try:
        score = Fraction(str(given)) if type(given) in (int, float, str) and len(str(given)) <= 40 else None
    except (ValueError, ZeroDivisionError):
        score = None
    if score is None or not 0 <= score <= 1 or score.denominator > MAX_DENOMINATOR:
        raise ValueError(f"score: expected a number from 0 to 1, or a text such as '2/3', found {brief(given)}")
    return score
