import math


def in_batch_softmax(queries, candidates, log_q, temperature):
    b, loss, gradient = len(queries), 0.0, []
    for i, q in enumerate(queries.tolist()):
        z = [sum(x * y for x, y in zip(q, c)) / temperature - lq for c, lq in zip(candidates.tolist(), log_q.tolist())]
        total = sum(math.exp(x) for x in z)  # OverflowError
        loss += (math.log(total) - z[i]) / b
        gradient.append([(math.exp(x) / total - (j == i)) / b for j, x in enumerate(z)])
    return loss, gradient
