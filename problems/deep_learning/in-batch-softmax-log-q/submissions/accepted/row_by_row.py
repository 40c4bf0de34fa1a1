import math


def in_batch_softmax(queries, candidates, log_q, temperature):
    b, loss, gradient = len(queries), 0.0, []
    columns, corrections = candidates.tolist(), log_q.tolist()
    for i, q in enumerate(queries.tolist()):
        z = [sum(x * y for x, y in zip(q, c)) / temperature - lq for c, lq in zip(columns, corrections)]
        top = max(z)
        log_total = top + math.log(math.fsum(math.exp(x - top) for x in z))
        loss += (log_total - z[i]) / b
        gradient.append([(math.exp(x - log_total) - (j == i)) / b for j, x in enumerate(z)])
    return loss, gradient
