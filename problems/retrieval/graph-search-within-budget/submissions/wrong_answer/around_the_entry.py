def search(neighbours, entry, queries, k, distance):  # breadth first, up to a hundred items
    found = []
    for query in range(queries):
        order = [entry]
        for item in order:
            order += [other for other in neighbours[item] if other not in order]
            if len(order) > 100:
                break
        found.append(sorted(order[:100], key=lambda item: distance(query, item))[:k])
    return found
