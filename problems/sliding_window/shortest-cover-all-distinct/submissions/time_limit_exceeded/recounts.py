def shortest_cover_all_distinct(ids):
    count = dict.fromkeys(ids, 0)
    best, left = (-1, -1), 0
    for right, x in enumerate(ids):
        count[x] += 1
        while ids and all(times > 0 for times in count.values()):  # O(k) at each step
            if best == (-1, -1) or right - left < best[1] - best[0]:
                best = (left, right)
            count[ids[left]] -= 1
            left += 1
    return best
