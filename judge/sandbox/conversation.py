"""Which frames may come from a box, in which order, and what they say. Claims of the box are kept apart from facts."""

from __future__ import annotations

import secrets
from typing import Any

from judge.harness import bursts, protocol
from judge.harness.wire import WireError
from judge.model.run import Audit, Frame, Raised, Stage
from judge.model.text import visible
from judge.ports import Oracles
from judge.sandbox.watch import Stopped, Turn

_MAX_TEXT = 8192
_MAX_BASES = 16  # of an exception's type
_AUDITS: dict[object, Audit | None] = {0: None} | {
    bursts.AUDITED + mutated + random: Audit(input_mutated=mutated > 0, global_random_changed=random > 0)
    for mutated in (0, bursts.MUTATED)
    for random in (0, bursts.RANDOM)
}

Answered = tuple[bytes, Audit | None]  # an answer, and its call's audit


class Ready:
    """The box is up; nothing of the candidate's has run."""

    def __init__(self) -> None:
        self.ready = False

    def take(self, frame: dict[str, Any]) -> bool:
        """Takes the one frame."""
        _expect(frame, protocol.READY)
        self.ready = True
        return True


class Loading:
    """LOAD, then COMPILED, then LOADED or FAILED."""

    def __init__(self) -> None:
        self.stage = Stage.COMPILE
        self.loaded = False
        self.raised: Raised | None = None
        self.entry_point_missing: str | None = None

    def take(self, frame: dict[str, Any]) -> bool:
        """Takes one frame."""
        if frame["kind"] == protocol.COMPILED and self.stage is Stage.COMPILE:
            self.stage = Stage.LOAD
            return False
        if frame["kind"] == protocol.LOADED and self.stage is Stage.LOAD:
            self.loaded = True
            return True
        _expect(frame, protocol.FAILED)
        if "entry" in frame:
            self.entry_point_missing = _text(frame, "entry")
        else:
            self.raised = _raised(frame)
        return True


class Running:
    """CALL, then nothing: the program has no channel, and its init tells how it ended; COLLECTED when files are asked
    for, which the init alone can send.
    """

    def __init__(self, collect: tuple[str, ...] = ()) -> None:
        self.files: dict[str, bytes | None] = {}
        self._collect = collect

    def take(self, frame: dict[str, Any]) -> bool:
        """Takes the one frame that there may be."""
        if frame["kind"] != protocol.COLLECTED or not self._collect:
            raise WireError(f"a frame {frame['kind'][:20]!r} from a program, which has no channel")
        files = frame.get("files")
        if not isinstance(files, dict) or not all(self._is_wanted(name) for name in files):
            raise WireError("a frame 'collected' is malformed")
        self.files = {name: content if isinstance(content, bytes) else None for name, content in files.items()}
        return False

    def _is_wanted(self, name: str) -> bool:
        """Whether a file was asked for, by its own name or by that of a directory around it."""
        return name in self._collect or any(
            name.startswith(wanted) and ".." not in name.split("/") for wanted in self._collect if wanted.endswith("/")
        )


class Building:
    """BUILD, then BUILT, both with the init of the jail that compiles."""

    def __init__(self) -> None:
        self.exit_code: int | None = None
        self.signal: int | None = None
        self.artefact = b""  # nothing when the compiler failed, or made more than is taken
        self.size_bytes = 0  # of what it made

    def take(self, frame: dict[str, Any]) -> bool:
        """Takes the one frame."""
        _expect(frame, protocol.BUILT)
        self.exit_code, self.signal = _number(frame, "exit"), _number(frame, "signal")
        artefact, size = frame.get("artefact"), frame.get("size")
        if not isinstance(artefact, bytes) or type(size) is not int:
            raise WireError("a frame 'built' is malformed")
        self.artefact, self.size_bytes = artefact, size
        return True


class Calling:
    """CALL, then ASK and REPLY, then ANSWER, RAISED or REFUSED, then ENDED when the call had a process of its own.

    With ``more`` that process goes on to the next call, and ENDED comes only when it died; calls of one process share
    one ``identity``.
    """

    def __init__(
        self,
        *,
        forked: bool,
        answer_bytes: int,
        more: bool = False,
        identity: int | None = None,
        oracles: Oracles | None = None,
    ) -> None:
        self.identity = secrets.randbits(62) if identity is None else identity
        self.answer: bytes | None = None
        self.raised: Raised | None = None
        self.unencodable: str | None = None
        self.too_large: str | None = None
        self.audit: Audit | None = None
        self.exit_code: int | None = None
        self.signal: int | None = None
        self._forked = forked
        self._more = more
        self._oracles = oracles
        self._answer_bytes = answer_bytes
        self._told = False

    def take(self, frame: dict[str, Any]) -> Turn:
        """Takes one frame."""
        if frame.get("id") != self.identity:
            raise WireError(f"a frame {frame['kind'][:20]!r} that answers no question")
        if frame["kind"] == protocol.ENDED and self._forked:
            self.exit_code, self.signal = _number(frame, "exit"), _number(frame, "signal")
            return True
        if self._told:
            raise WireError("a second answer to one question")
        if frame["kind"] == protocol.ASK and self._oracles is not None:
            return self._reply(self._oracles, frame)
        self._told = True
        self._take_answer(frame)
        return not self._forked or self._more

    def _reply(self, oracles: Oracles, frame: dict[str, Any]) -> dict[str, Any]:
        """Answers a question. Raises Stopped when the call must not go on."""
        name, question = frame.get("oracle"), frame.get("arguments")
        if not isinstance(name, str) or name not in oracles.positions or not isinstance(question, bytes):
            raise WireError("a question that is none to an oracle of this call")
        reply = oracles.ask(name, question)
        if reply.stop is not None:
            raise Stopped(reply.stop, reply.message)
        told = {"value": reply.value, "error": reply.error, "type": reply.wrong_type}
        return {"kind": protocol.REPLY, "id": self.identity, **told}

    def _take_answer(self, frame: dict[str, Any]) -> None:
        value = frame.get("value")
        if frame["kind"] == protocol.ANSWER and isinstance(value, bytes):
            if len(value) > self._answer_bytes:
                self.too_large = f"{len(value)} bytes, at most {self._answer_bytes} are taken"
            else:
                self.answer, self.audit = value, _audit(frame.get("audit"))
            return
        if frame["kind"] == protocol.RAISED:
            self.raised = _raised(frame)
        elif frame["kind"] == protocol.REFUSED and frame.get("limit") is True:
            self.too_large = _text(frame, "message")
        else:
            _expect(frame, protocol.REFUSED)
            self.unencodable = _text(frame, "message")


