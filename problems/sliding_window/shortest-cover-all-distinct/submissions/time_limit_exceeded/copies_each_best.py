def shortest_cover_all_distinct(ids):
    wanted, count, left = len(set(ids)), {}, 0
    best, where = ids, (0, len(ids) - 1) if ids else (-1, -1)
    for right, x in enumerate(ids):
        count[x] = count.get(x, 0) + 1
        while count[ids[left]] > 1:
            count[ids[left]] -= 1
            left += 1
        if len(count) == wanted and right - left + 1 < len(best):
            best, where = ids[left : right + 1], (left, right)  # O(n) for each better one: O(n^2) when they are many
    return where
