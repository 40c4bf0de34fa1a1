"""The k nearest items, by looking at all of them."""

import math


def search(neighbours, entry, queries, k, points, asked, budget):
    return [sorted(range(len(points)), key=lambda item: math.dist(query, points[item]))[:k] for query in asked]