class Bursting:
    """CALLS, then what the first of them came to: ANSWER with all answers, or what the last came to instead, with the
    answers before it. So all but the last have an answer.
    """

    def __init__(self, calls: int, answer_bytes: int) -> None:
        self.identity = secrets.randbits(62)
        self.others: list[Answered] = []
        self.last: Calling | None = None
        self._calls = calls
        self._answer_bytes = answer_bytes

    def take(self, frame: dict[str, Any]) -> bool:
        """Takes the one frame."""
        last = Calling(forked=False, answer_bytes=self._answer_bytes, identity=self.identity)
        answered = frame["kind"] == protocol.ANSWER
        answers = self._answers(frame, "value" if answered else "before")
        if not 0 < len(answers) + (not answered) <= self._calls:
            raise WireError(f"{len(answers)} answers to {self._calls} questions")
        if answered and frame.get("id") == self.identity:
            last.answer, last.audit = answers.pop()
        else:
            last.take(frame)
        self.others, self.last = answers, last
        return True

    def _answers(self, frame: dict[str, Any], key: str) -> list[Answered]:
        data = frame.get(key)
        if not isinstance(data, bytes):
            raise WireError(f"a frame {frame['kind'][:20]!r} that answers no question")
        try:
            values, audits = bursts.unpacked(data)
        except ValueError as error:
            raise WireError(str(error)) from None
        if not _AUDITS.keys() >= set(audits):
            raise WireError("what is said of an audit is malformed")
        if max(map(len, values), default=0) > self._answer_bytes:
            raise WireError("an answer is too large, among others")
        return [(value, _AUDITS[audit]) for value, audit in zip(values, audits, strict=True)]


def _expect(frame: dict[str, Any], kind: str) -> None:
    if frame["kind"] != kind:
        raise WireError(f"a frame {frame['kind'][:20]!r} where {kind!r} was expected")


def _raised(frame: dict[str, Any]) -> Raised:
    rows = frame.get("frames")
    if not isinstance(rows, list) or len(rows) > protocol.MAX_FRAMES:
        raise WireError("a traceback is malformed")
    frames = tuple(_frame(row) for row in rows)
    bases = frame.get("bases", [])
    if not isinstance(bases, list) or len(bases) > _MAX_BASES or not all(type(name) is str for name in bases):
        raise WireError("the bases of an exception are malformed")
    return Raised(
        type_name=_text(frame, "type"),
        message=_text(frame, "message"),
        frames=frames,
        bases=tuple(_clean(name, 100) for name in bases),
    )


def _frame(row: Any) -> Frame:
    if not isinstance(row, list) or [type(part) for part in row] != [str, int, str, str]:
        raise WireError("a frame of a traceback is malformed")
    file, line, function, source = row
    file, function, source = (_clean(text, 300) for text in (file, function, source))
    return Frame(file=file, line=min(max(line, 0), 2**31 - 1), function=function, source=source)


def _audit(fields: Any) -> Audit | None:
    if not isinstance(fields, dict):
        return None
    return Audit(input_mutated=fields.get("mutated") is True, global_random_changed=fields.get("random") is True)


def _text(frame: dict[str, Any], key: str) -> str:
    value = frame.get(key)
    if not isinstance(value, str):
        raise WireError(f"a frame {frame['kind'][:20]!r} has no text {key!r}")
    return _clean(value, _MAX_TEXT)


def _clean(text: str, width: int) -> str:
    """Returns the first ``width`` characters of ``text``, safe to show: no lone surrogates, no control characters."""
    return visible(text[:width].encode("utf-8", "replace").decode())


def _number(frame: dict[str, Any], key: str) -> int | None:
    value = frame.get(key)
    if value is not None and (type(value) is not int or not 0 <= value < 256):
        raise WireError(f"a frame {frame['kind'][:20]!r} has no number {key!r}")
    return value
