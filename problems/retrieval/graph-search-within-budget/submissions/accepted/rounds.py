"""All neighbours of the best items are looked at in a round, until a round brings nothing better."""


def search(neighbours, entry, queries, k, distance):
    found = []
    for query in range(queries):
        known = {entry: distance(query, entry)}
        expanded = set()
        while True:
            best = sorted(known, key=known.get)[:24]
            ahead = [item for item in best if item not in expanded][:4]
            if not ahead:
                break
            expanded.update(ahead)
            for other in dict.fromkeys(other for item in ahead for other in neighbours[item]):
                if other not in known:
                    known[other] = distance(query, other)
        found.append(best[:k])
    return found
