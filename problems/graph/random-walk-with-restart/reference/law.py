"""The law of one step, as a matrix: row a holds the probabilities of the next pin."""


def walk(links, start, restart, steps):
    law = [[0.0] * len(links) for _ in links]
    for row, pins in zip(law, links, strict=True):
        row[start] += restart if pins else 1.0
        for pin in pins:
            row[pin] += (1.0 - restart) / len(pins)
    return law
