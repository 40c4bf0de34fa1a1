"""Several calls in one exchange: short ones cost more to be passed on than to be made.

The calls are made in order, as many as begin within a moment; the others are asked for again. A burst that is asked
for as a ``whole`` goes on, however long it takes. A burst ends early with a call that has no answer, and with one whose
audit noticed something: what is asked next may depend on that. Whatever makes the process end loses the answers that
were not sent; the judge then makes all calls one by one.
"""

from __future__ import annotations

import struct
import time
from itertools import accumulate, pairwise

from . import protocol

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

MOMENT_NS = 4_000_000  # in which a call of a burst begins
ANSWERS_BYTES = 1 << 16  # of all answers but the last
AUDITED, MUTATED, RANDOM = 1, 2, 4  # marks: what is asked and said of a call's audit, added up; 0 when there is none

_SIZE_BYTES = 4

_now = time.monotonic_ns  # the submission may replace that of ``time``
_pack, _unpack_from = struct.pack, struct.unpack_from


def packed(parts: Sequence[bytes], marks: Sequence[int]) -> bytes:
    """Returns byte strings, each with a mark of 8 bits, as one: their number, their sizes, the marks, the bytes."""
    count = len(parts)
    return _pack(f">I{count}I{count}B", count, *map(len, parts), *marks) + b"".join(parts)


def unpacked(data: bytes) -> tuple[list[bytes], bytes]:
    """Returns the byte strings and their marks. Raises ValueError when ``data`` holds something else."""
    count = int.from_bytes(data[:_SIZE_BYTES])
    begin = _SIZE_BYTES * (count + 1)
    if len(data) < max(_SIZE_BYTES, begin + count):
        raise ValueError("expected the sizes of byte strings and their marks")
    ends = [*accumulate(_unpack_from(f">{count}I", data, _SIZE_BYTES), initial=begin + count)]
    if ends[-1] != len(data):
        raise ValueError("expected sizes that come to those of the bytes")
    return [data[begin:end] for begin, end in pairwise(ends)], data[begin : begin + count]


def answer_all(answer: Callable[[Any], Any], request: Any) -> dict[str, object]:
    """Returns the frame that answers the first calls of ``request``, at least one; ``answer`` makes one call."""
    begin, identity, size = _now(), request["id"], 0
    whole, names = request["whole"], request.get("keywords")
    parts, audited = unpacked(request["arguments"])
    seeds = iter(request["seeds"])
    values: list[bytes] = []
    audits: list[int] = []
    for number, arguments in enumerate(parts):
        single = {"id": identity, "arguments": arguments, "audit": next(seeds) if audited[number] else None}
        frame = answer(single if names is None else {**single, "keywords": names[number]})
        if frame["kind"] != protocol.ANSWER:
            return {**frame, "before": packed(values, audits)}
        noticed = MUTATED * frame["audit"]["mutated"] + RANDOM * frame["audit"]["random"] if audited[number] else 0
        values.append(frame["value"])
        audits.append(noticed + audited[number])
        size += len(frame["value"])
        if noticed or (not whole and (size > ANSWERS_BYTES or _now() - begin > MOMENT_NS)):
            break
    return {"kind": protocol.ANSWER, "id": identity, "value": packed(values, audits), "audit": None}
