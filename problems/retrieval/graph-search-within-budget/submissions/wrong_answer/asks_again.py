def search(neighbours, entry, queries, k, distance):  # asks for what it knows already
    found = []
    for query in range(queries):
        best, before = [entry], None
        while best != before:
            before = best
            ahead = {other for item in best for other in [item, *neighbours[item]]}
            best = sorted(ahead, key=lambda item: distance(query, item))[:20]
        found.append(best[:k])
    return found
