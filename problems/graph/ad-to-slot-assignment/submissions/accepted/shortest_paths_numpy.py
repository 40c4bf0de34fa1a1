"""Jonker and Volgenant's form of the same idea: Dijkstra on reduced costs, a whole row at a time in NumPy."""

import numpy as np

FAR = np.iinfo(np.int64).max // 4


def assign_ads(values):
    costs = -np.array(values, dtype=np.int64)
    turned = costs.shape[0] > costs.shape[1]
    if turned:
        costs = costs.T
    rows, columns = costs.shape
    u, v = np.zeros(rows, dtype=np.int64), np.zeros(columns, dtype=np.int64)
    column_of, row_of = np.full(rows, -1), np.full(columns, -1)
    for start in range(rows):
        distance, path, done = np.full(columns, FAR), np.full(columns, -1), np.zeros(columns, dtype=bool)
        row, lowest, seen_rows = start, 0, [start]
        while True:
            offers = lowest + costs[row] - u[row] - v
            better = ~done & (offers < distance)
            distance[better], path[better] = offers[better], row
            column = int(np.where(done, FAR, distance).argmin())
            lowest, done[column] = distance[column], True
            if row_of[column] < 0:
                break
            row = row_of[column]
            seen_rows.append(row)
        u[start] += lowest
        for other in seen_rows[1:]:
            u[other] += lowest - distance[column_of[other]]
        v[done] += distance[done] - lowest
        while True:  # along the path, back to the start
            row = path[column]
            row_of[column] = row
            column_of[row], column = column, column_of[row]
            if row == start:
                break
    return row_of if turned else column_of
