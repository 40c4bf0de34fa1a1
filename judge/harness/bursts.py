"""Several calls in one exchange: short ones cost more to be passed on than to be made.

The calls are made in order, as many as begin within a moment; the others are asked for again. A burst ends early with
a call that has no answer, and with one whose audit noticed something: what is asked next may depend on that. Whatever
makes the process end loses the answers that were not sent; the judge then makes all calls one by one.
"""

from __future__ import annotations

import time

from . import protocol

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MOMENT_NS = 4_000_000  # in which a call of a burst begins
ANSWERS_BYTES = 1 << 16  # of all answers but the last
UNAUDITED = -1  # instead of a seed
AUDITED, MUTATED, RANDOM = 1, 2, 4  # what is said of a call's audit, added up; 0 when there was none

_now = time.monotonic_ns  # the submission may replace that of ``time``


def joined(parts: list[bytes]) -> dict[str, object]:
    """Returns byte strings as two values of a frame: together, and their sizes."""
    return {"joined": b"".join(parts), "sizes": [len(part) for part in parts]}


def parted(frame: Any) -> list[bytes]:
    """Returns the byte strings of a frame. Raises ValueError when there are none."""
    data, sizes = frame.get("joined"), frame.get("sizes")
    if type(data) is not bytes or type(sizes) is not list or not {int}.issuperset(map(type, sizes)):
        raise ValueError("expected bytes and their sizes")
    if sum(sizes) != len(data) or min(sizes, default=0) < 0:
        raise ValueError("expected sizes that come to those of the bytes")
    parts, at = [], 0
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    return parts


def answer_all(answer: Callable[[Any], Any], request: Any) -> dict[str, object]:
    """Returns the frame that answers the first calls of ``request``, at least one; ``answer`` makes one call."""
    begin, identity, size = _now(), request["id"], 0
    values: list[bytes] = []
    audits: list[int] = []
    failed = None
    for arguments, seed in zip(parted(request), request["seeds"], strict=True):
        audited = seed != UNAUDITED
        frame = answer({"id": identity, "arguments": arguments, "audit": seed if audited else None})
        if frame["kind"] != protocol.ANSWER:
            failed = frame
            break
        noticed = MUTATED * frame["audit"]["mutated"] + RANDOM * frame["audit"]["random"] if audited else 0
        values.append(frame["value"])
        audits.append(noticed + audited)
        size += len(frame["value"])
        if noticed or size > ANSWERS_BYTES or _now() - begin > MOMENT_NS:
            break
    return {"kind": protocol.ANSWERS, "id": identity, **joined(values), "audits": audits, "failed": failed}
