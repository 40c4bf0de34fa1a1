def personalised_pagerank(n, links, saved, restart):
    leading = [[] for _ in range(n)]
    for a, b in links:
        leading[a].append(b)
    share = [1 / len(saved) if pin in saved else 0.0 for pin in range(n)]
    for _ in range(600):
        following = [restart / len(saved) if pin in saved else 0.0 for pin in range(n)]
        for pin, pins in enumerate(leading):
            for other in pins:  # what was at a pin without links is gone
                following[other] += (1 - restart) * share[pin] / len(pins)
        if sum(abs(x - y) for x, y in zip(share, following)) < 1e-10:
            return following
        share = following
    return share
