from collections import defaultdict, deque

OFFSET = 10**6  # "no user has so large a number"


def hops_through_boards(memberships, source, target):
    neighbours = defaultdict(list)
    for user, board in memberships:
        neighbours[user].append(board + OFFSET)
        neighbours[board + OFFSET].append(user)
    came_from, queue = {source: None}, deque([source])
    while queue:
        here = queue.popleft()
        if here == target:
            chain = []
            while here is not None:
                chain.append(here)
                here = came_from[here]
            return [name - OFFSET * (at % 2) for at, name in enumerate(chain[::-1])]
        for there in neighbours[here]:
            if there not in came_from:
                came_from[there] = here
                queue.append(there)
    return []
