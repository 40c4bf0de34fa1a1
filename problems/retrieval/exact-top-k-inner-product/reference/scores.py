"""The score of every item for every query: sums of rounded products, added without error."""

import math


def scores(queries, corpus, k):
    rows = corpus.tolist()
    return [[math.fsum(x * y for x, y in zip(query, row, strict=True)) for row in rows] for query in queries.tolist()]
