def shortest_cover_all_distinct(ids):
    if not ids:
        return (-1, -1)
    wanted, count, left = len(set(ids)), {}, 0
    begin, length = 0, len(ids)
    for right, x in enumerate(ids):
        count[x] = count.get(x, 0) + 1
        while count[ids[left]] > 1:
            count[ids[left]] -= 1
            left += 1
        if len(count) == wanted and right - left + 1 < length:
            begin, length = left, right - left + 1
    return (begin, length)  # a length where an index belongs
