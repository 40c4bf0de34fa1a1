from collections import deque


def hops_through_boards(memberships, source, target):
    came_from, queue = {source: None}, deque([source])
    while queue:
        user = queue.popleft()
        if user == target:
            chain = [user]
            while came_from[chain[-1]] is not None:
                chain += list(came_from[chain[-1]])
            return chain[::-1]
        boards = [b for u, b in memberships if u == user]  # the whole list for each user
        for other, board in memberships:
            if board in boards and other not in came_from:
                came_from[other] = (board, user)
                queue.append(other)
    return []
