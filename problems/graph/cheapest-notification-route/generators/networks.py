"""Networks of several kinds. Relays are called by numbers that are far apart, so that they are no positions of a
list."""


def generate(rng, kind, relays, most, links=0):
    network, source, target = {
        "random": lambda: _random(rng, relays, links, most),
        "ladder": lambda: _ladder(rng, relays, most),
        "bait": lambda: _bait(rng, relays, most),
        "parallel": lambda: _parallel(rng, relays, most),
        "star": lambda: _star(rng, relays, most),
        "exact": lambda: _exact(rng, relays, most),
        "against": lambda: _against(rng, relays, links, most),
        "unknown": lambda: (_random(rng, relays, links, most)[0], 0, relays + 1),
        "same": lambda: (_random(rng, relays, links, most)[0], 0, 0),
        "alone": lambda: (_random(rng, relays, links, most)[0], relays + 1, relays + 1),
        "chain": lambda: _chain(rng, relays, most),
    }[kind]()
    names = rng.sample(range(-(10**9), 10**9 + 1), relays + 2)
    rng.shuffle(network)
    return {
        "links": [(names[a], names[b], price) for a, b, price in network],
        "source": names[source],
        "target": names[target],
    }


def _random(rng, relays, links, most):
    """Random links, and a dear chain through half of the relays, so that most targets can be reached."""
    network = [(rng.randrange(relays), rng.randrange(relays), rng.randint(0, most)) for _ in range(links - relays // 2)]
    chain = rng.sample(range(relays), relays // 2 + 1)
    network += [(a, b, rng.randint(most // 2, most)) for a, b in zip(chain, chain[1:], strict=False)]
    return network, chain[0], chain[-1]


def _ladder(rng, relays, most):
    """Two rows of relays, dear above and cheap below, with steps between them; few links above lead far ahead."""
    half = relays // 2
    network = []
    for at in range(half - 1):
        network.append((at, at + 1, rng.randint(most // 2, most)))
        network.append((half + at, half + at + 1, rng.randint(1, most // 3)))
        if rng.random() < 0.3:
            a, b = rng.choice([(at, half + at), (half + at, at)])
            network.append((a, b, rng.randint(0, most // 4)))
        if at % 5 == 0:
            network.append((at, min(at + 4, half - 1), most * 2))
    return [*network, (0, half, 0), (2 * half - 1, half - 1, most // 4)], 0, half - 1


def _bait(rng, relays, most):
    """From each relay of a chain the cheapest link leads aside, to a relay from which the next one is dear."""
    network = []
    for at in range(relays - 2, 0, -2):
        network += [(at + 1, at - 1, most), (at + 1, at, rng.randint(0, most // 4)), (at, at - 1, most * 3)]
    return network, relays - 1, 1


def _parallel(rng, relays, most):
    """Three chains of the same length from 0 to 1; each link is there three times, for different prices."""
    network, inner = [], (relays - 2) // 3
    for first in (2, 2 + inner, 2 + 2 * inner):
        chain = [0, *range(first, first + inner), 1]
        network += [(a, b, rng.randint(1, most)) for a, b in zip(chain, chain[1:], strict=False) for _ in range(3)]
    return network, 0, 1


def _star(rng, relays, most):
    """From 0 to every other relay, and from each of them to 1."""
    others = range(2, relays)
    return [(0, at, rng.randint(0, most)) for at in others] + [(at, 1, rng.randint(0, most)) for at in others], 0, 1


def _exact(rng, relays, most):
    """Pairs of ways of equal length, of which the last link is dearer by 1 on the way that is met first."""
    half = relays // 2
    network = []
    for at in range(1, half - 1):
        price = most - rng.randrange(3)
        network += [(at, at + 1, price), (half + at, half + at + 1, price)]
    dearer = rng.randrange(2)
    network += [(0, 1, most), (0, half + 1, most), (half - 1, half, dearer), (2 * half - 1, half, 1 - dearer)]
    return network, 0, half


def _against(rng, relays, links, most):
    """All links from lower to higher relays; the way asked for leads from a higher one to a lower one."""
    pairs = [sorted(rng.sample(range(relays), 2)) for _ in range(links)]
    chain = list(zip(range(relays - 1), range(1, relays), strict=True))
    return [(a, b, rng.randint(0, most)) for a, b in [*pairs, *chain]], relays - 1, 0


def _chain(rng, relays, most):
    return [(at, at + 1, rng.randint(0, most)) for at in range(relays - 1)], 0, relays - 1
