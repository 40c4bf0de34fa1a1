"""What a driver and the nodes of a cluster say to each other: chunks of items, and their answers, as MessagePack."""

from __future__ import annotations

import hashlib

import msgspec

from judge import ENGINE_REVISION, __version__
from judge.batch.lines import Submission
from judge.batch.pump import Fault, Graded, Outcome
from judge.model.batch import ItemFailure
from judge.model.packing import pack, unpacker

# Of what is said here and of what grades; an actor that was started by another one is replaced.
REVISION = f"1/{__version__}/{ENGINE_REVISION}"


class Item(msgspec.Struct, frozen=True, array_like=True):
    """One submission of a chunk."""

    line: int
    item_id: str
    problem: str
    source: bytes  # UTF-8, lone surrogates as they are
    language: str

    @property
    def key(self) -> bytes:
        """Names the work: the same id and content anywhere."""
        parts = (self.item_id.encode(), self.problem.encode(), self.language.encode(), self.source)
        lengths = b",".join(b"%d" % len(part) for part in parts)
        return hashlib.blake2b(b"|".join((lengths, *parts)), digest_size=16).digest()

    @property
    def submission(self) -> Submission:
        """The submission as a node's engine takes it."""
        return Submission(
            line=self.line,
            size_bytes=len(self.source),
            item_id=self.item_id,
            problem=self.problem,
            source=self.source.decode("utf-8", "surrogatepass"),
            language=self.language,
        )


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What became of one item; exactly one of the last three is there."""

    seconds: float  # that the grading took
    graded: Graded | None = None
    failure: ItemFailure | None = None
    fault: Fault | None = None

    @property
    def outcome(self) -> Outcome:
        """The one that is there."""
        found = self.graded or self.failure or self.fault
        assert found is not None
        return found


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """What a node says of itself."""

    revision: str
    engine: str  # how its engine is opened: module:name
    settings: dict[str, str]
    parallel: int  # items that it grades at a time; 0 when its engine does not open
    busy: int  # items that it has now
    pid: int
    fault: str  # why its engine does not open; empty when it does


def item_of(line: Submission) -> Item:
    """Returns what is sent of a submission."""
    return Item(line.line, line.item_id, line.problem, line.source.encode("utf-8", "surrogatepass"), line.language)


def answer_of(outcome: Outcome, seconds: float) -> Answer:
    """Returns what is sent of an outcome."""
    if isinstance(outcome, Graded):
        return Answer(seconds, graded=outcome)
    if isinstance(outcome, ItemFailure):
        return Answer(seconds, failure=outcome)
    return Answer(seconds, fault=outcome)


def encode(value: object) -> bytes:
    """Returns the bytes of items, answers or a hello."""
    return pack(value)


def decode_items(data: bytes) -> list[Item]:
    """Returns a chunk. Raises msgspec.MsgspecError."""
    return _ITEMS.decode(data)


def decode_answers(data: bytes) -> list[Answer]:
    """Returns the answers to a chunk, in its order. Raises msgspec.MsgspecError."""
    return _ANSWERS.decode(data)


def decode_hello(data: bytes) -> Hello:
    """Returns what a node says of itself. Raises msgspec.MsgspecError."""
    return _HELLO.decode(data)


_ITEMS = unpacker(list[Item])
_ANSWERS = unpacker(list[Answer])
_HELLO = unpacker(Hello)
