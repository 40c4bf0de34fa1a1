from collections import Counter


def shortest_cover_all_distinct(ids: list[int]) -> tuple[int, int]:
    if not ids:
        return -1, -1
    wanted = len(set(ids))
    inside: Counter[int] = Counter()
    best_left, best_right = 0, len(ids) - 1
    left = 0
    for right, x in enumerate(ids):
        inside[x] += 1
        while len(inside) == wanted:
            if right - left < best_right - best_left:
                best_left, best_right = left, right
            inside[ids[left]] -= 1
            if inside[ids[left]] == 0:
                del inside[ids[left]]
            left += 1
    return best_left, best_right
