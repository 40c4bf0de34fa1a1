"""The number of edges of a shortest chain, from one level of users to the next."""

from collections import defaultdict


def least_edges(memberships, source, target):
    """Returns 0 when the users are the same, -1 when there is no chain."""
    boards_of, members_of = defaultdict(set), defaultdict(set)
    for user, board in memberships:
        boards_of[user].add(board)
        members_of[board].add(user)
    reached, level, edges = {source}, {source}, 0
    used = set()
    while level and target not in reached:
        boards = set().union(*(boards_of.get(user, ()) for user in level)) - used
        used |= boards
        level = set().union(*(members_of[board] for board in boards)) - reached
        reached |= level
        edges += 2
    return edges if target in reached else -1
