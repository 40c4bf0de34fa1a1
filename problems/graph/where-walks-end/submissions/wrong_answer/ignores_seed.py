"""The exact probabilities, the same for every seed: no walk is made."""


def end_shares(links, start, stop, walks, seed):
    at, ends = [0.0] * len(links), [0.0] * len(links)
    at[start] = 1.0
    for _ in range(400):
        following = [0.0] * len(links)
        for pin, share in enumerate(at):
            ends[pin] += share * (stop if links[pin] else 1.0)
            for other in links[pin]:
                following[other] += share * (1 - stop) / len(links[pin])
        at = following
    return [min(share, 1.0) for share in ends]
