def personalised_pagerank(n, links, saved, restart):
    leading = [[] for _ in range(n)]
    for a, b in links:
        leading[a].append(b)
    share = [1 / len(saved) if pin in saved else 0.0 for pin in range(n)]
    for _ in range(300):
        following = [restart / len(saved) if pin in saved else 0.0 for pin in range(n)]
        for pin, pins in enumerate(leading):
            part = (1 - restart) * share[pin] / len(pins)  # which may be 0
            for other in pins:
                following[other] += part
        share = following
    return share
