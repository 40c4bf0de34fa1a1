"""Numbers derived from a secret: seeds for calls, randomisation for tests, orders. Pure functions of the secret.

``HMAC-SHA256(secret, label)`` keys everything. Seeds are the first four bytes of one HMAC each; bulk numbers are
the raw 64-bit words of a Philox counter generator with that key, because the words of a bit generator are stable
over NumPy's versions and its distributions are not.
"""

from __future__ import annotations

import hmac
import math

import numpy as np

from judge.stats.arrays import Floats, Ints

SEED_LIMIT = 2**31  # seeds are below it: every generator of every language takes them


def derive(secret: bytes, label: str) -> bytes:
    """Returns HMAC-SHA256 of ``label`` under ``secret``: 32 bytes."""
    return hmac.digest(secret, label.encode(), "sha256")


def derive_seeds(secret: bytes, case: str, count: int, run: int = 1) -> list[int]:
    """Returns ``count`` distinct seeds in [0, 2**31), from HMACs of ``case|0``, ``case|1``, ...

    With ``run`` above 1 they come in runs of ``run`` consecutive integers, each from one HMAC; the last may be cut.
    """
    seeds: list[int] = []
    known: set[int] = set()
    number = 0
    while len(seeds) < count:
        start = int.from_bytes(derive(secret, f"{case}|{number}")[:4], "big") % (SEED_LIMIT - run + 1)
        fresh = range(start, start + run)
        if known.isdisjoint(fresh):
            seeds.extend(fresh)
            known.update(fresh)
        number += 1
    return seeds[:count]


class Stream:
    """An endless stream of independent uniform numbers, named by its label."""

    def __init__(self, secret: bytes, label: str) -> None:
        self._bits = np.random.Philox(key=int.from_bytes(derive(secret, label)[:16], "big"))

    def uniforms(self, *shape: int) -> Floats:
        """Returns numbers in [0, 1), multiples of 2**-53."""
        words = np.asarray(self._bits.random_raw(math.prod(shape)), dtype=np.uint64)
        return np.asarray((words >> np.uint64(11)) * 2.0**-53, dtype=np.float64).reshape(shape)

    def integers(self, limit: int, count: int) -> list[int]:
        """Returns ``count`` integers in [0, limit); ``limit`` is at most 2**31."""
        return [int(number) for number in self.uniforms(count) * limit]

    def order(self, count: int) -> Ints:
        """Returns a random permutation of 0, ..., ``count`` - 1."""
        return np.argsort(self.uniforms(count), kind="stable")

    def column_orders(self, rows: int, columns: int) -> Ints:
        """Returns a (rows, columns) matrix whose every column is a random permutation of its own."""
        return np.argsort(self.uniforms(rows, columns), axis=0, kind="stable")
