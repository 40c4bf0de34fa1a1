def shortest_cover_all_distinct(ids):
    wanted, count, left = len(set(ids)), {}, 0
    best = (0, len(ids) - 1) if ids else (-1, -1)
    for right, x in enumerate(ids):
        count[x] = count.get(x, 0) + 1
        while count[ids[left]] > 1:
            count[ids[left]] -= 1
            left += 1
        if len(count) == wanted and right - left < best[1] - best[0]:
            if all(times > 0 for times in count.values()):  # O(k) for each better one: O(n k) when they are many
                best = (left, right)
    return best
