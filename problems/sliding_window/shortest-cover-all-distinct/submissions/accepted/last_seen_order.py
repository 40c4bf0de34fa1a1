"""A dictionary in the order of last sight: its first entry is where the stretch that ends here must begin."""

from collections import OrderedDict


def shortest_cover_all_distinct(ids: list[int]) -> tuple[int, int]:
    wanted = len(set(ids))
    last: OrderedDict[int, int] = OrderedDict()
    best = (-1, -1)
    for position, name in enumerate(ids):
        last[name] = position
        last.move_to_end(name)
        if len(last) == wanted:
            begin = next(iter(last.values()))
            if best[0] < 0 or position - begin < best[1] - best[0]:
                best = (begin, position)
    return best
