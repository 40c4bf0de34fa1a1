"""The candidate's end of the oracles of a call: plain functions that send a question on the channel and wait.

Everything that matters (counting, types, the budget, the answer) is on the judge's side: whoever forges questions here
gets what an honest asker gets, and no more of it. The lock is for honest programs with threads.
"""

from __future__ import annotations

import _thread

from . import protocol, wire

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_send, _receive, _encode, _decode = protocol.send, protocol.receive, wire.encode, wire.decode


class Oracles:
    """The oracles of one call."""

    def __init__(self, channel: int, request: Any, make_array: Callable[..., Any]) -> None:
        self._channel = channel
        self._identity = request["id"]
        self._positions: dict[str, int] = request["oracles"]
        self._make_array = make_array
        self._lock = _thread.allocate_lock()
        self._open = True

    def call(self, function: Any, arguments: list[Any]) -> Any:
        """Calls ``function`` with the oracles among its arguments; afterwards they raise RuntimeError."""
        placed = [*arguments]
        for name, position in self._positions.items():
            placed.insert(position, self._function(name))
        try:
            return function(*placed)
        finally:
            self._open = False

    def _function(self, name: str) -> Any:
        def ask(*arguments: Any) -> Any:
            return self._ask(name, arguments)

        ask.__name__ = ask.__qualname__ = name
        return ask

    def _ask(self, name: str, arguments: tuple[Any, ...]) -> Any:
        if not self._open:
            raise RuntimeError(f"the oracle {name!r} was asked after the call that it was given to")
        question = {"kind": protocol.ASK, "id": self._identity, "oracle": name, "arguments": _encode(arguments)}
        with self._lock:
            _send(self._channel, question)
            reply = _receive(self._channel)
        if reply is None:
            raise EOFError("the judge is gone")
        if reply["error"] is not None:
            raise (TypeError if reply["type"] else ValueError)(reply["error"])
        return _decode(reply["value"], make_array=self._make_array)
