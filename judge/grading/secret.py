"""What a grading derives from its secret: the order of the tests, the seeds of series and of
environments.

The secret is an HMAC of plan and program under the service's salt: a verdict is a pure function of package, program and
salt, so that grading again gives the same verdict, and no candidate can know what is asked next."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from judge.model.plan import TestCase, TestPlan
from judge.model.program import Program


def grading_secret(salt: str, plan: TestPlan, program: Program) -> bytes:
    """Returns 32 bytes."""
    return hmac.digest(salt.encode(), f"{plan.digest}:{program.digest}".encode(), hashlib.sha256)


def case_secret(secret: bytes, case: TestCase) -> bytes:
    """Returns 32 bytes for one test."""
    return hmac.digest(secret, f"case:{case.name}".encode(), hashlib.sha256)


def oracle_seed(secret: bytes, arguments: bytes, number: int) -> int:
    """Returns 63 bits for the environment of a call; ``number`` tells calls with the same arguments apart."""
    told = f"oracle:{number}:".encode() + arguments
    return int.from_bytes(hmac.digest(secret, told, hashlib.sha256)[:8], "big") >> 1


def running_order(secret: bytes, cases: Sequence[TestCase]) -> list[int]:
    """Returns the positions of ``cases`` in the order in which they run: samples first, then the others shuffled."""

    stream = hashlib.shake_256(hmac.digest(secret, b"order", hashlib.sha256)).digest(8 * len(cases))

    def rank(position: int) -> tuple[bool, bytes, int]:
        if cases[position].sample:
            return False, b"", position
        return True, stream[8 * position : 8 * position + 8], position

    return sorted(range(len(cases)), key=rank)
