import numpy as np


def in_batch_softmax(queries, candidates, log_q, temperature):
    logits = queries @ candidates.T / temperature - log_q
    largest = logits.max()
    weights = np.exp(logits - largest)
    totals = weights.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(totals[:, 0]) + largest - np.diag(logits))
    return float(loss), (weights / totals - np.eye(len(logits))) / len(logits)
