"""The Hungarian algorithm as it stands in books: for costs, of which the least sum is wanted."""


def assign_ads(values):
    n, m = len(values), len(values[0])
    size = max(n, m)
    costs = [[values[a][s] if a < n and s < m else 0 for s in range(size)] for a in range(size)]
    u, v, owner = [0] * (size + 1), [0] * (size + 1), [0] * (size + 1)
    for row in range(1, size + 1):
        owner[0], column = row, 0
        least, way, used = [float("inf")] * (size + 1), [0] * (size + 1), [False] * (size + 1)
        while owner[column]:
            used[column] = True
            here, step, following = owner[column], float("inf"), 0
            for j in range(1, size + 1):
                if not used[j]:
                    reduced = costs[here - 1][j - 1] - u[here] - v[j]
                    if reduced < least[j]:
                        least[j], way[j] = reduced, column
                    if least[j] < step:
                        step, following = least[j], j
            for j in range(size + 1):
                if used[j]:
                    u[owner[j]] += step
                    v[j] -= step
                else:
                    least[j] -= step
            column = following
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    answer = [-1] * n
    for slot in range(m):
        if owner[slot + 1] <= n:
            answer[owner[slot + 1] - 1] = slot
    return answer
