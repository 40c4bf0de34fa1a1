def shortest_cover_all_distinct(ids):
    wanted, count, left = len(set(ids)), {ids[0]: 0}, 0  # IndexError when there is none
    best = (0, len(ids) - 1)
    for right, x in enumerate(ids):
        count[x] = count.get(x, 0) + 1
        while count[ids[left]] > 1:
            count[ids[left]] -= 1
            left += 1
        if len(count) == wanted and right - left < best[1] - best[0]:
            best = (left, right)
    return best
