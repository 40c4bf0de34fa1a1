from collections import defaultdict, deque


def hops_through_boards(memberships: list[tuple[int, int]], source: int, target: int) -> list[int]:
    if source == target:
        return [source]
    boards_of, members_of = defaultdict(list), defaultdict(list)
    for user, board in memberships:
        boards_of[user].append(board)
        members_of[board].append(user)
    came_from = {source: None}  # user -> (user, board)
    seen_boards = set()
    queue = deque([source])
    while queue:
        user = queue.popleft()
        for board in boards_of[user]:
            if board in seen_boards:
                continue
            seen_boards.add(board)
            for other in members_of[board]:
                if other in came_from:
                    continue
                came_from[other] = (user, board)
                if other == target:
                    return unwind(came_from, target)
                queue.append(other)
    return []


def unwind(came_from, user):
    chain = [user]
    while came_from[user] is not None:
        user, board = came_from[user]
        chain += [board, user]
    return chain[::-1]
