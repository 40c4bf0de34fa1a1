from collections import defaultdict


def hops_through_boards(memberships, source, target):
    boards_of, members_of = defaultdict(list), defaultdict(list)
    for user, board in memberships:
        boards_of[user].append(board)
        members_of[board].append(user)

    def levels(frontier, came_from, seen):
        """One call per level: a long chain is deeper than Python's stack."""
        if target in came_from or not frontier:
            return came_from
        following = []
        for user in frontier:
            for board in boards_of[user]:
                if board not in seen:
                    seen.add(board)
                    for other in members_of[board]:
                        if other not in came_from:
                            came_from[other] = (board, user)
                            following.append(other)
        return levels(following, came_from, seen)

    came_from = levels([source], {source: None}, set())
    chain = [target] if target in came_from else []
    while chain and came_from[chain[-1]] is not None:
        chain += list(came_from[chain[-1]])
    return chain[::-1]
