import numpy as np


def sample_hard_negatives(queries, candidates, tau, seed):
    rng = np.random.default_rng(seed)
    picks = []
    for i, q in enumerate(np.array(queries)):
        logits = tau * (np.delete(np.array(candidates), i, axis=0) @ q)
        picks.append(int(np.argmax(logits + rng.gumbel(size=len(logits)))))  # an index into the list without i
    return picks
