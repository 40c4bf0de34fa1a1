"""What a call did besides answering."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from judge.harness import wire
from judge.model.run import Audit


class Auditor:
    """Notices a change of the arguments or of a global random generator; puts the generators back as they were."""

    def __init__(self, seed: int, arguments: list[Any]) -> None:
        self._saved = random.getstate(), np.random.get_state()
        random.seed(seed)
        np.random.seed(seed % 2**32)
        self._arguments = arguments
        self._before = wire.encode(arguments)
        self._states = _generator_states()

    def close(self) -> Audit:
        changed = _generator_states() != self._states
        random.setstate(self._saved[0])
        np.random.set_state(self._saved[1])
        try:
            mutated = wire.encode(self._arguments) != self._before
        except (TypeError, wire.WireError):
            mutated = True
        return Audit(input_mutated=mutated, global_random_changed=changed)


def _generator_states() -> tuple[object, ...]:
    name, keys, *rest = np.random.get_state(legacy=True)
    return (random.getstate(), name, np.asarray(keys).tobytes(), *rest)
