"""Notices what a call does besides answering: it changes its arguments, or a global random generator.

A generator that was seeded and then left alone draws what it draws after seeding: to see that costs a fifth of what
comparing its state, 624 words, does. Arguments that were left alone are encoded to the bytes that they came as.
"""

from __future__ import annotations

import sys

from . import wire

TYPE_CHECKING = False  # typing costs start-up time
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_encode, _decode = wire.encode, wire.decode


class Audit:
    """One audited call: ``mapping`` are its decoded arguments, ``encoded`` the bytes that they came as."""

    def __init__(self, seed: int, mapping: Any, encoded: bytes, make_array: Callable[..., Any]) -> None:
        import random

        if "numpy" in sys.modules:
            __import__("numpy.random")  # lazy: without it a first use in the call would not be seen
        self.random = random
        self.numpy = sys.modules.get("numpy.random")
        self.mapping = mapping
        self.encoded = encoded
        self.make_array = make_array
        self._seed(seed)
        self.drawn = self._draw()
        self._seed(seed)

    def _seed(self, seed: int) -> None:
        self.random.seed(seed)
        if self.numpy is not None:
            self.numpy.seed(seed % 2**32)

    def _draw(self) -> Any:
        return self.random.getrandbits(64), None if self.numpy is None else self.numpy.random_sample()

    def close(self) -> dict[str, bool]:
        """Returns what was noticed."""
        return {"mutated": self._mutated(), "random": self._draw() != self.drawn}

    def _mutated(self) -> bool:
        """Whether the arguments are other values than those that came; what has no encoding did not come."""
        try:
            now = _encode(self.mapping)
            if now == self.encoded:
                return False
            return now != _encode(_decode(self.encoded, make_array=self.make_array))
        except BaseException:
            return True
