import math
import random
from itertools import accumulate


def sample_hard_negatives(
    queries: list[list[float]], candidates: list[list[float]], tau: float, seed: int
) -> list[int]:
    rng = random.Random(seed)
    picks = []
    for i, q in enumerate(queries):
        others = [j for j in range(len(candidates)) if j != i]
        logits = [tau * sum(x * y for x, y in zip(q, candidates[j])) for j in others]
        top = max(logits)
        weights = list(accumulate(math.exp(z - top) for z in logits))
        u = rng.random() * weights[-1]
        picks.append(next((j for j, w in zip(others, weights) if u < w), others[-1]))
    return picks
