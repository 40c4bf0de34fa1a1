"""The list that is asked for, by its definition."""


def ten_best(documents, multiplier, modulus):
    return sorted(range(documents), key=lambda i: (-(i * multiplier % modulus), i))[:10]
