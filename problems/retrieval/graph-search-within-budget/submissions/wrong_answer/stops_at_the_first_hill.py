def search(neighbours, entry, queries, k, distance):  # goes to the best neighbour while that is better
    found = []
    for query in range(queries):
        known = {entry: distance(query, entry)}
        here = entry
        while True:
            for other in neighbours[here]:
                known.setdefault(other, 0.0)
                known[other] = known[other] or distance(query, other)
            best = min(known, key=known.get)
            if best == here:
                break
            here = best
        order = sorted([here, *neighbours[here]], key=known.get)
        order += [item for item in range(len(neighbours)) if item not in order]
        found.append(order[:k])
    return found
