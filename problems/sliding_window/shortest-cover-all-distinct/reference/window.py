"""The shortest stretch that ends at each position, by the next stretch that begins with its own first id."""


def shortest_cover_all_distinct(ids):
    missing = len(set(ids))
    seen = dict.fromkeys(ids, 0)
    best, left = (-1, -1), 0
    for right, name in enumerate(ids):
        missing -= seen[name] == 0
        seen[name] += 1
        while missing == 0 and seen[ids[left]] > 1:
            seen[ids[left]] -= 1
            left += 1
        if missing == 0 and (best == (-1, -1) or right - left < best[1] - best[0]):
            best = (left, right)
    return best
