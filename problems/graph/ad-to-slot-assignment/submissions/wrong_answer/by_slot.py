INFINITE = float("inf")


def assign_ads(values):
    size = max(len(values), len(values[0]))
    costs = [[0] * size for _ in range(size)]
    for ad, row in enumerate(values):
        for slot, value in enumerate(row):
            costs[ad][slot] = -value
    slots = rows_to_columns(costs)
    ads = [slots.index(slot) for slot in range(len(values[0]))]
    return [ad if ad < len(values) else -1 for ad in ads]  # the ad of each slot, not the slot of each ad


def rows_to_columns(costs):
    """The column for each row, with the least sum; there are at least as many columns as rows."""
    n, m = len(costs), len(costs[0])
    of_row, of_column = [0] * (n + 1), [0] * (m + 1)  # potentials; both are counted from 1
    owner = [0] * (m + 1)
    for row in range(1, n + 1):
        owner[0], column = row, 0
        least, way, used = [INFINITE] * (m + 1), [0] * (m + 1), [False] * (m + 1)
        while owner[column]:
            used[column] = True
            here, step, following = owner[column], INFINITE, 0
            for j in range(1, m + 1):
                if not used[j]:
                    reduced = costs[here - 1][j - 1] - of_row[here] - of_column[j]
                    if reduced < least[j]:
                        least[j], way[j] = reduced, column
                    if least[j] < step:
                        step, following = least[j], j
            for j in range(m + 1):
                if used[j]:
                    of_row[owner[j]] += step
                    of_column[j] -= step
                else:
                    least[j] -= step
            column = following
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    answer = [-1] * n
    for column in range(1, m + 1):
        if owner[column]:
            answer[owner[column] - 1] = column - 1
    return answer
