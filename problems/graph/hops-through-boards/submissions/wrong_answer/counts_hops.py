from collections import defaultdict


def hops_through_boards(memberships, source, target):
    boards_of, members_of = defaultdict(set), defaultdict(set)
    for user, board in memberships:
        boards_of[user].add(board)
        members_of[board].add(user)
    reached, level, hops = {source}, {source}, 0
    while level and target not in reached:
        boards = {board for user in level for board in boards_of[user]}
        level = {user for board in boards for user in members_of[board]} - reached
        reached |= level
        hops += 1
    return hops if target in reached else -1  # how far, not which way
