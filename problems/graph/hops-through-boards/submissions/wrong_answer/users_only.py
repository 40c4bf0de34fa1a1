from collections import defaultdict, deque


def hops_through_boards(memberships, source, target):
    boards_of, members_of = defaultdict(list), defaultdict(list)
    for user, board in memberships:
        boards_of[user].append(board)
        members_of[board].append(user)
    came_from, seen, queue = {source: None}, set(), deque([source])
    while queue:
        user = queue.popleft()
        if user == target:
            chain = []
            while user is not None:
                chain.append(user)
                user = came_from[user]
            return chain[::-1]  # without the boards in between
        for board in boards_of[user]:
            if board not in seen:
                seen.add(board)
                for other in members_of[board]:
                    if other not in came_from:
                        came_from[other] = user
                        queue.append(other)
    return []
