from collections import defaultdict


def hops_through_boards(memberships, source, target):
    boards_of, members_of = defaultdict(list), defaultdict(list)
    for user, board in memberships:
        boards_of[user].append(board)
        members_of[board].append(user)
    came_from, seen, stack = {source: None}, set(), [source]
    while stack:  # a stack: depth first
        user = stack.pop()
        if user == target:
            chain = [user]
            while came_from[chain[-1]] is not None:
                chain += list(came_from[chain[-1]])
            return chain[::-1]
        for board in boards_of[user]:
            if board not in seen:
                seen.add(board)
                for other in members_of[board]:
                    if other not in came_from:
                        came_from[other] = (board, user)
                        stack.append(other)
    return []
