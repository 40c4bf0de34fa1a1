def shortest_cover_all_distinct(ids):
    wanted, seen = len(set(ids)), set()
    for right, x in enumerate(ids):
        seen.add(x)
        if len(seen) == wanted:
            return (0, right)  # the shortest prefix
    return (-1, -1)
