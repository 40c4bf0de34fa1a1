import math


def attention(queries, keys, values, mask):
    keys, values, answer = keys.tolist(), values.tolist(), []
    for q, seen in zip(queries.tolist(), mask.tolist()):
        visible = [j for j, yes in enumerate(seen) if yes]
        if not visible:
            answer.append([0.0] * len(values[0]))
            continue
        z = [sum(x * y for x, y in zip(q, keys[j])) / math.sqrt(len(q)) for j in visible]
        top = max(z)
        weights = [math.exp(x - top) for x in z]
        total = sum(weights)
        columns = zip(*(values[j] for j in visible))
        answer.append([sum(w * v for w, v in zip(weights, column)) / total for column in columns])
    return answer
