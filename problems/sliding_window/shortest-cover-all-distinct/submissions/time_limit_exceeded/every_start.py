def shortest_cover_all_distinct(ids):
    wanted, best = len(set(ids)), (-1, -1)
    for left in range(len(ids)):  # O(n^2)
        seen = set()
        for right in range(left, len(ids)):
            seen.add(ids[right])
            if len(seen) == wanted:
                if best == (-1, -1) or right - left < best[1] - best[0]:
                    best = (left, right)
                break
    return best
