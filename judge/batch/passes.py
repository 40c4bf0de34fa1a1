"""pass@k of a file of results: the chance that of k samples of a task, drawn without repetition, at least one passes.

For a task with n samples of which c pass it is 1 − C(n − c, k) / C(n, k), the unbiased estimate of Chen et al.,
"Evaluating Large Language Models Trained on Code" (2021), equation 1; the figure is the mean over all tasks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import comb
from pathlib import Path

import msgspec

KS = (1, 10, 100)


class _Line(msgspec.Struct, frozen=True):
    """What is looked at in a line."""

    task_id: str = ""
    passed: bool | None = None
    base_status: str | None = None


@dataclass(slots=True)
class Passes:
    """How many samples of each task there are, and how many pass: all tests, or the first part of tests with two."""

    samples: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    passed_base: Counter[str] = field(default_factory=Counter)
    has_base: bool = False  # whether tests have two parts

    def at(self, *, base: bool = False) -> dict[str, float]:
        """pass@k for 1, 10 and 100, where every task has as many samples."""
        fewest = min(self.samples.values(), default=0)
        return {f"pass@{k}": self._mean(k, self.passed_base if base else self.passed) for k in KS if k <= fewest}

    def _mean(self, k: int, passed: Counter[str]) -> float:
        return sum(pass_at_k(n, passed[task], k) for task, n in self.samples.items()) / len(self.samples)


def pass_at_k(n: int, c: int, k: int) -> float:
    """Returns the estimate for ``c`` of ``n`` samples that pass; 1 ≤ k ≤ n."""
    return 1 - comb(n - c, k) / comb(n, k)


def read_passes(results: Path) -> Passes:
    """Returns what a file of results holds; lines without ``passed`` do not count."""
    found, decoder = Passes(), msgspec.json.Decoder(_Line)
    with results.open("rb") as file:
        for raw in file:
            line = decoder.decode(raw)
            if line.passed is not None:
                found.samples[line.task_id] += 1
                found.passed[line.task_id] += line.passed
                found.passed_base[line.task_id] += line.base_status == "pass"
                found.has_base = found.has_base or line.base_status is not None
    return found
