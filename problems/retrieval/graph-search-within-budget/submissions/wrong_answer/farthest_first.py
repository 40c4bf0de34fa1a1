def search(neighbours, entry, queries, k, distance):  # the heap is the wrong way round
    found = []
    for query in range(queries):
        known, ahead = {entry: distance(query, entry)}, [entry]
        while ahead and len(known) < 60:
            for other in neighbours[ahead.pop(0)]:
                if other not in known:
                    known[other] = distance(query, other)
                    ahead.append(other)
            ahead.sort(key=known.get, reverse=True)
        found.append(sorted(known, key=known.get, reverse=True)[:k])
    return found
