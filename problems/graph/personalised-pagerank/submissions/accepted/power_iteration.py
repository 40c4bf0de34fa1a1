def personalised_pagerank(n: int, links: list[tuple[int, int]], saved: list[int], restart: float) -> list[float]:
    leading = [[] for _ in range(n)]
    for a, b in links:
        leading[a].append(b)
    share = [0.0] * n
    for pin in saved:
        share[pin] = 1 / len(saved)
    change = 1.0
    while change > 1e-9:
        following = [0.0] * n
        for pin, pins in enumerate(leading):
            if pins and share[pin]:
                part = (1 - restart) * share[pin] / len(pins)
                for other in pins:
                    following[other] += part
        rest = (1 - sum(following)) / len(saved)
        for pin in saved:
            following[pin] += rest
        change = sum(abs(x - y) for x, y in zip(share, following))
        share = following
    return share
