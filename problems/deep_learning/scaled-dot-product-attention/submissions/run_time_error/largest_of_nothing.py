import math


def attention(queries, keys, values, mask):
    answer = []
    for q, seen in zip(queries.tolist(), mask.tolist()):
        z = [sum(x * y for x, y in zip(q, k)) / math.sqrt(len(q)) for k in keys.tolist()]
        top = max(x for x, yes in zip(z, seen) if yes)  # ValueError where no key is seen
        weights = [math.exp(x - top) if yes else 0.0 for x, yes in zip(z, seen)]
        answer.append([sum(w * v for w, v in zip(weights, column)) / sum(weights) for column in values.T.tolist()])
    return answer
