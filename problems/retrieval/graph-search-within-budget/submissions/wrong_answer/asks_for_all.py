def search(neighbours, entry, queries, k, distance):
    return [sorted(range(len(neighbours)), key=lambda item: distance(query, item))[:k] for query in range(queries)]
