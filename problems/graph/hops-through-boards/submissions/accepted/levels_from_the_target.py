"""Distances from the target first; then from the source always one step closer."""

from collections import defaultdict


def hops_through_boards(memberships, source, target):
    boards_of, members_of = defaultdict(list), defaultdict(list)
    for user, board in memberships:
        boards_of[user].append(board)
        members_of[board].append(user)
    user_level, board_level = {target: 0}, {}
    level = [target]
    while level and source not in user_level:
        boards = {board for user in level for board in boards_of[user] if board not in board_level}
        for board in boards:
            board_level[board] = user_level[level[0]] + 1
        level = list({user for board in boards for user in members_of[board] if user not in user_level})
        for user in level:
            user_level[user] = board_level[next(iter(boards))] + 1
    if source not in user_level:
        return []
    chain = [source]
    while chain[-1] != target or len(chain) % 2 == 0:
        here = chain[-1]
        distance = user_level[here] - 1
        board = next(board for board in boards_of[here] if board_level.get(board) == distance)
        user = next(user for user in members_of[board] if user_level.get(user) == distance - 1)
        chain += [board, user]
    return chain
