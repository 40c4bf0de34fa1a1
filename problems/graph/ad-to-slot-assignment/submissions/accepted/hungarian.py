"""The Hungarian algorithm with potentials: one row after another, a shortest way to a free column for each."""

INFINITE = float("inf")


def assign_ads(values: list[list[int]]) -> list[int]:
    if len(values) <= len(values[0]):
        return rows_to_columns([[-value for value in row] for row in values])
    slots = rows_to_columns([[-value for value in column] for column in zip(*values)])
    answer = [-1] * len(values)
    for slot, ad in enumerate(slots):
        answer[ad] = slot
    return answer


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
