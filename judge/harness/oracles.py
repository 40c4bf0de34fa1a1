"""The candidate's end of the oracles of a call: plain functions that send a question on the channel and wait.

Everything that matters (counting, types, the budget, the answer) is on the judge's side: whoever forges questions here
gets what an honest asker gets, and no more of it. For honest programs with threads, child processes and signal
handlers, one question is asked at a time and nothing comes between it and its reply: the asker holds a token, a byte in
a pipe that all processes of the call share, and signals wait meanwhile.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # the C module: signal itself costs start-up time
import os

from . import protocol, wire

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_read, _write, _close, _mask = os.read, os.write, os.close, _signal.pthread_sigmask
_EVERY_SIGNAL = _signal.valid_signals()
_send, _receive, _encode, _decode = protocol.send, protocol.receive, wire.encode, wire.decode


class Oracles:
    """The oracles of one call."""

    def __init__(self, channel: int, request: Any, make_array: Callable[..., Any]) -> None:
        self._channel = channel
        self._identity = request["id"]
        self._positions: dict[str, int] = request["oracles"]
        self._make_array = make_array
        self._token = os.pipe()
        _write(self._token[1], b"t")
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
            for end in self._token:
                _close(end)

    def _function(self, name: str) -> Any:
        def ask(*arguments: Any) -> Any:
            return self._ask(name, arguments)

        ask.__name__ = ask.__qualname__ = name
        return ask

    def _ask(self, name: str, arguments: tuple[Any, ...]) -> Any:
        if not self._open:
            raise RuntimeError(f"the oracle {name!r} was asked after the call that it was given to")
        question = {"kind": protocol.ASK, "id": self._identity, "oracle": name, "arguments": _encode(arguments)}
        waiting = _mask(_signal.SIG_BLOCK, _EVERY_SIGNAL)
        try:
            token = _read(self._token[0], 1)
            try:
                _send(self._channel, question)
                reply = _receive(self._channel)
            finally:
                _write(self._token[1], token)
        finally:
            _mask(_signal.SIG_SETMASK, waiting)
        if reply is None:
            raise EOFError("the judge is gone")
        if reply["error"] is not None:
            raise (TypeError if reply["type"] else ValueError)(reply["error"])
        return _decode(reply["value"], make_array=self._make_array)
