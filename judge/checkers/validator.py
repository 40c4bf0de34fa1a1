"""The checker ``validator``: a package's own output validator, a program that runs in a box of its own.

This class knows what the program's end means; ``judge.author.validator`` runs it. By the package format exit status 42
accepts, 43 rejects, and files in the feedback directory say more. A checker that stands on an unchanged testlib ends as
testlib does: 0 accepts; 1, 2, 4 and 8 reject; 7 accepts with the points that begin its words on standard error, where a
test can have some; anything else is a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from judge.checkers.contract import CaseFacts
from judge.checkers.number_text import read_number
from judge.model.conform import brief
from judge.model.report import Judgement
from judge.model.run import Limits
from judge.model.signature import Signature
from judge.model.text import visible
from judge.model.type_expr import TypeExpr, parse_type
from judge.model.verdict import Reason
from judge.units import NANOSECONDS, parse_bytes, parse_duration_ns

# Statuses that accept, and that reject; adapted: a testlib with the statuses of the format.
CONVENTIONS = {"kattis": ((42,), (43,)), "testlib": ((0,), (1, 2, 4, 8)), "adapted": ((42,), (43,))}
SCORE, MULTIPLIER, NEXT_PASS = "score.txt", "score_multiplier.txt", "nextpass.in"
FOR_TEAM, FOR_JUDGES = "teammessage.txt", "judgemessage.txt"
FEEDBACK = (SCORE, MULTIPLIER, NEXT_PASS, FOR_TEAM, FOR_JUDGES)
TESTLIB_POINTS = 7  # testlib's status for points, which stand in its words: "points 2.5 three of four"
# Instead of the most points that a test can have: none may be given, some must, some must that may be below 0, some
# may; or what is given is left.
NO_POINTS, ANY_POINTS, SIGNED_POINTS, OWN_POINTS, IGNORED_POINTS = "", "any", "signed", "own", "ignored"
_UNBOUNDED = (ANY_POINTS, SIGNED_POINTS, OWN_POINTS)
_DEMANDED = (ANY_POINTS, SIGNED_POINTS)
_REJECTED = "the output validator does not accept the output"
MAX_MESSAGE = 2000  # characters that are shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Validator:
    """Accepts what the package's output validator accepts."""

    name: ClassVar[str] = "validator"

    file: str  # relative to the package
    convention: str = "kattis"  # what its exit status means, and what its arguments are: one of CONVENTIONS
    cpu_time: str = "60s"  # of one run
    memory: str = "2GiB"  # of one run

    def __post_init__(self) -> None:
        """Raises ValueError for a parameter that cannot be."""
        if self.convention not in CONVENTIONS:
            raise ValueError(f"convention: expected one of {', '.join(CONVENTIONS)}, found {self.convention!r}")
        for key, parse in (("cpu_time", parse_duration_ns), ("memory", parse_bytes)):
            try:
                parse(getattr(self, key))
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from None

    def expected_type(self, signature: Signature) -> TypeExpr:
        """The answer file, the validator's arguments, and the most points that it may give; for an answer of bytes."""
        if str(signature.returns) != "bytes":
            raise ValueError(f"expected the return type bytes, found {signature.returns}")
        return parse_type("tuple[bytes, list[str], str]")

    def check_key(self, case: CaseFacts) -> None:
        """An answer file may be anything: only the validator knows what it means."""

    def limits(self) -> Limits:
        """Of one run; wall time is a guard, as for submissions."""
        cpu_ns = parse_duration_ns(self.cpu_time)
        return Limits(
            cpu_ns=cpu_ns,
            wall_ns=3 * cpu_ns + NANOSECONDS,
            memory_bytes=parse_bytes(self.memory),
            output_bytes=8 << 20,
            answer_bytes=64 << 20,
        )

    def judgement(self, reply: Any) -> Judgement:
        """What the end of a run says: ``exit``, ``signal``, ``files`` by name, and ``points``, the most it may give.

        With a testlib ``said`` is what it wrote to standard error. Raises ValueError when it does not say whether the
        output is right.
        """
        reply = self._with_testlib_points(reply)
        files: Mapping[str, bytes | None] = reply["files"]
        accepting, rejecting = CONVENTIONS[self.convention]
        if reply["signal"] is not None or reply["exit"] not in (*accepting, *rejecting):
            how = f"exit status {reply['exit']}" if reply["signal"] is None else f"signal {reply['signal']}"
            wanted = " or ".join(map(str, (*accepting, *rejecting)))
            raise ValueError(f"expected exit status {wanted}, found {how}")
        if NEXT_PASS in files:
            raise ValueError(f"the feedback file {NEXT_PASS} is for problems of several passes")
        accepted = reply["exit"] in accepting
        points = _points(files, reply["points"], accepted)
        evidence: dict[str, Any] = {} if points is None else {"points": str(points)}
        if _text(files, FOR_JUDGES):
            evidence["judgemessage"] = _text(files, FOR_JUDGES)
        message = _text(files, FOR_TEAM)
        if accepted:
            return Judgement(accepted=True, message=message, evidence=evidence, score=_share(points, reply["points"]))
        return Judgement(accepted=False, reason=Reason.WRONG_VALUE, message=message or _REJECTED, evidence=evidence)

    def _with_testlib_points(self, reply: Mapping[str, Any]) -> Mapping[str, Any]:
        """A run that ended with testlib's points as one that accepts and leaves ``score.txt``. Raises ValueError."""
        accepting, rejecting = CONVENTIONS[self.convention]
        if self.convention == "kattis" or reply["signal"] is not None or reply["exit"] != TESTLIB_POINTS:
            return reply
        status = f"exit status {TESTLIB_POINTS}, testlib's points,"
        if reply["points"] == NO_POINTS:
            wanted = " or ".join(map(str, (*accepting, *rejecting)))
            raise ValueError(f"{status} is for tests with points of the validator's: expected {wanted}")
        said = reply.get("said") or reply["files"].get(FOR_JUDGES) or b""
        words = said[:1000].decode("utf-8", "replace").split()
        if len(words) < 2 or words[0] != "points":
            raise ValueError(f"{status} needs 'points' and a number on standard error, found {brief(' '.join(words))}")
        return {**reply, "exit": accepting[0], "files": {**reply["files"], SCORE: words[1].encode()}}


