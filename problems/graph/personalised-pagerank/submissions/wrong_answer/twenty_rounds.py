def personalised_pagerank(n, links, saved, restart):
    leading = [[] for _ in range(n)]
    for a, b in links:
        leading[a].append(b)
    share = [1 / len(saved) if pin in saved else 0.0 for pin in range(n)]
    for _ in range(20):  # far from the end
        following = [0.0] * n
        for pin, pins in enumerate(leading):
            for other in pins:
                following[other] += (1 - restart) * share[pin] / len(pins)
        rest = (1 - sum(following)) / len(saved)
        for pin in saved:
            following[pin] += rest
        share = following
    return share
