import random


def k_means(points, k):
    rows = points.tolist()
    centres = random.Random(5).sample(rows, k)  # nothing is moved
    return [min(range(k), key=lambda c: sum((x - y) ** 2 for x, y in zip(row, centres[c]))) for row in rows]
