from itertools import permutations


def assign_ads(values):
    turned = len(values) > len(values[0])
    rows = list(zip(*values)) if turned else values
    best, columns = None, None
    for order in permutations(range(len(rows[0])), len(rows)):  # 70! of them
        total = sum(row[column] for row, column in zip(rows, order))
        if best is None or total > best:
            best, columns = total, order
    if not turned:
        return columns
    return [columns.index(row) if row in columns else -1 for row in range(len(values))]
