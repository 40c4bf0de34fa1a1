"""Two searches, one from each end, over vertices tagged by their side; the smaller frontier moves."""

from collections import defaultdict


def hops_through_boards(memberships, source, target):
    neighbours = defaultdict(list)
    for user, board in set(memberships):
        neighbours["user", user].append(("board", board))
        neighbours["board", board].append(("user", user))
    start, goal = ("user", source), ("user", target)
    parents = ({start: None}, {goal: None})
    frontiers = [[start], [goal]]
    meeting = start if start == goal else None
    while meeting is None and all(frontiers):
        side = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
        frontiers[side], meeting = expand(neighbours, frontiers[side], parents[side], parents[1 - side])
    if meeting is None:
        return []
    back, forth = walk(parents[0], meeting), walk(parents[1], meeting)
    return [name for _, name in back[::-1] + forth[1:]]


def expand(neighbours, frontier, parents, others):
    following = []
    for vertex in frontier:
        for neighbour in neighbours[vertex]:
            if neighbour not in parents:
                parents[neighbour] = vertex
                if neighbour in others:
                    return following, neighbour
                following.append(neighbour)
    return following, None


def walk(parents, vertex):
    chain = []
    while vertex is not None:
        chain.append(vertex)
        vertex = parents[vertex]
    return chain
