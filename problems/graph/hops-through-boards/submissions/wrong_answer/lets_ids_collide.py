from collections import defaultdict, deque


def hops_through_boards(memberships, source, target):
    neighbours = defaultdict(list)  # one name space for users and boards
    for user, board in memberships:
        neighbours[user].append(board)
        neighbours[board].append(user)
    came_from, queue = {source: None}, deque([source])
    while queue:
        here = queue.popleft()
        if here == target:
            chain = []
            while here is not None:
                chain.append(here)
                here = came_from[here]
            return chain[::-1]
        for there in neighbours[here]:
            if there not in came_from:
                came_from[there] = here
                queue.append(there)
    return []
