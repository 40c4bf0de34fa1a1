import numpy as np


def in_batch_softmax(
    queries: np.ndarray, candidates: np.ndarray, log_q: np.ndarray, temperature: float
) -> tuple[float, np.ndarray]:
    b = len(queries)
    z = queries @ candidates.T / temperature - log_q
    z = z - z.max(axis=1, keepdims=True)
    weights = np.exp(z)
    totals = weights.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(totals[:, 0]) - np.diagonal(z))
    return loss, (weights / totals - np.eye(b)) / b
