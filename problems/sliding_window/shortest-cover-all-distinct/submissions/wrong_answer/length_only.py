def shortest_cover_all_distinct(ids):
    wanted, count, left, best = len(set(ids)), {}, 0, len(ids)
    for right, x in enumerate(ids):
        count[x] = count.get(x, 0) + 1
        while count[ids[left]] > 1:
            count[ids[left]] -= 1
            left += 1
        if len(count) == wanted:
            best = min(best, right - left + 1)
    return best  # how long it is, not where
