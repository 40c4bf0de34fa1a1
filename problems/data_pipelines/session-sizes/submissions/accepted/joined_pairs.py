"""Events that follow each other closely are joined; the size of a tree is kept at its root."""


def session_sizes(users, times, gap):
    root, size = list(range(len(users))), [1] * len(users)

    def find(at):
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    last = {}
    for at in sorted(range(len(users)), key=times.__getitem__):
        before = last.get(users[at])
        if before is not None and times[at] - times[before] <= gap:
            above = find(before)
            root[at] = above
            size[above] += 1
        last[users[at]] = at
    return [size[find(at)] for at in range(len(users))]