def _share(points: Fraction | None, most: str) -> Fraction | None:
    """Returns the points as a part of the most that there can be; None when there is no such bound."""
    if points is None or most in _UNBOUNDED or not Fraction(most):
        return None
    return points / Fraction(most)


def _text(files: Mapping[str, bytes | None], name: str) -> str:
    content = files.get(name) or b""
    return visible(content[: 4 * MAX_MESSAGE].decode("utf-8", "replace").strip()[:MAX_MESSAGE])


def _points(files: Mapping[str, bytes | None], most: str, accepted: bool) -> Fraction | None:
    """Returns the points that the validator gives; None when it gives none. Raises ValueError for what it must not."""
    given = [name for name in (SCORE, MULTIPLIER) if name in files]
    if most == IGNORED_POINTS or (not given and (most not in _DEMANDED or not accepted)):
        return None
    if not given:
        raise ValueError(f"expected a feedback file {SCORE} for an accepted output, found none")
    if len(given) == 2:
        raise ValueError(f"expected one feedback file of {SCORE} and {MULTIPLIER}, found both")
    (name,) = given
    if not accepted:
        raise ValueError(f"the feedback file {name} is for accepted outputs")
    if most == NO_POINTS:
        raise ValueError(f"the feedback file {name} is for tests with points of their own")
    number = _number(files[name], name, signed=most == SIGNED_POINTS)
    if most in _UNBOUNDED:
        if name == MULTIPLIER:
            raise ValueError(f"the feedback file {name} is for tests whose points have a bound")
        return number
    if name == MULTIPLIER:
        if number > 1:
            raise ValueError(f"{name}: expected a number from 0 to 1, found {number}")
        return number * Fraction(most)
    if number > Fraction(most):
        raise ValueError(f"{name}: expected at most {most} points, found {number}")
    return number


def _number(content: bytes | None, name: str, *, signed: bool) -> Fraction:
    text = (content or b"")[:1000].decode("utf-8", "replace").strip()
    number = read_number(text)
    if number is None or (number < 0 and not signed):
        raise ValueError(f"{name}: expected a number{'' if signed else ' of at least 0'}, found {brief(text)}")
    return Fraction(number)
