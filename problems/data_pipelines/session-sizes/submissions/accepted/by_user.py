from collections import defaultdict


def session_sizes(users: list[int], times: list[int], gap: int) -> list[int]:
    events = defaultdict(list)
    for at, user in enumerate(users):
        events[user].append((times[at], at))
    sizes = [0] * len(users)
    for own in events.values():
        own.sort()
        begin = 0
        for end in range(1, len(own) + 1):
            if end == len(own) or own[end][0] - own[end - 1][0] > gap:
                for _, at in own[begin:end]:
                    sizes[at] = end - begin
                begin = end
    return sizes
