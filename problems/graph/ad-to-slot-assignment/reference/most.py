"""The greatest sum, by successive cheapest paths from ads to slots (Bellman and Ford), without potentials."""


def assign_ads(values):
    if len(values) > len(values[0]):
        values = [list(column) for column in zip(*values, strict=True)]
    owner = [None] * len(values[0])  # of a column: its row
    for row in range(len(values)):
        _augment(values, owner, row)
    return sum(values[row][column] for column, row in enumerate(owner) if row is not None)


def _augment(values, owner, row):
    """Gives ``row`` a column; rows that have one may move to another, so that the sum grows most."""
    columns = range(len(owner))
    gain, before = list(values[row]), [None] * len(owner)  # of ways that end in a column; the column before it
    changed = True
    while changed:
        changed = False
        for old in columns:
            if owner[old] is None:
                continue
            mine = values[owner[old]]
            for new in columns:
                if gain[old] - mine[old] + mine[new] > gain[new]:
                    gain[new], before[new], changed = gain[old] - mine[old] + mine[new], old, True
    column = max((column for column in columns if owner[column] is None), key=gain.__getitem__)
    while before[column] is not None:
        owner[column] = owner[before[column]]
        column = before[column]
    owner[column] = row
