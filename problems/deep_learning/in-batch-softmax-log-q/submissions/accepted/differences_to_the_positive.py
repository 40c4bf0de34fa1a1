"""The loss of a row from the differences to the positive's logit: log(sum of exp(z_ij - z_ii))."""

import numpy as np


def in_batch_softmax(queries, candidates, log_q, temperature):
    z = np.einsum("id,jd->ij", queries, candidates) / temperature - log_q[np.newaxis, :]
    differences = z - z.diagonal()[:, np.newaxis]
    losses = np.logaddexp.reduce(differences, axis=1)
    gradient = np.exp(differences - losses[:, np.newaxis])
    np.fill_diagonal(gradient, np.expm1(-losses))
    return float(losses.sum()) / len(z), gradient / len(z)
