def personalised_pagerank(n, links, saved, restart):
    leading = [[] for _ in range(n)]
    for a, b in links:
        leading[a].append(b)
    home = [1 / len(saved) if pin in saved else 0.0 for pin in range(n)]
    share = home
    for _ in range(600):
        stuck = sum(share[pin] for pin in range(n) if not leading[pin])
        following = [restart * h + (1 - restart) * stuck / n for h in home]  # to any pin, not to a saved one
        for pin, pins in enumerate(leading):
            for other in pins:
                following[other] += (1 - restart) * share[pin] / len(pins)
        if sum(abs(x - y) for x, y in zip(share, following)) < 1e-10:
            return following
        share = following
    return share
