def shortest_cover_all_distinct(ids):
    if not ids:
        return (-1, -1)
    wanted, count, left = len(set(ids)), {}, 0
    best = (0, len(ids))  # half-open, as slices are
    for right, x in enumerate(ids, start=1):
        count[x] = count.get(x, 0) + 1
        while count[ids[left]] > 1:
            count[ids[left]] -= 1
            left += 1
        if len(count) == wanted and right - left < best[1] - best[0]:
            best = (left, right)
    return best
