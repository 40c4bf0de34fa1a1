import numpy as np


def in_batch_softmax(queries, candidates, log_q, temperature):
    z = queries @ candidates.T / temperature - log_q * (1 - np.eye(len(queries)))  # the positive keeps its logit
    log_p = z - np.logaddexp.reduce(z, axis=1)[:, None]
    return -np.mean(log_p.diagonal()), (np.exp(log_p) - np.eye(len(z))) / len(z)
