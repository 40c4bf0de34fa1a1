import math
import random


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = random.Random(seed)
    picks = []
    for i, q in enumerate(queries):
        for at in range(len(q)):
            q[at] *= tau  # scales the caller's own list
        others = [j for j in range(len(candidates)) if j != i]
        logits = [sum(x * y for x, y in zip(q, candidates[j])) for j in others]
        top = max(logits)
        picks += rng.choices(others, [math.exp(z - top) for z in logits])
    return picks
