from collections import defaultdict, deque


def hops_through_boards(memberships, source, target):
    boards_of, members_of = defaultdict(list), defaultdict(list)
    for user, board in memberships:
        boards_of[user].append(board)
        members_of[board].append(user)
    chains, seen, queue = {source: None}, set(), deque([source])
    while queue:
        user = queue.popleft()
        for board in boards_of[user]:
            if board in seen:
                continue
            seen.add(board)
            for other in members_of[board]:
                if other not in chains:
                    chains[other] = (user, board)
                    queue.append(other)
                    if other == target:  # never, when the search begins there
                        chain = [other]
                        while chains[chain[-1]] is not None:
                            before, through = chains[chain[-1]]
                            chain += [through, before]
                        return chain[::-1]
    return []
