def search(neighbours, entry, queries, k, distance):  # one item for each query
    found = []
    for query in range(queries):
        here, near = entry, distance(query, entry)
        while True:
            best, item = min((distance(query, other), other) for other in neighbours[here])
            if best >= near:
                break
            here, near = item, best
        found.append([here] if k > 1 else [here, entry])
    return found
