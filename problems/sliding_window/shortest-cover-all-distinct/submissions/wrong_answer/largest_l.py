def shortest_cover_all_distinct(ids):
    if not ids:
        return (-1, -1)
    wanted, count, left = len(set(ids)), {}, 0
    best = (0, len(ids) - 1)
    for right, x in enumerate(ids):
        count[x] = count.get(x, 0) + 1
        while count[ids[left]] > 1:
            count[ids[left]] -= 1
            left += 1
        if len(count) == wanted and right - left <= best[1] - best[0]:  # <= keeps the last of the shortest
            best = (left, right)
    return best
